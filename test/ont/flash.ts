/** The flash of an ONT on the bench: what a power cut leaves, and how operations change it. */
import { crc32 } from "../../base/kernel/crc32.ts";
import { factoryRecord, type BootRecord, type FlashFinding, type FlashOperation } from "../../ont/index.ts";
import { factoryImage, testImage } from "./images.ts";

/** What a power cut leaves. */
export interface TestFlash {
  record: BootRecord;
  slots: [Uint8Array, Uint8Array];
}

export const newFlash = (record: BootRecord = factoryRecord(factoryImage)): TestFlash => ({
  record,
  slots: [testImage(100, 7), new Uint8Array(0)],
});

/** @returns what was found, where something was looked for */
export function carryOut(flash: TestFlash, operation: FlashOperation): FlashFinding | undefined {
  switch (operation.kind) {
    case "eraseSlot":
      flash.slots[operation.slot] = new Uint8Array(0);
      return undefined;
    case "writeSlot": {
      const { slot, offsetBytes, bytes } = operation;
      const grown = new Uint8Array(Math.max(flash.slots[slot].length, offsetBytes + bytes.length));
      grown.set(flash.slots[slot]);
      grown.set(bytes, offsetBytes);
      flash.slots[slot] = grown;
      return undefined;
    }
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
    case "writeBootRecord":
      if (operation.record.sequence <= flash.record.sequence)
        throw new Error("the boot record's sequence stands still");
      flash.record = structuredClone(operation.record);
      return undefined;
  }
}
