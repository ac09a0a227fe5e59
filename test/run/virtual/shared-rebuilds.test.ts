/** Many ONTs in virtual time that apply one delta: the work of one, and no memory of their own. */
import { expect, it } from "vitest";
import { BundleVerifier } from "../../../image/index.ts";
import { crc32Functions } from "../../../run/images/index.ts";
import { SharedRebuilds } from "../../../run/virtual/shared-rebuilds.ts";
import { SharedVerifiers } from "../../../run/virtual/shared-verifier.ts";
import { SharedImages } from "../../../run/virtual/slot-content.ts";
import { VirtualFlash } from "../../../run/virtual/virtual-flash.ts";
import { deltaBundle, deltaFacts, newBundle, newImage, oldBundle, oldRecord } from "../../ont/delta-bundles.ts";

const timing = { eraseNs: 1, writeBytesPerSecond: 1e8, verifyBytesPerSecond: 1e8, checkNs: 1 };
const ONTS = 128;

/** Staged, opened and applied. @returns time that the blocks take, or undefined when one is not made */
function rebuild(flash: VirtualFlash, delta = deltaBundle): number | undefined {
  flash.staging.write(0, delta.length, flash.staging.capture(0, delta), 0);
  const open = flash.accept({ kind: "openDelta", id: 1, deltaBytes: delta.length, delta: deltaFacts });
  const blocks = flash.findingOf(open) as number;
  let durationNs = 0;
  for (let block = 0; block < blocks; block++) {
    const job = flash.accept({ kind: "rebuildBlock", id: 2, slot: 1, from: 0, block });
    flash.carryOut(job, 1);
    if (flash.findingOf(job) !== true) return undefined;
    durationNs += job.durationNs;
  }
  return durationNs;
}

it("128 ONTs rebuild each block once, hold no bytes of their own, and digest the new image once", () => {
  const shared = new SharedImages([newBundle, deltaBundle, oldBundle]);
  const rebuilds = new SharedRebuilds(shared);
  const verifiers = new SharedVerifiers(
    [newBundle, deltaBundle],
    (options) => new BundleVerifier({ ...options, trustedKeys: "unchecked", crc32: crc32Functions }),
  );
  const durations = new Set<number | undefined>();
  for (let ont = 0; ont < ONTS; ont++) {
    const flash = new VirtualFlash(shared, timing, rebuilds);
    flash.install(oldRecord, [oldBundle, null]);
    durations.add(rebuild(flash));
    expect([...flash.slots, flash.staging].map(({ privateBytes }) => privateBytes)).toEqual([0, 0, 0]);
    expect(flash.slots[1].sha256Of(newBundle.length)).toBe(newImage.sha256);
    const verifier = verifiers.create({
      trustedKeys: [],
      productCode: "PC-1",
      hardwareVersion: "HW-1",
      runningVersion: "1.0.0",
      imageBytes: newBundle.length,
    });
    expect(verifier.update(flash.slots[1].read(newBundle.length))).toBeUndefined();
    expect(verifier.finish(newImage.crc32)).toMatchObject({ valid: true, image: { sha256: newImage.sha256 } });
  }
  const blocks = Math.ceil(newBundle.length / (64 * 1024));
  expect(rebuilds.rebuiltBlocks).toBe(blocks);
  expect(verifiers.digestedBytes).toBe(newBundle.length);
  // Of the old image as much is read as of the new one is written; the delta is read as well, but for its head.
  const bytes = 2 * newBundle.length + deltaBundle.length;
  expect(durations.size).toBe(1);
  const [durationNs] = durations;
  expect(durationNs! / 10).toBeGreaterThan(bytes * 0.98);
  expect(durationNs! / 10).toBeLessThanOrEqual(bytes);
});

it("an ONT whose delta or image differs has its own work, and its own outcome", () => {
  const shared = new SharedImages([newBundle, deltaBundle, oldBundle]);
  const rebuilds = new SharedRebuilds(shared);
  const flashOf = (old: Uint8Array): VirtualFlash => {
    const flash = new VirtualFlash(shared, timing, rebuilds);
    flash.install(oldRecord, [old, null]);
    return flash;
  };
  expect(rebuild(flashOf(oldBundle))).toBeGreaterThan(0);
  expect(rebuild(flashOf(oldBundle.with(30_000, oldBundle[30_000]! ^ 1)))).toBeUndefined();
  expect(rebuild(flashOf(oldBundle), deltaBundle.with(9000, deltaBundle[9000]! ^ 1))).toBeUndefined();
  expect(rebuild(flashOf(oldBundle))).toBeGreaterThan(0);
});

it("one new image that is nowhere else is kept once for all that rebuild it", () => {
  const shared = new SharedImages([deltaBundle, oldBundle]);
  const rebuilds = new SharedRebuilds(shared);
  const contents = Array.from({ length: 3 }, () => {
    const flash = new VirtualFlash(shared, timing, rebuilds);
    flash.install(oldRecord, [oldBundle, null]);
    rebuild(flash);
    return flash.slots[1].read(1000);
  });
  expect(new Set(contents.map(({ buffer }) => buffer)).size).toBe(1);
});
