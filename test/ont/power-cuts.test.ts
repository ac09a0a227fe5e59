/** The power goes at each file call of the slot store, and what was not synced is lost: what is left boots, and is what it says. */
import { describe, expect, it } from "vitest";
import { imageIdentity } from "../../omci/index.ts";
import { crc32 } from "../../base/kernel/crc32.ts";
import { type BootRecord, factoryRecord, type Slot } from "../../ont/index.ts";
import { createFactoryState, readBootRecord, SlotStore, writeRecord } from "../../ont/process/slots.ts";
import { createStream } from "../../pon/random.ts";
import { newFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { factoryImage, testImage } from "./images.ts";
import { type Losses, LossyFiles, PowerCut } from "./lossy-files.ts";
import { announce } from "./places.ts";

const FOLDER = "/state/onts/1";
const BUNDLE = "/factory.bundle";
const content = testImage(100, 7);
const record = factoryRecord(factoryImage);
/** More than an ONT takes in before its boot record tells of a part, twice. */
const image = testImage(150_000, 9);
const identity = imageIdentity(crc32(image), image.length, "01");

/** A disk with nothing but the factory image. */
function empty(): LossyFiles {
  const files = new LossyFiles();
  files.put(BUNDLE, content);
  return files;
}

const factory = (files: LossyFiles): void => createFactoryState(FOLDER, BUNDLE, record, "fsync", { fs: files.fs });

/** A disk on which an ONT is that left the factory, its state synced. */
function fresh(): LossyFiles {
  const files = empty();
  factory(files);
  return files.afterCut({ nameChanges: 0, data: "lost" });
}

/** Every kind of loss for so many name changes; mixtures of writes by seeds. */
function* losses(nameChanges: number): Generator<Losses> {
  for (let changes = 0; changes <= nameChanges; changes++)
    for (const data of ["lost", "kept", createStream(changes, "a"), createStream(changes, "b")] as const)
      yield { nameChanges: changes, data };
}

/** Does `work` with the power going at each file call of it in turn, and shows what each cut may leave. */
function cutEverywhere(
  begin: () => LossyFiles,
  work: (files: LossyFiles) => void,
  check: (left: LossyFiles, cutAt: number) => void,
): number {
  const whole = begin();
  work(whole);
  for (let cutAt = 0; cutAt < whole.calls; cutAt++) {
    const files = begin();
    files.cutAt = cutAt;
    expect(() => work(files)).toThrow(PowerCut);
    for (const loss of losses(files.unsyncedNames(FOLDER))) check(files.afterCut(loss), cutAt);
  }
  return whole.calls;
}

describe("the boot record", () => {
  it("is the old or the new one, and the ONT goes on from there", () => {
    const newer: BootRecord = { ...record, sequence: 3, trial: { slot: 1, attempts: 1 } };
    const seen = new Set<number>();
    const calls = cutEverywhere(
      () => {
        const files = fresh();
        // A record before this one, so that there is a previous file to replace.
        writeRecord(FOLDER, { ...record, sequence: 2 }, "fsync", files.fs);
        files.calls = 0;
        return files;
      },
      (files) => writeRecord(FOLDER, newer, "fsync", files.fs),
      (left) => {
        const { sequence } = readBootRecord(FOLDER, left.fs)!;
        expect([2, 3]).toContain(sequence);
        seen.add(sequence);
        writeRecord(FOLDER, { ...record, sequence: 4 }, "fsync", left.fs);
        expect(readBootRecord(FOLDER, left.fs)).toMatchObject({ sequence: 4 });
      },
    );
    expect(calls).toBeGreaterThan(5);
    expect(seen).toEqual(new Set([2, 3]));
  });

  it("is in force once it is written, whatever is lost", () => {
    const files = fresh();
    writeRecord(FOLDER, { ...record, sequence: 2 }, "fsync", files.fs);
    const left = files.afterCut({ nameChanges: 0, data: "lost" });
    expect(readBootRecord(FOLDER, left.fs)).toMatchObject({ sequence: 2 });
  });
});

describe("the factory state", () => {
  it.each([
    ["a file", factory],
    ["bytes", (files: LossyFiles) => createFactoryState(FOLDER, content, record, "fsync", { fs: files.fs })],
  ])("of %s is there, or is made again", (_what, make) => {
    cutEverywhere(empty, make, (left) => {
      if (readBootRecord(FOLDER, left.fs) === null) make(left);
      expect(readBootRecord(FOLDER, left.fs)).toEqual(record);
      expect(left.read(`${FOLDER}/slot0.img`)).toEqual(content);
    });
  });

  it("is there once it is made, the folders too, whatever is lost", () => {
    const files = empty();
    factory(files);
    const left = files.afterCut({ nameChanges: 0, data: "lost" });
    expect(readBootRecord(FOLDER, left.fs)).toEqual(record);
    expect(left.read(`${FOLDER}/slot0.img`)).toEqual(content);
  });
});

describe("an update", () => {
  /** What the OLT has been answered 0 by then. */
  let answered: Set<string>;

  /** From Start to Commit, each flash operation carried out by the slot store. */
  function update(files: LossyFiles): void {
    const bench = BenchOnt.up({}, newFlash(readBootRecord(FOLDER, files.fs)!), "extended");
    const store = new SlotStore(FOLDER, "fsync", files.fs);
    answered = new Set();
    bench.instantFlash = false;
    const drain = (): void => {
      for (let operation = bench.waiting.shift(); operation !== undefined; operation = bench.waiting.shift())
        store.carryOut(operation, (error, id, bytes) => {
          if (error !== null) throw error;
          bench.ont.handleFlashDone(bench.nowNs, id, bytes);
          bench.settle();
        });
    };
    /** The answer 0 to what was asked comes when the flash has done its part. */
    const done = (name: string, type: string): void => {
      drain();
      const answer = bench.sent.findLast((message) => message.type === type);
      if (answer !== undefined && "result" in answer && answer.result === 0) answered.add(name);
    };
    announce(bench, identity);
    bench.start(image.length, { windowSections: 16 });
    drain();
    for (let firstSection = 0; firstSection * 1965 < image.length; firstSection += 16) {
      const sections = Math.min(16, Math.ceil(image.length / 1965) - firstSection);
      bench.window(image, { base: 0x6500 + firstSection, firstSection, sections, sectionBytes: 1965 });
      drain();
    }
    bench.end(image);
    done("stored", "endDownloadResponse");
    bench.activate(1);
    done("activated", "activateImageResponse");
    for (let steps = 0; steps < 20 && bench.ont.nextTimeoutNs() < Infinity; steps++) {
      bench.advanceTo(bench.ont.nextTimeoutNs());
      drain();
    }
    bench.runUntilOnline();
    drain();
    bench.commit(1);
    done("committed", "commitImageResponse");
    store.close();
  }

  /** What a boot record says of the slots, held against what is in them. */
  function look(left: LossyFiles): BootRecord {
    const found = readBootRecord(FOLDER, left.fs)!;
    expect(found.slots[found.committed]).not.toBeNull();
    const bytesOf = (slot: Slot): Uint8Array => left.read(`${FOLDER}/slot${slot}.img`);
    for (const slot of [0, 1] as const)
      if (found.slots[slot] !== null) expect(same(bytesOf(slot), slot === 0 ? content : image)).toBe(true);
    for (const { from, to } of found.partial?.held ?? [])
      expect(same(bytesOf(1).subarray(from, to), image.subarray(from, to))).toBe(true);
    return found;
  }

  it("leaves what boots, what it says it has, and what it has answered for, whenever the power goes", () => {
    const seen = { partial: 0, stored: 0, committed: 0 };
    const calls = cutEverywhere(fresh, update, (left, cutAt) => {
      const found = look(left);
      if (found.partial) seen.partial++;
      if (found.slots[1] !== null) seen.stored++;
      if (found.committed === 1) seen.committed++;
      if (answered.has("stored")) expect(found.slots[1], `cut at ${cutAt}`).not.toBeNull();
      if (answered.has("committed")) expect(found.committed, `cut at ${cutAt}`).toBe(1);
    });
    expect(calls).toBeGreaterThan(40);
    expect(Math.min(seen.partial, seen.stored, seen.committed)).toBeGreaterThan(0);
  });

  it("goes on to its end with what a cut has left", () => {
    cutEverywhere(fresh, update, (left, cutAt) => {
      if (cutAt % 7 !== 0 || readBootRecord(FOLDER, left.fs)!.committed === 1) return;
      update(left);
      expect(answered).toEqual(new Set(["stored", "activated", "committed"]));
      expect(look(left.afterCut({ nameChanges: 0, data: "lost" })).committed).toBe(1);
    });
  });
});

const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
