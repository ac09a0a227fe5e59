/** The flash of an ONT on the bench: what a power cut leaves, and how operations change it. */
import { crc32 } from "../../base/kernel/crc32.ts";
import {
  configFactsOf,
  factoryRecord,
  type BootRecord,
  type FlashFinding,
  type FlashOperation,
  migratedConfiguration,
} from "../../ont/index.ts";
import { DELTA_BLOCK_BYTES, rebuiltBytes } from "./deltas.ts";
import { factoryImage, testImage } from "./images.ts";

/** What a power cut leaves. */
export interface TestFlash {
  record: BootRecord;
  /** Slots 0 and 1, and behind them the staging area. */
  slots: [Uint8Array, Uint8Array, Uint8Array];
  configs?: [Uint8Array | null, Uint8Array | null];
  /** Blocks of the image that the open delta makes; what is open does not outlive a power cut. */
  blocks?: number;
}

export const newFlash = (record: BootRecord = factoryRecord(factoryImage)): TestFlash => ({
  record,
  slots: [testImage(100, 7), new Uint8Array(0), new Uint8Array(0)],
  configs: [null, null],
});

function write(flash: TestFlash, slot: 0 | 1 | 2, offsetBytes: number, bytes: Uint8Array): void {
  const grown = new Uint8Array(Math.max(flash.slots[slot].length, offsetBytes + bytes.length));
  grown.set(flash.slots[slot]);
  grown.set(bytes, offsetBytes);
  flash.slots[slot] = grown;
}

/** @returns what was found, where something was looked for */
export function carryOut(flash: TestFlash, operation: FlashOperation): FlashFinding | undefined {
  switch (operation.kind) {
    case "eraseSlot":
      flash.slots[operation.slot] = new Uint8Array(0);
      return undefined;
    case "writeSlot":
      write(flash, operation.slot, operation.offsetBytes, operation.bytes);
      return undefined;
    case "readSlot": {
      const { slot, offsetBytes, lengthBytes } = operation;
      return flash.slots[slot].slice(offsetBytes, offsetBytes + lengthBytes);
    }
    case "syncSlot":
      return undefined;
    case "checkSlot": {
      const { slot, image } = operation;
      const content = flash.slots[slot].subarray(0, image.imageBytes);
      return content.length === image.imageBytes && crc32(content) === image.crc32;
    }
    case "openDelta":
      flash.blocks = Math.ceil(operation.delta.targetBytes / DELTA_BLOCK_BYTES);
      return flash.blocks;
    case "rebuildBlock": {
      const { slot, from, block } = operation;
      if (block >= (flash.blocks ?? 0)) return false;
      write(flash, slot, block * DELTA_BLOCK_BYTES, rebuiltBytes(flash.slots[2], flash.slots[from], block));
      return true;
    }
    case "keepBlocks": {
      const { slot } = operation;
      const isWhole = (block: number): boolean => {
        const from = block * DELTA_BLOCK_BYTES;
        const there = flash.slots[slot].subarray(from, from + DELTA_BLOCK_BYTES);
        return Buffer.compare(there, rebuiltBytes(flash.slots[2], flash.slots[1 - slot]!, block)) === 0;
      };
      let blocks = 0;
      while (blocks < operation.blocks && isWhole(blocks)) blocks++;
      flash.slots[slot] = flash.slots[slot].slice(0, blocks * DELTA_BLOCK_BYTES);
      return blocks;
    }
    case "migrateConfig": {
      const { slot, from, migration } = operation;
      const { configs = [null, null] } = flash;
      const made = migratedConfiguration(configs[from]!, migration);
      if ("problem" in made) return made;
      configs[slot] = made.bytes;
      return { config: configFactsOf(made.bytes) };
    }
    case "writeBootRecord":
      if (operation.record.sequence <= flash.record.sequence)
        throw new Error("the boot record's sequence stands still");
      flash.record = structuredClone(operation.record);
      return undefined;
  }
}
