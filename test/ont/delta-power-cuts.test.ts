/** The power goes in an update by a delta: at every operation of virtual flash, and at every file call of the slot store. */
import { describe, expect, it } from "vitest";
import { type BootRecord, configFactsOf, type FlashOperation, STAGING } from "../../ont/index.ts";
import { createFactoryState, readBootRecord, SlotStore } from "../../ont/process/slots.ts";
import { createStream } from "../../pon/random.ts";
import { SharedImages, VirtualFlash } from "../../run/virtual/index.ts";
import {
  BLOCK_BYTES,
  BLOCKS,
  configuration,
  deltaBundle,
  newBundle,
  newConfiguration,
  newImage,
  oldBundle,
  oldRecord,
} from "./delta-bundles.ts";
import { type Answered, updateByDelta } from "./delta-update.ts";
import { type Losses, LossyFiles, PowerCut } from "./lossy-files.ts";

const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** What storage holds after a cut, wherever it is. */
interface Left {
  record: BootRecord;
  slot: (slot: 0 | 1, lengthBytes: number) => Uint8Array;
  staging: (lengthBytes: number) => Uint8Array;
  config: (slot: 0 | 1) => Uint8Array;
}

/** Held against what it says; the old image and its configuration are there to the byte, whatever happened. */
function look({ record, slot, staging, config }: Left, answered: ReadonlySet<Answered>): void {
  expect(record.slots[0]).toEqual(oldRecord.slots[0]);
  expect(same(slot(0, oldBundle.length), oldBundle)).toBe(true);
  expect(same(config(0), configuration)).toBe(true);
  if (record.slots[1] !== null) {
    expect(record.slots[1]).toEqual(newImage);
    expect(same(slot(1, newBundle.length), newBundle)).toBe(true);
    expect(record.configs![1]).toEqual(configFactsOf(config(1)));
    expect(JSON.parse(Buffer.from(config(1)).toString())).toEqual(newConfiguration);
  }
  if (record.partial) {
    expect(record.partial.slot).toBe(STAGING);
    const staged = staging(deltaBundle.length);
    for (const { from, to } of record.partial.held)
      expect(same(staged.subarray(from, to), deltaBundle.subarray(from, to))).toBe(true);
    const rebuiltBytes = Math.min(newBundle.length, blocksIn(record) * BLOCK_BYTES);
    expect(same(slot(1, rebuiltBytes).subarray(0, rebuiltBytes), newBundle.subarray(0, rebuiltBytes))).toBe(true);
  }
  if (answered.has("stored")) expect(record.slots[1]).not.toBeNull();
  if (answered.has("committed")) expect(record.committed).toBe(1);
}

/** Blocks that need not be made again. */
const blocksIn = ({ partial, slots }: BootRecord): number =>
  slots[1] === null ? (partial?.rebuilt?.blocks ?? 0) : BLOCKS;
const rebuildsIn = (kinds: readonly FlashOperation["kind"][]): number =>
  kinds.filter((kind) => kind === "rebuildBlock").length;

const ALL = new Set<Answered>(["stored", "activated", "committed"]);

