/** The two images of figure 9.1.4-1: their flags, their states, and which command each allows. */
import type { BootRecord, ImageFlags, Slot } from "./types.ts";

/** Boots of one image that may fail in a row before the ONT falls back to the other. */
export const BOOT_ATTEMPTS_MAX = 3;

/** States of figure 9.1.4-1; the primed ones are the same with the two images exchanged. */
export type ImageState = "S1" | "S2" | "S3" | "S4" | "S1'" | "S2'" | "S3'" | "S4'";

/** The staging area as an area of the flash. */
export const STAGING = 2;

export const otherSlot = (slot: Slot): Slot => (slot === 0 ? 1 : 0);

/**
 * The flags of both images. They are never stored on their own: committed and valid come from the boot record, active
 * from the slot that runs, so that no sequence of commands can make two images committed or two active (G.988 9.1.4).
 */
export function flagsOf(record: BootRecord, running: Slot | null): [ImageFlags, ImageFlags] {
  const flags = (slot: Slot): ImageFlags => ({
    committed: record.committed === slot,
    active: running === slot,
    valid: record.slots[slot] !== null,
  });
  return [flags(0), flags(1)];
}

/** The slot a download may fill: neither active nor committed; null in S4 and S4', where both are in use. */
export function downloadableSlot(record: BootRecord, running: Slot): Slot | null {
  const candidate = otherSlot(running);
  return record.committed === candidate ? null : candidate;
}

/** Start: an existing instance that is neither active nor committed (G.988 9.1.4). */
export const startIsLegal = (record: BootRecord, running: Slot, slot: Slot): boolean =>
  downloadableSlot(record, running) === slot;

/** Whether a boot loader may fill the slot: its image is not the one that the ONT boots by. */
export const isRecoverable = (record: BootRecord, slot: Slot): boolean =>
  record.slots[slot] === null || record.committed !== slot || record.committedFailures >= BOOT_ATTEMPTS_MAX;

/** Activate and Commit: a valid image, whether active, committed or not (G.988 9.1.4). */
export const isValid = (record: BootRecord, slot: Slot): boolean => record.slots[slot] !== null;

/** Name of the state in figure 9.1.4-1; `downloading` tells S1 from S2, whose flags are equal. */
export function imageStateOf(record: BootRecord, running: Slot, downloading: boolean): ImageState {
  const prime = record.committed === 1 ? "'" : "";
  if (record.committed !== running) return `S4${prime}`;
  if (record.slots[otherSlot(running)] !== null) return `S3${prime}`;
  return downloading ? `S2${prime}` : `S1${prime}`;
}

/** Instance 0x0000 or 0x0001 as a slot; null for any other (location byte 0 = the ONT itself, image byte 0 or 1). */
export const slotOfInstance = (instanceId: number): Slot | null =>
  instanceId === 0 || instanceId === 1 ? instanceId : null;
