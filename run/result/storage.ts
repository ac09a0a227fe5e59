/** What the flash of an ONT says at the end of a run: from its boot record and its slots, not from what its core says. */
import type { BootRecord, Slot } from "../../ont/core/types.ts";
import { lineOf } from "../errors.ts";
import type { OntStorage, SlotContent } from "./types.ts";

/** SHA-256 of what each slot holds, hexadecimal; of slots that are not marked valid nobody asks. */
export type SlotDigests = readonly [string | undefined, string | undefined];

/** Bytes of a slot that its image takes; undefined where the boot record names none. */
export const imageBytesIn = (record: BootRecord, slot: Slot): number | undefined => record.slots[slot]?.imageBytes;

/**
 * Compares every image marked valid with its bytes.
 *
 * @param digests of the first `imageBytesIn` bytes of each slot
 * @param activeSlot what the ONT ran last; undefined = what its boot record says
 */
export function storageOf(record: BootRecord, digests: SlotDigests, activeSlot: Slot | undefined): OntStorage {
  const contentOf = (slot: Slot): SlotContent | null => {
    const image = record.slots[slot];
    const sha256 = digests[slot];
    return image === null || sha256 === undefined ? null : { sha256, version: image.version };
  };
  const slots: OntStorage["slots"] = [contentOf(0), contentOf(1)];
  return {
    activeInstance: activeSlot ?? record.trial?.slot ?? record.committed,
    committedInstance: record.committed,
    slots,
    fault: faultOf(record, slots),
  };
}

/** No boot record, or a slot that cannot be read. */
export const unreadableStorage = (error: unknown, activeSlot: Slot | undefined): OntStorage => ({
  activeInstance: activeSlot ?? 0,
  committedInstance: 0,
  slots: [null, null],
  fault: `flash: ${lineOf(error)}`,
});

function faultOf(record: BootRecord, slots: OntStorage["slots"]): string {
  if (record.slots[record.committed] === null) return `slot ${record.committed} is committed, but not valid`;
  for (const slot of [0, 1] as const) {
    const image = record.slots[slot];
    if (image !== null && slots[slot]?.sha256 !== image.sha256)
      return `slot ${slot} is marked valid, but holds other bytes`;
  }
  return "";
}