describe("in virtual time", () => {
  const timing = { eraseNs: 1, writeBytesPerSecond: 1e9, verifyBytesPerSecond: 1e9, checkNs: 1 };
  const shared = new SharedImages([deltaBundle, oldBundle, newBundle]);

  function fresh(isShared: boolean): VirtualFlash {
    const flash = new VirtualFlash(isShared ? shared : new SharedImages([]), timing);
    flash.install(oldRecord, [oldBundle, null], configuration);
    return flash;
  }

  const leftIn = (flash: VirtualFlash): Left => ({
    record: flash.readRecord(),
    slot: (slot, lengthBytes) => flash.slots[slot].read(lengthBytes),
    staging: (lengthBytes) => flash.staging.read(lengthBytes),
    config: (slot) => flash.configs[slot]!,
  });

  /** One life. @returns kinds of the operations so far */
  function live(
    flash: VirtualFlash,
    cut: { operation: number; share: number } | undefined,
    answered: Set<Answered>,
  ): FlashOperation["kind"][] {
    const kinds: FlashOperation["kind"][] = [];
    const record = flash.readRecord();
    // What the boot loader forgets at power-on it forgets in the flash as well.
    updateByDelta(
      record,
      (operation) => {
        const job = flash.accept(operation);
        const isCut = kinds.push(operation.kind) - 1 === cut?.operation;
        if (!isCut || cut.share > 0) flash.carryOut(job, isCut ? cut.share : 1);
        if (isCut) throw new PowerCut();
        return flash.findingOf(job);
      },
      answered,
    );
    return kinds;
  }

  it.each([
    [true, [0, 0.5, 1]],
    [false, [0.5]],
  ])("each operation, before, torn and after; memory shared: %s", (isShared, shares) => {
    const kinds = live(fresh(isShared), undefined, new Set());
    expect(kinds.slice(0, 1)).toEqual(["eraseSlot"]);
    expect(new Set(kinds)).toEqual(
      new Set([
        "eraseSlot",
        "writeSlot",
        "writeBootRecord",
        "checkSlot",
        "openDelta",
        "rebuildBlock",
        "readSlot",
        "syncSlot",
        "migrateConfig",
      ]),
    );
    const seen = { partial: 0, valid: 0, blocks: new Set<number>() };
    for (const operation of kinds.keys())
      for (const share of shares) {
        const flash = fresh(isShared);
        const answered = new Set<Answered>();
        expect(() => live(flash, { operation, share }, answered)).toThrow(PowerCut);
        look(leftIn(flash), answered);
        const { slots, partial } = flash.readRecord();
        if (slots[1] !== null) seen.valid++;
        else if (partial) seen.partial++;
        const left = blocksIn(flash.readRecord());
        seen.blocks.add(left);
        expect(rebuildsIn(live(flash, undefined, answered))).toBe(BLOCKS - left);
        expect(answered).toEqual(ALL);
        look(leftIn(flash), answered);
      }
    expect(seen.partial).toBeGreaterThan(10);
    expect(seen.valid).toBeGreaterThan(4);
    expect([...seen.blocks]).toEqual(Array.from({ length: BLOCKS + 1 }, (_, blocks) => blocks));
  });

  it("a second cut, at each operation of the rebuild that goes on", () => {
    const kinds = live(fresh(true), undefined, new Set());
    const rebuilds = kinds.flatMap((kind, at) => (kind === "rebuildBlock" ? [at] : []));
    // In a block, between it and its record, and behind the last one.
    for (const first of [rebuilds[0]!, rebuilds[2]!, rebuilds[2]! + 1, rebuilds.at(-1)! + 2]) {
      const cutOnce = (): VirtualFlash => {
        const flash = fresh(true);
        expect(() => live(flash, { operation: first, share: 0.5 }, new Set())).toThrow(PowerCut);
        return flash;
      };
      const second = live(cutOnce(), undefined, new Set());
      // All is held: no section is written again.
      expect(second).not.toContain("writeSlot");
      expect(second.includes("keepBlocks")).toBe(first > rebuilds[0]! + 1);
      for (const operation of second.keys())
        for (const share of first === rebuilds[2] ? [0, 0.5, 1] : [0.5]) {
          const flash = cutOnce();
          const before = blocksIn(flash.readRecord());
          const answered = new Set<Answered>();
          expect(() => live(flash, { operation, share }, answered)).toThrow(PowerCut);
          look(leftIn(flash), answered);
          const left = blocksIn(flash.readRecord());
          expect(left).toBeGreaterThanOrEqual(before);
          expect(rebuildsIn(live(flash, undefined, answered))).toBe(BLOCKS - left);
          look(leftIn(flash), ALL);
        }
    }
  });
});

