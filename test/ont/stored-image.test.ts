/** What was stored well and is not what lies in the slot any more is neither activated nor booted. */
import * as nodeFs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type BootPlan, factoryRecord, type FlashFinding, type StoredImage } from "../../ont/index.ts";
import { createFactoryState, SlotStore } from "../../ont/process/slots.ts";
import { SharedImages, SlotContent } from "../../run/virtual/slot-content.ts";
import { VirtualFlash } from "../../run/virtual/virtual-flash.ts";
import { ms } from "./bench.ts";
import { newFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { factoryImage, storedImage, testImage } from "./images.ts";

const content = testImage(3000, 3);
const DAMAGED = "the stored image is damaged";

function stored(boot: BootPlan = { kind: "boots" }, imageCheckMs = 0): BenchOnt {
  const timing = { restartDelayNs: 500 * ms, bootNs: 2000 * ms, watchdogNs: 9000 * ms };
  const bench = BenchOnt.up({ boot, timing: { ...timing, imageCheckNs: imageCheckMs * ms } });
  bench.download(content);
  bench.events.length = 0;
  return bench;
}

/** One bit, as flash that ages or somebody with a soldering iron changes it. */
const damage = (bench: BenchOnt): void => void (bench.flash.slots[1][1234]! ^= 1);

describe("an image that is damaged after it was stored", () => {
  it("is not activated: Activate is answered with an error, and it is valid no more", () => {
    const bench = stored();
    damage(bench);
    expect(bench.activate(1)).toBe(1);
    expect(bench.ont.snapshot()).toMatchObject({ state: "failed", cause: DAMAGED, flags: [{}, { valid: false }] });
    expect(bench.flash.record).toMatchObject({ committed: 0, trial: null, slots: [{ version: "FACTORY" }, null] });
    expect(bench.activate(1)).toBe(3);
    expect(bench.commit(1)).toBe(3);
    // And takes the image anew.
    bench.download(content);
    expect(bench.activate(1)).toBe(0);
  });

  it("is not booted where that happens behind Activate", () => {
    const bench = stored();
    expect(bench.activate(1)).toBe(0);
    damage(bench);
    bench.advance(500 * ms);
    bench.runUntilOnline();
    expect(bench.ont.snapshot()).toMatchObject({ activeSlot: 0, state: "rolledBack", cause: DAMAGED });
    expect(bench.flash.record).toMatchObject({ committed: 0, trial: null, slots: [{ version: "FACTORY" }, null] });
    expect(bench.eventsOf("online")).toEqual([{ type: "online", activeSlot: 0 }]);
  });

  it("is not tried again where that happens between two boots", () => {
    const bench = stored({ kind: "bootsAt", attempt: 2 });
    expect(bench.activate(1)).toBe(0);
    bench.advance(600 * ms);
    damage(bench);
    bench.runUntilOnline();
    expect(bench.eventsOf("bootAttempt").map(({ slot }) => slot)).toEqual([1, 1, 0]);
    expect(bench.ont.snapshot()).toMatchObject({ activeSlot: 0, cause: DAMAGED });
  });

  it("is no way out for an ONT whose committed image does not boot", () => {
    const record = { ...factoryRecord(factoryImage), factorySha256: [], committed: 0 as const };
    const flash = newFlash({ ...record, slots: [factoryImage, storedImage("OTHER", content)] });
    flash.slots[1] = content.slice();
    flash.slots[1][0]! ^= 1;
    const bench = new BenchOnt({ boot: { kind: "crashes" } }, flash);
    bench.advance(600_000 * ms);
    expect(bench.ont.snapshot()).toMatchObject({ online: false, state: "failed", cause: "no image boots" });
    expect(bench.eventsOf("bootFailed").map(({ slot }) => slot)).toEqual([0, 0, 0]);
  });
});

describe("the check", () => {
  it("takes the time that the ONT takes for it, and no image boots before its end", () => {
    const bootsAfter = (imageCheckMs: number): number => {
      const bench = stored({ kind: "boots" }, imageCheckMs);
      bench.activate(1);
      const startNs = bench.nowNs;
      bench.runUntilOnline();
      bench.advance(500 * ms);
      bench.runUntilOnline();
      return (bench.nowNs - startNs) / ms;
    };
    expect(bootsAfter(0)).toBe(2500);
    expect(bootsAfter(700)).toBe(3200);
    const bench = stored();
    bench.instantFlash = false;
    bench.activate(1);
    while (bench.flashStep());
    bench.advance(60_000 * ms);
    // The flash has not answered yet.
    expect(bench.ont.snapshot().online).toBe(false);
    while (bench.flashStep());
    bench.advance(0);
    expect(bench.ont.snapshot()).toMatchObject({ online: true, activeSlot: 1 });
  });
});

describe("the storage", () => {
  const root = nodeFs.mkdtempSync(join(tmpdir(), "poncast-stored-"));
  afterAll(() => nodeFs.rmSync(root, { recursive: true }));
  /** More than is read at a time. */
  const large = testImage(600_000, 5);
  const image = storedImage("LARGE", large);
  const changes: [string, StoredImage, (bytes: Uint8Array) => Uint8Array, boolean][] = [
    ["as it was", image, (bytes) => bytes, true],
    ["as it was, with something behind it", image, (bytes) => Buffer.concat([bytes, bytes]), true],
    ["with one bit changed", image, (bytes) => bytes.with(599_999, bytes[599_999]! ^ 1), false],
    ["too short", image, (bytes) => bytes.subarray(0, 599_999), false],
    ["of another SHA-256, the CRC-32 the same", { ...image, sha256: factoryImage.sha256 }, (bytes) => bytes, false],
  ];

  it.each(changes)("in files finds an image %s", (name, of, change, isWhole) => {
    const folder = join(root, name);
    createFactoryState(folder, change(large), factoryRecord(image), "none");
    const store = new SlotStore(folder, "none");
    const found: (FlashFinding | undefined)[] = [];
    store.carryOut({ kind: "checkSlot", id: 1, slot: 0, image: of }, (error, _id, finding) => {
      expect(error).toBeNull();
      found.push(finding);
    });
    store.close();
    expect(found).toEqual([isWhole]);
  });

  it.each(changes)("in virtual time finds an image %s", (_name, of, change, isWhole) => {
    for (const shared of [[], [large]]) {
      const timing = { eraseNs: 1, writeBytesPerSecond: 1, verifyBytesPerSecond: 1, checkNs: 5 };
      const flash = new VirtualFlash(new SharedImages(shared), timing);
      flash.install(factoryRecord(image), [change(large), null]);
      const job = flash.accept({ kind: "checkSlot", id: 1, slot: 0, image: of });
      expect(job.durationNs).toBe(5);
      expect(flash.findingOf(job)).toBe(isWhole);
    }
  });
});

it("virtual flash that is written again with what it had holds that, and not something of the same length", () => {
  const content = new SlotContent(new SharedImages([]));
  const bytes = testImage(100);
  const put = (at: number, length: number, source: Buffer): void => content.write(at, length, source, 0);
  put(0, 100, content.capture(0, bytes));
  // Taken while the old content is there, written when it is erased.
  const again = [content.capture(0, bytes.subarray(0, 60)), content.capture(60, bytes.subarray(60))] as const;
  content.erase(Infinity);
  put(0, 60, again[0]);
  put(60, 40, again[1]);
  expect(new Uint8Array(content.read(100))).toEqual(bytes);
});
