/** The flash of an ONT on the bench: what a power cut leaves, and how operations change it. */
import { factoryRecord, type BootRecord, type FlashOperation } from "../../ont/index.ts";
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

/** @returns what was read, where something was */
export function carryOut(flash: TestFlash, operation: FlashOperation): Uint8Array | undefined {
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
    case "writeBootRecord":
      if (operation.record.sequence <= flash.record.sequence)
        throw new Error("the boot record's sequence stands still");
      flash.record = structuredClone(operation.record);
      return undefined;
  }
}