describe("on disk", () => {
  const FOLDER = "/state/onts/1";

  function fresh(): LossyFiles {
    const files = new LossyFiles();
    createFactoryState(FOLDER, oldBundle, oldRecord, "fsync", { fs: files.fs, configuration });
    return files.afterCut({ nameChanges: 0, data: "lost" });
  }

  function live(files: LossyFiles, answered: Set<Answered>): FlashOperation["kind"][] {
    const kinds: FlashOperation["kind"][] = [];
    const store = new SlotStore(FOLDER, "fsync", files.fs);
    updateByDelta(
      readBootRecord(FOLDER, files.fs)!,
      (operation) => {
        let failure: Error | null = null;
        let found: ReturnType<Parameters<typeof updateByDelta>[1]>;
        kinds.push(operation.kind);
        store.carryOut(operation, (error, _id, finding) => {
          failure = error;
          found = finding;
        });
        if (failure !== null) throw failure;
        return found;
      },
      answered,
    );
    store.close();
    return kinds;
  }

  const leftIn = (files: LossyFiles): Left => ({
    record: readBootRecord(FOLDER, files.fs)!,
    slot: (slot) => files.read(`${FOLDER}/slot${slot}.img`),
    staging: () => files.read(`${FOLDER}/staging.img`),
    config: (slot) => files.read(`${FOLDER}/config${slot}.json`),
  });

  /** Every kind of loss for so many name changes. */
  function* losses(nameChanges: number): Generator<Losses> {
    for (let changes = 0; changes <= nameChanges; changes++)
      for (const data of ["lost", "kept", createStream(changes, "a")] as const) yield { nameChanges: changes, data };
  }

  it("each file call, whatever of it is lost, and then the update goes through", () => {
    const whole = fresh();
    live(whole, new Set());
    expect(whole.calls).toBeGreaterThan(60);
    for (let cutAt = 0; cutAt < whole.calls; cutAt++) {
      const files = fresh();
      files.cutAt = cutAt;
      const answered = new Set<Answered>();
      expect(() => live(files, answered)).toThrow(PowerCut);
      let number = 0;
      for (const loss of losses(files.unsyncedNames(FOLDER))) {
        const left = files.afterCut(loss);
        look(leftIn(left), answered);
        if (number++ > 0 || cutAt % 5 !== 0) continue;
        const again = new Set<Answered>();
        const blocks = blocksIn(leftIn(left).record);
        expect(rebuildsIn(live(left, again))).toBe(BLOCKS - blocks);
        expect(again).toEqual(ALL);
        look(leftIn(left.afterCut({ nameChanges: 0, data: "lost" })), ALL);
      }
    }
  });

  it("each file call of a rebuild that goes on, whatever of it is lost", () => {
    const certain = { nameChanges: 0, data: "lost" } as const;
    const cutIn = (cutAt: number, files: LossyFiles): LossyFiles => {
      files.cutAt = cutAt;
      expect(() => live(files, new Set())).toThrow(PowerCut);
      return files;
    };
    // Behind the first call by which three blocks are certain.
    let first = fresh();
    for (let cutAt = 60; blocksIn(leftIn(first).record) < 3; cutAt++) first = cutIn(cutAt, fresh()).afterCut(certain);
    const again = (): LossyFiles => first.afterCut(certain);
    const whole = again();
    expect(live(whole, new Set())).toContain("keepBlocks");
    for (let cutAt = 0; cutAt < whole.calls; cutAt++) {
      const files = cutIn(cutAt, again());
      for (const loss of losses(files.unsyncedNames(FOLDER))) {
        const left = files.afterCut(loss);
        look(leftIn(left), new Set());
        const blocks = blocksIn(leftIn(left).record);
        expect(blocks).toBeGreaterThanOrEqual(3);
        if (cutAt % 3 !== 0) continue;
        const answered = new Set<Answered>();
        expect(rebuildsIn(live(left, answered))).toBe(BLOCKS - blocks);
        expect(answered).toEqual(ALL);
        look(leftIn(left.afterCut(certain)), ALL);
      }
    }
  });
});
