/** Updates over HTTPS that end in the ONT's own core: whole images and deltas, refused ones, and the power that goes at any operation of the flash. */
import { describe, expect, it } from "vitest";
import { headerCheck } from "../../../ont/agent/index.ts";
import { deltaBundle, deltaOnt, newBundle, newImage, oldBundle } from "../delta-bundles.ts";
import { storedImage } from "../images.ts";
import { BLOCK_BYTES, second, StoreBench } from "./bench.ts";
import { OntStore, PowerCut } from "./ont-store.ts";
import { sha256Of } from "./store.ts";

const { trustedKeys = [] } = deltaOnt();
const checkHeader = headerCheck({ trustedKeys, productCode: "PC-1", hardwareVersion: "HW-1" });

const whole = { filename: "new.bin", bytes: newBundle, sha256: sha256Of(newBundle), version: "2.0.0" };
const delta = {
  filename: "new.delta",
  bytes: deltaBundle,
  sha256: sha256Of(deltaBundle),
  version: "2.0.0",
  kind: "delta" as const,
  baseSha256: sha256Of(oldBundle),
  targetSha256: sha256Of(newBundle),
};

function benchWith(files: StoreBench<OntStore>["depot"]["files"], change = {}): StoreBench<OntStore> {
  const bench = new StoreBench({ checkHeader, ...change }, new OntStore(), newBundle);
  bench.depot.files = files;
  return bench;
}

const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
const isTold = (bench: StoreBench<OntStore>): boolean => bench.depot.deviceOf("ont-1").isClosed;

describe("the ONT's own store", () => {
  it.each([
    ["the whole image", [whole], newBundle.length],
    ["a delta", [whole, delta], deltaBundle.length],
  ])("takes %s, and commits it", (_name, files, bytes) => {
    const bench = benchWith(files);
    expect(bench.until(() => isTold(bench))).toBe(true);
    expect([bench.told, bench.bulkBytes]).toEqual(["closed/success", bytes]);
    const { record, activeSlot } = bench.store.ont.ont.snapshot();
    expect([activeSlot, record.committed]).toEqual([1, 1]);
    expect(record.slots[1]).toEqual(newImage);
    expect(same(bench.store.ont.flash.slots[1], newBundle)).toBe(true);
    expect(bench.store.ont.eventsOf("state").map(({ state }) => state)).toEqual(
      expect.arrayContaining(["downloading", "verifying", "applying", "rebooting", "trial", "committed"]),
    );
  });

  it("falls back to the whole image where the delta is for another one", () => {
    const other = { ...delta, baseSha256: sha256Of(newBundle) };
    const bench = benchWith([other, whole]);
    expect(bench.until(() => isTold(bench))).toBe(true);
    expect([bench.told, bench.bulkBytes]).toEqual(["closed/success", newBundle.length]);
  });

  it("tells why it fell back to the old image", () => {
    const bench = new StoreBench({ checkHeader }, new OntStore({ boot: { kind: "crashes" } }), newBundle);
    bench.depot.files = [whole];
    expect(bench.until(() => isTold(bench))).toBe(true);
    expect(bench.told).toBe("closed/failure");
    expect(bench.depot.deviceOf("ont-1").feedback.at(-1)?.details).toEqual(["rolledBack: the image did not boot"]);
    expect(bench.store.ont.ont.snapshot().record.committed).toBe(0);
  });

  it("gives way to an OLT that begins a download, and does not take its sections", () => {
    const bench = benchWith([whole], { rateBytesPerSecond: 50_000 });
    expect(bench.until(() => bench.agent.snapshot().heldBytes > 0)).toBe(true);
    bench.store.ont.download(Uint8Array.from(newBundle));
    expect(storedImage("", newBundle).sha256).toBe(bench.store.ont.ont.snapshot().record.slots[1]?.sha256);
    expect(bench.until(() => isTold(bench))).toBe(true);
    expect(bench.depot.deviceOf("ont-1").feedback.at(-1)?.details).toEqual(["committed"]);
  });

  it.each([
    ["the whole image", [whole]],
    ["a delta", [delta]],
  ])("survives a power cut before any operation of the flash: %s", (_name, files) => {
    const all = benchWith(files);
    all.until(() => isTold(all));
    const { operations } = all.store;
    expect(operations).toBeGreaterThan(8);
    for (let cutBefore = 1; cutBefore <= operations; cutBefore++) {
      const bench = benchWith(files);
      bench.store.cutBefore = cutBefore;
      for (let isOver = false; !isOver;) {
        try {
          isOver = bench.until(() => isTold(bench), 86_400 * second);
          if (!isOver) break;
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
          bench.cut();
        }
      }
      expect(bench.told, `cut before operation ${cutBefore}`).toBe("closed/success");
      const [before, after] = bench.store.ont.flash.slots;
      expect(same(before, oldBundle) && same(after, newBundle)).toBe(true);
      expect(bench.bulkBytes, `cut before operation ${cutBefore}`).toBeLessThanOrEqual(
        files[0].bytes.length + BLOCK_BYTES,
      );
    }
  });
});
