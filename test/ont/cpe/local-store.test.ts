/** Updates over TR-069 that end in the ONT's own core: whole images and deltas, and the power that goes at any operation of the flash and before any record. */
import { describe, expect, it } from "vitest";
import { headerCheck } from "../../../ont/agent/index.ts";
import { BLOCK_BYTES, second } from "../agent/bench.ts";
import { OntStore, PowerCut } from "../agent/ont-store.ts";
import { deltaBundle, deltaOnt, newBundle, newImage, oldBundle } from "../delta-bundles.ts";
import { download } from "./acs.ts";
import { RecordCut, StoreBench } from "./bench.ts";

const { trustedKeys = [] } = deltaOnt();
const checkHeader = headerCheck({ trustedKeys, productCode: "PC-1", hardwareVersion: "HW-1" });
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

function benchWith(file: Uint8Array, change = {}): StoreBench<OntStore> {
  const bench = new StoreBench({ checkHeader }, new OntStore(change));
  bench.acs.tasks.push(download(bench.acs.put("new.bin", file)));
  return bench;
}

const isTold = (bench: StoreBench<OntStore>): boolean => bench.acs.completes.length > 0 && bench.isQuiet;
const FILES: [string, Uint8Array][] = [
  ["the whole image", newBundle],
  ["a delta", deltaBundle],
];

/** @returns whether the ACS has heard of it in the end */
function throughCuts(bench: StoreBench<OntStore>): boolean {
  for (;;) {
    try {
      return bench.until(() => isTold(bench), 86_400 * second);
    } catch (error) {
      if (!(error instanceof PowerCut) && !(error instanceof RecordCut)) throw error;
      bench.cutBeforePersist = Infinity;
      bench.cut();
    }
  }
}

describe("the ONT's own store", () => {
  it.each(FILES)("takes %s, and commits it", (_name, file) => {
    const bench = benchWith(file);
    expect(bench.until(() => isTold(bench))).toBe(true);
    expect([bench.acs.completes[0].fault.faultCode, bench.bulkBytes]).toEqual([0, file.length]);
    const { record, activeSlot } = bench.store.ont.ont.snapshot();
    expect([activeSlot, record.committed, record.slots[1]]).toEqual([1, 1, newImage]);
  });

  it("tells why it fell back to the old image", () => {
    const bench = benchWith(newBundle, { boot: { kind: "crashes" } });
    expect(bench.until(() => isTold(bench))).toBe(true);
    expect(bench.acs.completes[0].fault).toEqual({
      faultCode: 9010,
      faultString: "File transfer failure: the image did not boot",
    });
  });

  it.each(FILES)("survives a power cut before any operation of the flash: %s", (_name, file) => {
    const all = benchWith(file);
    throughCuts(all);
    const { operations } = all.store;
    expect(operations).toBeGreaterThan(8);
    for (let cutBefore = 1; cutBefore <= operations; cutBefore++) {
      const bench = benchWith(file);
      bench.store.cutBefore = cutBefore;
      expect(throughCuts(bench), `cut before operation ${cutBefore}`).toBe(true);
      expect(bench.acs.completes.map(({ fault }) => fault.faultCode)).toEqual([0]);
      const [before, after] = bench.store.ont.flash.slots;
      expect(same(before, oldBundle) && same(after, newBundle)).toBe(true);
      expect(bench.bulkBytes, `cut before operation ${cutBefore}`).toBeLessThanOrEqual(file.length + BLOCK_BYTES);
    }
  });

  it("survives a power cut before anything of its record is kept; what the ACS then hears again is the same", () => {
    const all = benchWith(newBundle);
    throughCuts(all);
    const { persists } = all;
    expect(persists).toBeGreaterThan(8);
    for (let cutBefore = 1; cutBefore <= persists; cutBefore++) {
      const bench = benchWith(newBundle);
      bench.cutBeforePersist = cutBefore;
      // An ACS asks again where its question was not answered.
      const isAsked = (): boolean => bench.acs.of("DownloadResponse").length > 0;
      if (!throughCuts(bench) && !isAsked()) {
        bench.acs.tasks.push(download(bench.acs.put("new.bin", newBundle)));
        bench.call();
      }
      expect(throughCuts(bench), `cut before record ${cutBefore}`).toBe(true);
      const [complete, ...again] = bench.acs.completes;
      expect(complete.fault.faultCode, `cut before record ${cutBefore}`).toBe(0);
      // Only between the ACS's answer and the record of it.
      expect(again).toEqual(cutBefore === persists ? [complete] : []);
      expect(same(bench.store.ont.flash.slots[1], newBundle)).toBe(true);
    }
  });
});
