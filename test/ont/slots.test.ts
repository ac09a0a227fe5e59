/** A power cut at any file call leaves a boot record that is whole, the old one or the new. */
import * as nodeFs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BootRecord, factoryRecord, type FlashOperation } from "../../ont/index.ts";
import {
  createFactoryState,
  type FileCalls,
  readBootRecord,
  SlotStore,
  StateFolderError,
  writeRecord,
} from "../../ont/process/slots.ts";
import { newFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { factoryImage, storedImage, testImage } from "./images.ts";

let root: string;
let folder: string;
let bundle: string;
const content = testImage(100, 7);
const record = factoryRecord(factoryImage);
const newer: BootRecord = { ...record, sequence: 2, committed: 0, trial: { slot: 1, attempts: 1 } };

beforeEach(() => {
  root = nodeFs.mkdtempSync(join(tmpdir(), "poncast-slots-"));
  folder = join(root, "onts", "1");
  bundle = join(root, "factory.bundle");
  nodeFs.writeFileSync(bundle, content);
});
afterEach(() => nodeFs.rmSync(root, { recursive: true }));

class PowerCut extends Error {}

/** File calls of which the `cutAt`-th never happens; a write before a cut may have got half way. */
function cutting(cutAt: number, halfWrites: boolean): { fs: FileCalls; calls: () => number } {
  let calls = 0;
  const fs = Object.fromEntries(
    (
      [
        "closeSync",
        "copyFileSync",
        "fdatasyncSync",
        "fsyncSync",
        "ftruncateSync",
        "linkSync",
        "mkdirSync",
        "openSync",
        "renameSync",
        "unlinkSync",
        "writeSync",
      ] as const
    ).map((name) => [
      name,
      (...parameters: unknown[]) => {
        // Closing is no change: a dead process's files are closed for it.
        if (name !== "closeSync" && calls++ === cutAt) {
          if (name === "writeSync" && halfWrites) {
            const [descriptor, bytes, from, length] = parameters as [number, Uint8Array, number, number];
            nodeFs.writeSync(descriptor, bytes, from, length >> 1);
          }
          throw new PowerCut();
        }
        return (nodeFs[name] as (...all: unknown[]) => unknown)(...parameters);
      },
    ]),
  ) as unknown as FileCalls;
  return { fs: { ...fs, fdatasync: nodeFs.fdatasync }, calls: () => calls };
}

function factory(fs?: FileCalls): void {
  createFactoryState(folder, bundle, record, "fsync", fs);
}

describe("the boot record", () => {
  it("is read as it was written", () => {
    expect(readBootRecord(folder)).toBeNull();
    factory();
    expect(readBootRecord(folder)).toEqual(record);
    writeRecord(folder, newer, "fsync");
    expect(readBootRecord(folder)).toEqual(newer);
  });

  it.each([false, true])("is the old or the new one after a power cut at any step (half a write: %s)", (halfWrites) => {
    const uncut = cutting(Infinity, false);
    factory();
    writeRecord(folder, newer, "fsync", uncut.fs);
    const steps = uncut.calls();
    expect(steps).toBeGreaterThan(5);
    const seen = new Set<number>();
    for (let cutAt = 0; cutAt < steps; cutAt++) {
      nodeFs.rmSync(folder, { recursive: true });
      factory();
      // A record before this one, so that there is a previous file to replace.
      writeRecord(folder, { ...record, sequence: 1.5 }, "fsync");
      expect(() => writeRecord(folder, newer, "fsync", cutting(cutAt, halfWrites).fs)).toThrow(PowerCut);
      const { sequence } = readBootRecord(folder)!;
      expect([1.5, 2]).toContain(sequence);
      seen.add(sequence);
      // And the ONT goes on from there.
      writeRecord(folder, { ...newer, sequence: 3 }, "fsync");
      expect(readBootRecord(folder)).toMatchObject({ sequence: 3 });
    }
    expect(seen).toEqual(new Set([1.5, 2]));
  });

  it.each([
    ["torn", (text: string) => text.slice(0, 60)],
    ["empty", () => ""],
    ["of another digest", (text: string) => text.replace('"committed":0', '"committed":1')],
    ["no record", () => '{"sha256":"","record":null}'],
    ["too long", (text: string) => text + " ".repeat(70_000)],
  ])("that is %s gives way to the one before", (_how, damage) => {
    factory();
    writeRecord(folder, newer, "none");
    const file = join(folder, "boot.json");
    nodeFs.writeFileSync(file, damage(nodeFs.readFileSync(file, "utf8")));
    expect(readBootRecord(folder)).toEqual(record);
    nodeFs.rmSync(join(folder, "boot.previous.json"));
    expect(() => readBootRecord(folder)).toThrow(StateFolderError);
  });

  it("loses valid for an image whose file is too short", () => {
    factory();
    const second = storedImage("SECOND", testImage(50));
    writeRecord(folder, { ...record, slots: [factoryImage, second] }, "none");
    expect(readBootRecord(folder)!.slots).toEqual([factoryImage, null]);
    nodeFs.writeFileSync(join(folder, "slot1.img"), testImage(50));
    expect(readBootRecord(folder)!.slots).toEqual([factoryImage, second]);
  });
});

describe("the factory state", () => {
  it("is made again after a power cut at any step", () => {
    const uncut = cutting(Infinity, false);
    factory(uncut.fs);
    for (let cutAt = 0; cutAt < uncut.calls(); cutAt++) {
      nodeFs.rmSync(folder, { recursive: true, force: true });
      expect(() => factory(cutting(cutAt, true).fs)).toThrow(PowerCut);
      if (readBootRecord(folder) === null) factory();
      expect(readBootRecord(folder)).toEqual(record);
      expect(new Uint8Array(nodeFs.readFileSync(join(folder, "slot0.img")))).toEqual(content);
    }
  });
});

describe("a download on files", () => {
  const image = testImage(3000, 9);

  /** Runs a whole update with the given file calls until they fail; hands back what the folder holds then. */
  function update(fs: FileCalls): { isCut: boolean; record: BootRecord } {
    const bench = BenchOnt.up({}, newFlash(readBootRecord(folder)!));
    bench.instantFlash = false;
    let isCut = false;
    try {
      const store = new SlotStore(folder, "none", fs);
      bench.start(image.length);
      drain(bench, store);
      for (let first = 0; first < 97; first += 20) {
        const sections = Math.min(20, 97 - first);
        bench.window(image, {
          base: 0x6500 + first,
          firstSection: first,
          sections,
          sectionBytes: 31,
        });
        drain(bench, store);
      }
      bench.end(image);
      drain(bench, store);
      expect(bench.ont.snapshot().flags[1].valid).toBe(true);
      bench.commit(1);
      drain(bench, store);
      store.close();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      isCut = true;
    }
    return { isCut, record: readBootRecord(folder)! };
  }

  function drain(bench: BenchOnt, store: SlotStore): void {
    for (let operation = bench.waiting.shift(); operation !== undefined; operation = bench.waiting.shift()) {
      store.carryOut(operation, (error, id) => {
        if (error !== null) throw error;
        bench.ont.handleFlashDone(bench.nowNs, id);
        bench.settle();
      });
    }
  }

  it("leaves a committed image that is whole, whenever the power is cut", () => {
    factory();
    const uncut = cutting(Infinity, false);
    const whole = update(uncut.fs);
    expect(whole).toMatchObject({ isCut: false, record: { committed: 1 } });
    expect(new Uint8Array(nodeFs.readFileSync(join(folder, "slot1.img")))).toEqual(image);
    for (let cutAt = 0; cutAt < uncut.calls(); cutAt++) {
      nodeFs.rmSync(folder, { recursive: true });
      factory();
      const { isCut, record: after } = update(cutting(cutAt, true).fs);
      expect(isCut).toBe(true);
      expect(after.slots[after.committed]).not.toBeNull();
      const bytes = new Uint8Array(nodeFs.readFileSync(join(folder, `slot${after.committed}.img`)));
      expect(bytes).toEqual(after.committed === 0 ? content : image);
      if (after.slots[1] !== null) {
        expect(new Uint8Array(nodeFs.readFileSync(join(folder, "slot1.img")))).toEqual(image);
      }
    }
  });

  it("refuses a slot that holds less than it should", () => {
    factory();
    const store = new SlotStore(folder, "fsync");
    const sync: FlashOperation = { kind: "syncSlot", id: 4, slot: 1, imageBytes: 10 };
    return new Promise<void>((resolve) => {
      store.carryOut(sync, (error, id) => {
        expect(error).toBeInstanceOf(StateFolderError);
        expect(id).toBe(4);
        store.close();
        resolve();
      });
    });
  });
});
