/**
 * The flash of an ONT in virtual time: what it holds, how long operations take, and what is left when one is cut off.
 */
import type { BootRecord, FlashFinding, FlashOperation, Slot, StoredImage } from "../../ont/core/types.ts";
import { type SharedImages, SlotContent } from "./slot-content.ts";

/** What an ONT's storage takes for its operations. */
export interface FlashTiming {
  eraseNs: number;
  writeBytesPerSecond: number;
  /** Reading back and checking a slot. */
  verifyBytesPerSecond: number;
  /** Looking once more whether a slot holds its image. */
  checkNs: number;
}

/** Writing one page with the boot record, and a copy in the other bank. */
export const BOOT_RECORD_NS = 1_000_000;

/** An operation on its way into the flash; its bytes are taken already. */
export interface FlashJob {
  id: number;
  kind: FlashOperation["kind"];
  durationNs: number;
  slot: Slot;
  atBytes: number;
  lengthBytes: number;
  source: Buffer;
  sourceAt: number;
  /** The boot record to write; records never change, so that it is kept as it is. */
  record: BootRecord | undefined;
  /** What a slot is held against. */
  image: StoredImage | null;
}

const NOTHING = Buffer.alloc(0);

/**
 * The storage of one ONT: two slots and a boot record in two banks. It survives the ONT's core as flash survives a power
 * cut, and a cut in the middle of an operation leaves half of it: part of a slot erased or written, a bank that is not
 * whole.
 */
export class VirtualFlash {
  readonly slots: readonly [SlotContent, SlotContent];
  readonly #timing: FlashTiming;
  /** What a boot loader reads in each bank: a record, or undefined where the digest behind it says that it is not whole. */
  readonly #banks: [BootRecord | undefined, BootRecord | undefined] = [undefined, undefined];
  #newest: 0 | 1 = 0;

  constructor(shared: SharedImages, timing: FlashTiming) {
    this.#timing = timing;
    this.slots = [new SlotContent(shared), new SlotContent(shared)];
  }

  /** As it leaves the factory. */
  install(record: BootRecord, images: readonly [Uint8Array | null, Uint8Array | null]): void {
    images.forEach((image, slot) => {
      if (image === null) return;
      const content = this.slots[slot as Slot];
      content.write(0, image.length, content.capture(0, image), 0);
    });
    this.#writeRecord(record, 1);
  }

  /** Takes an operation of the core; nothing changes before `carryOut`. */
  accept(operation: FlashOperation): FlashJob {
    const { id, kind } = operation;
    const { eraseNs, writeBytesPerSecond, verifyBytesPerSecond, checkNs } = this.#timing;
    const job: FlashJob = {
      id,
      kind,
      durationNs: 0,
      slot: 0,
      atBytes: 0,
      lengthBytes: 0,
      source: NOTHING,
      sourceAt: 0,
      record: undefined,
      image: null,
    };
    switch (kind) {
      case "eraseSlot":
        job.slot = operation.slot;
        job.durationNs = eraseNs;
        break;
      case "writeSlot": {
        const { slot, offsetBytes, bytes } = operation;
        job.slot = slot;
        job.atBytes = offsetBytes;
        job.lengthBytes = bytes.length;
        job.source = this.slots[slot].capture(offsetBytes, bytes);
        // A shared image has the bytes at their own offset, a copy at its beginning.
        job.sourceAt = this.slots[slot].isShared(job.source) ? offsetBytes : 0;
        job.durationNs = durationNs(bytes.length, writeBytesPerSecond);
        break;
      }
      case "readSlot":
        job.slot = operation.slot;
        job.atBytes = operation.offsetBytes;
        job.lengthBytes = operation.lengthBytes;
        job.durationNs = durationNs(operation.lengthBytes, verifyBytesPerSecond);
        break;
      case "syncSlot":
        job.slot = operation.slot;
        job.durationNs = durationNs(operation.imageBytes, verifyBytesPerSecond);
        break;
      case "checkSlot":
        job.slot = operation.slot;
        job.image = operation.image;
        job.durationNs = checkNs;
        break;
      case "writeBootRecord":
        job.record = operation.record;
        job.durationNs = BOOT_RECORD_NS;
        break;
    }
    return job;
  }

  /** @param share 1, or less when the power went: so much of it was done */
  carryOut(job: FlashJob, share: number): void {
    const content = this.slots[job.slot];
    switch (job.kind) {
      case "eraseSlot":
        return content.erase(share === 1 ? Infinity : Math.floor(content.lengthBytes * share));
      case "writeSlot":
        return content.write(job.atBytes, Math.floor(job.lengthBytes * share), job.source, job.sourceAt);
      case "readSlot":
      case "syncSlot":
      case "checkSlot":
        return;
      case "writeBootRecord":
        return this.#writeRecord(job.record, share);
    }
  }

  /** What an operation that looks has found. */
  findingOf({ kind, slot, atBytes, lengthBytes, image }: FlashJob): FlashFinding | undefined {
    const content = this.slots[slot];
    if (kind === "readSlot") return content.read(lengthBytes, atBytes);
    if (kind !== "checkSlot" || image === null) return undefined;
    return content.lengthBytes >= image.imageBytes && content.sha256Of(image.imageBytes) === image.sha256;
  }

  /**
   * The newest boot record that is whole.
   *
   * @throws Error when none is: the ONT is bricked
   */
  readRecord(): BootRecord {
    const [first, second] = this.#banks;
    const isFirst = second === undefined || (first !== undefined && first.sequence >= second.sequence);
    const newest = isFirst ? first : second;
    if (newest === undefined) throw new Error("no whole boot record");
    return newest;
  }

  /**
   * Always into the bank that does not hold the valid record, so that a cut leaves that one whole.
   *
   * @param record undefined = no record at all
   */
  #writeRecord(record: BootRecord | undefined, share: number): void {
    const bank = this.#newest === 0 ? 1 : 0;
    this.#banks[bank] = share === 1 ? record : undefined;
    if (share === 1) this.#newest = bank;
  }
}

const durationNs = (bytes: number, bytesPerSecond: number): number => Math.ceil((bytes * 1e9) / bytesPerSecond);
