/** The slot store on the real file system: records read back, damaged ones passed over. power-cuts.test.ts cuts the power. */
import { createHash } from "node:crypto";
import * as nodeFs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BootRecord, factoryRecord, type FlashOperation } from "../../ont/index.ts";
import {
  createFactoryState,
  readBootRecord,
  SlotStore,
  StateFolderError,
  writeRecord,
} from "../../ont/process/slots.ts";
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

function factory(): void {
  createFactoryState(folder, bundle, record, "fsync");
}

describe("the boot record", () => {
  it("is read as it was written", () => {
    expect(readBootRecord(folder)).toBeNull();
    factory();
    expect(readBootRecord(folder)).toEqual(record);
    writeRecord(folder, newer, "fsync");
    expect(readBootRecord(folder)).toEqual(newer);
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

describe("a slot", () => {
  it("that holds less than it should is refused", () => {
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

describe("a check of what is stored", () => {
  it("finds a byte that has changed, and a file that ends too soon; what lies behind the image is none of it", () => {
    factory();
    const store = new SlotStore(folder, "none");
    const image = storedImage("V1", content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const check = (): unknown => {
      let found: unknown;
      store.carryOut({ kind: "checkSlot", id: 1, slot: 0, image: { ...image, sha256 } }, (error, _id, finding) => {
        found = error ?? finding;
      });
      return found;
    };
    const file = join(folder, "slot0.img");
    expect(check()).toBe(true);
    nodeFs.writeFileSync(file, Buffer.concat([content, Buffer.from("more")]));
    expect(check()).toBe(true);
    const changed = Buffer.from(content);
    changed[50]! ^= 1;
    nodeFs.writeFileSync(file, changed);
    expect(check()).toBe(false);
    nodeFs.writeFileSync(file, content.subarray(0, 99));
    expect(check()).toBe(false);
    store.close();
  });
});
