/** The power goes in an update by a delta: at every operation of virtual flash, and at every file call of the slot store. */
import { describe, expect, it } from "vitest";
import { type BootRecord, configFactsOf, type FlashOperation, STAGING } from "../../ont/index.ts";
import { createFactoryState, readBootRecord, SlotStore } from "../../ont/process/slots.ts";
import { createStream } from "../../pon/random.ts";
import { SharedImages, VirtualFlash } from "../../run/virtual/index.ts";
import {
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
  }
  if (answered.has("stored")) expect(record.slots[1]).not.toBeNull();
  if (answered.has("committed")) expect(record.committed).toBe(1);
}

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
    const seen = { partial: 0, valid: 0 };
    for (const operation of kinds.keys())
      for (const share of shares) {
        const flash = fresh(isShared);
        const answered = new Set<Answered>();
        expect(() => live(flash, { operation, share }, answered)).toThrow(PowerCut);
        look(leftIn(flash), answered);
        const { slots, partial } = flash.readRecord();
        if (slots[1] !== null) seen.valid++;
        else if (partial) seen.partial++;
        live(flash, undefined, answered);
        expect(answered).toEqual(ALL);
        look(leftIn(flash), answered);
      }
    expect(seen.partial).toBeGreaterThan(10);
    expect(seen.valid).toBeGreaterThan(4);
  });

  it("a second cut in the rebuild that began again", () => {
    const kinds = live(fresh(true), undefined, new Set());
    const [first, last] = [kinds.indexOf("rebuildBlock"), kinds.lastIndexOf("rebuildBlock")];
    for (const operation of [first, last]) {
      const flash = fresh(true);
      expect(() => live(flash, { operation, share: 0.5 }, new Set())).toThrow(PowerCut);
      // All is held: the second life has no sections to write.
      expect(() => live(flash, { operation: 4, share: 0.5 }, new Set())).toThrow(PowerCut);
      look(leftIn(flash), new Set());
      live(flash, undefined, new Set());
      look(leftIn(flash), ALL);
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

  function live(files: LossyFiles, answered: Set<Answered>): void {
    const store = new SlotStore(FOLDER, "fsync", files.fs);
    updateByDelta(
      readBootRecord(FOLDER, files.fs)!,
      (operation) => {
        let failure: Error | null = null;
        let found: ReturnType<Parameters<typeof updateByDelta>[1]>;
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
        live(left, again);
        expect(again).toEqual(ALL);
        look(leftIn(left.afterCut({ nameChanges: 0, data: "lost" })), ALL);
      }
    }
  });
});
