/**
 * The flash of an ONT in virtual time: what it holds, how long operations take, and what is left when one is cut off.
 */
import type { DeltaFacts } from "../../image/index.ts";
import type { BootRecord, FlashArea, FlashFinding, FlashOperation, Slot, StoredImage } from "../../ont/core/types.ts";
import { type MigratedConfiguration, migratedConfiguration, STAGING, type StagedDelta } from "../../ont/index.ts";
import { type SharedBlock, SharedRebuilds } from "./shared-rebuilds.ts";
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
  slot: FlashArea;
  atBytes: number;
  lengthBytes: number;
  source: Buffer;
  sourceAt: number;
  /** The other slot, of what is made from that. */
  from: Slot;
  /** Of a rebuild; how many, where they are looked at. */
  block: number;
  migration: string;
  delta: DeltaFacts | undefined;
  /** Of a block, once it is rebuilt; null where the delta does not make it. */
  made: SharedBlock | null | undefined;
  /** The boot record to write; records never change, so that it is kept as it is. */
  record: BootRecord | undefined;
  /** What a slot is held against. */
  image: StoredImage | null;
}

const NOTHING = Buffer.alloc(0);

/** A delta that is open, for the blocks to be rebuilt from it. */
interface OpenDelta {
  staged: StagedDelta;
  deltaBytes: number;
  baseBytes: number;
}

/**
 * The storage of one ONT: two slots with their configurations, a staging area, and a boot record in two banks. It survives the ONT's core as flash survives a power
 * cut, and a cut in the middle of an operation leaves half of it: part of a slot erased or written, a bank that is not
 * whole.
 */
export class VirtualFlash {
  readonly slots: readonly [SlotContent, SlotContent];
  /** Where a delta lies until it is applied. */
  readonly staging: SlotContent;
  /** Of each slot; null where none was ever written. */
  readonly configs: [Uint8Array | null, Uint8Array | null] = [null, null];
  readonly #rebuilds: SharedRebuilds;
  #delta: OpenDelta | null = null;
  readonly #timing: FlashTiming;
  /** What a boot loader reads in each bank: a record, or undefined where the digest behind it says that it is not whole. */
  readonly #banks: [BootRecord | undefined, BootRecord | undefined] = [undefined, undefined];
  #newest: 0 | 1 = 0;

  constructor(shared: SharedImages, timing: FlashTiming, rebuilds = new SharedRebuilds(shared)) {
    this.#timing = timing;
    this.#rebuilds = rebuilds;
    this.slots = [new SlotContent(shared), new SlotContent(shared)];
    this.staging = new SlotContent(shared);
  }

