/** Nothing that an ONT has committed to is taken back by an older image, rightly signed as it may be. */
import { describe, expect, it } from "vitest";
import { crc32 } from "../../base/kernel/crc32.ts";
import { buildBundle, generateKeyPair, readPublicKey } from "../../image/index.ts";
import { factoryRecord, type OntConfig } from "../../ont/index.ts";
import { verifierMaker } from "../../ont/process/index.ts";
import { newFlash, type TestFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { storedImage, testImage } from "./images.ts";
import { ms } from "./bench.ts";

const { publicPem, privatePem } = generateKeyPair();
const factoryContent = testImage(100, 7);
const factory = storedImage("FACTORY", factoryContent);

const bundle = (version: string, securityVersion: number): Uint8Array =>
  buildBundle(
    { version, securityVersion, productCode: "PC-1", hardware: ["HW-1"], buildTime: 0, minimumVersion: "" },
    testImage(500, securityVersion + 1),
    privatePem,
  );

function up(flash: TestFlash, change: Partial<OntConfig> = {}): BenchOnt {
  return BenchOnt.up(
    { trustedKeys: [readPublicKey(publicPem)], createVerifier: verifierMaker(false), ...change },
    flash,
  );
}

/** Start to End. @returns result of the End, or why the image was refused before that */
function download(bench: BenchOnt, content: Uint8Array, instanceId: number): number | string | undefined {
  bench.events.length = 0;
  try {
    bench.send(content, { instanceId });
  } catch {
    return bench.eventsOf("imageRefused")[0]?.cause;
  }
  return bench.end(content, { instanceId, crc32: crc32(content) });
}

/** Activate, restart, and the image runs. */
function boot(bench: BenchOnt, instanceId: number): void {
  expect(bench.activate(instanceId)).toBe(0);
  bench.advance(500 * ms);
  bench.runUntilOnline();
  expect(bench.ont.snapshot().activeSlot).toBe(instanceId);
}

describe("the security version of an ONT", () => {
  it("is raised by Commit alone, and then refuses what is older, in its first window", () => {
    const bench = up(newFlash(factoryRecord(factory)));
    expect(download(bench, bundle("3.0.0", 3), 1)).toBe(0);
    boot(bench, 1);
    // On trial: the way back has to stay open.
    expect(bench.flash.record.securityVersion).toBeUndefined();
    expect(bench.commit(1)).toBe(0);
    expect(bench.flash.record.securityVersion).toBe(3);
    expect(download(bench, bundle("1.0.0", 1), 0)).toBe("security-version-too-low");
    expect(download(bench, bundle("0.0.1", 0), 0)).toBe("security-version-too-low");
    expect(bench.eventsOf("imageRefused")).toMatchObject([{ window: 0 }]);
    expect(download(bench, bundle("3.0.1", 3), 0)).toBe(0);
    boot(bench, 0);
    expect(bench.commit(0)).toBe(0);
    expect(bench.flash.record).toMatchObject({ committed: 0, securityVersion: 3 });
  });

  it("outlives power cuts, and the old image in the other slot is neither activated nor committed", () => {
    const bench = up(newFlash(factoryRecord(factory)));
    download(bench, bundle("3.0.0", 3), 1);
    boot(bench, 1);
    bench.commit(1);
    bench.powerCycle();
    bench.runUntilOnline();
    expect(bench.ont.snapshot().flags[0].valid).toBe(true);
    expect(bench.activate(0)).toBe(3);
    expect(bench.commit(0)).toBe(3);
    expect(bench.flash.record.committed).toBe(1);
    expect(download(bench, bundle("2.9.9", 2), 0)).toBe("security-version-too-low");
  });

  it("does not keep the boot loader from the old image where the committed one does not boot any more", () => {
    const record = { ...factoryRecord(factory), committed: 1 as const, securityVersion: 3 };
    const committed = storedImage("3.0.0", testImage(60, 2));
    const flash = newFlash({ ...record, slots: [factory, { ...committed, securityVersion: 3 }] });
    flash.slots[1] = testImage(60, 2);
    const bench = up(flash, { boot: { kind: "crashes" } });
    expect(bench.ont.snapshot()).toMatchObject({ activeSlot: 0, online: true });
  });

  it("gives way in a laboratory, and is not lowered by that", () => {
    const bench = up(newFlash({ ...factoryRecord(factory), securityVersion: 3 }), { allowDowngrade: true });
    expect(download(bench, bundle("1.0.0", 1), 1)).toBe(0);
    boot(bench, 1);
    expect(bench.commit(1)).toBe(0);
    expect(bench.flash.record).toMatchObject({ committed: 1, securityVersion: 3 });
  });
});