  #contentOf(area: FlashArea): SlotContent {
    return area === STAGING ? this.staging : this.slots[area];
  }

  /** As it leaves the factory. */
  install(
    record: BootRecord,
    images: readonly [Uint8Array | null, Uint8Array | null],
    configuration?: Uint8Array,
  ): void {
    if (configuration !== undefined) this.configs[record.committed] = configuration;
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
      slot: "slot" in operation ? operation.slot : 0,
      atBytes: 0,
      lengthBytes: 0,
      source: NOTHING,
      sourceAt: 0,
      from: 0,
      block: 0,
      migration: "",
      delta: undefined,
      made: undefined,
      record: undefined,
      image: null,
    };
    switch (kind) {
      case "eraseSlot":
        job.durationNs = eraseNs;
        break;
      case "writeSlot": {
        const { slot, offsetBytes, bytes } = operation;
        job.atBytes = offsetBytes;
        job.lengthBytes = bytes.length;
        const content = this.#contentOf(slot);
        job.source = content.capture(offsetBytes, bytes);
        // A shared image has the bytes at their own offset, a copy at its beginning.
        job.sourceAt = content.isShared(job.source) ? offsetBytes : 0;
        job.durationNs = durationNs(bytes.length, writeBytesPerSecond);
        break;
      }
      case "readSlot":
        job.atBytes = operation.offsetBytes;
        job.lengthBytes = operation.lengthBytes;
        job.durationNs = durationNs(operation.lengthBytes, verifyBytesPerSecond);
        break;
      case "syncSlot":
        job.durationNs = durationNs(operation.imageBytes, verifyBytesPerSecond);
        break;
      case "checkSlot":
        job.image = operation.image;
        job.durationNs = checkNs;
        break;
      case "openDelta":
        job.slot = STAGING;
        job.lengthBytes = operation.deltaBytes;
        job.delta = operation.delta;
        job.durationNs = checkNs;
        break;
      case "rebuildBlock": {
        job.from = operation.from;
        job.block = operation.block;
        const cost = this.#delta?.staged.costOf(operation.block) ?? { readBytes: 0, writtenBytes: 0 };
        job.durationNs =
          durationNs(cost.readBytes, verifyBytesPerSecond) + durationNs(cost.writtenBytes, writeBytesPerSecond);
        break;
      }
      case "keepBlocks":
        job.block = operation.blocks;
        job.durationNs = durationNs(this.#bytesOf(operation.blocks), verifyBytesPerSecond) + eraseNs;
        break;
      case "migrateConfig":
        job.from = operation.from;
        job.migration = operation.migration;
        job.durationNs = BOOT_RECORD_NS;
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
    const content = this.#contentOf(job.slot);
    switch (job.kind) {
      case "eraseSlot":
        return content.erase(share === 1 ? Infinity : Math.floor(content.lengthBytes * share));
      case "writeSlot":
        return content.write(job.atBytes, Math.floor(job.lengthBytes * share), job.source, job.sourceAt);
      case "readSlot":
      case "syncSlot":
      case "checkSlot":
      case "openDelta":
        return;
      case "rebuildBlock":
        return this.#rebuild(job, content, share);
      case "keepBlocks": {
        const keptBytes = this.#bytesOf(this.#wholeBlocks(job));
        return content.erase(keptBytes + Math.floor((content.lengthBytes - keptBytes) * share), keptBytes);
      }
      case "migrateConfig":
        return this.#migrate(job, share);
      case "writeBootRecord":
        return this.#writeRecord(job.record, share);
    }
  }

  /** What an operation that looks, or makes something, has found. */
  findingOf(job: FlashJob): FlashFinding | undefined {
    const { kind, slot, atBytes, lengthBytes, image } = job;
    const content = this.#contentOf(slot);
    switch (kind) {
      case "readSlot":
        return content.read(lengthBytes, atBytes);
      case "checkSlot":
        if (image === null) return undefined;
        return content.lengthBytes >= image.imageBytes && content.sha256Of(image.imageBytes) === image.sha256;
      case "openDelta":
        return this.#open(job);
      case "rebuildBlock":
        return job.made !== null && job.made !== undefined;
      case "keepBlocks":
        return this.#wholeBlocks(job);
      case "migrateConfig": {
        const made = this.#migrated(job);
        return "config" in made ? { config: made.config } : made;
      }
      case "eraseSlot":
      case "writeSlot":
      case "syncSlot":
      case "writeBootRecord":
        return undefined;
    }
  }

  #open({ lengthBytes, delta }: FlashJob): number {
    const staged = delta === undefined ? null : this.#rebuilds.open(this.staging, lengthBytes, delta);
    this.#delta = staged && { staged, deltaBytes: lengthBytes, baseBytes: delta?.baseBytes ?? 0 };
    return staged?.blocks ?? 0;
  }

  readonly #bytesOf = (blocks: number): number => this.#delta?.staged.bytesOf(blocks) ?? 0;

  #wholeBlocks({ slot, block }: FlashJob): number {
    const content = this.#contentOf(slot);
    return this.#delta?.staged.wholeBlocks(block, (at, length) => content.read(length, at)) ?? 0;
  }

  #blockOf({ from, block }: FlashJob): SharedBlock | null {
    if (this.#delta === null) return null;
    const { staged, deltaBytes, baseBytes } = this.#delta;
    const { staging, slots } = this;
    return this.#rebuilds.rebuild(staged, block, { staging, deltaBytes, base: slots[from], baseBytes });
  }

  #rebuild(job: FlashJob, content: SlotContent, share: number): void {
    const made = this.#blockOf(job);
    job.made = made;
    if (made !== null) content.write(made.atBytes, Math.floor(made.lengthBytes * share), made.source, made.sourceAt);
  }

  #migrated({ from, migration }: FlashJob): MigratedConfiguration {
    const old = this.configs[from];
    return old === null ? { problem: "no configuration" } : migratedConfiguration(old, migration);
  }

  /** A cut in its middle leaves a part of the new one; that of the image that runs is only read. */
  #migrate(job: FlashJob, share: number): void {
    const made = this.#migrated(job);
    if (job.slot === STAGING || !("bytes" in made)) return;
    this.configs[job.slot] = made.bytes.subarray(0, Math.floor(made.bytes.length * share));
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
