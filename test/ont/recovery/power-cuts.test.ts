/** The power goes at each file call of a recovery, and what was not synced is lost: the device can be recovered again, each time. */
import { expect, it } from "vitest";
import { readBootRecord } from "../../../ont/process/slots.ts";
import { createStream } from "../../../pon/random.ts";
import { LossyFiles, PowerCut } from "../lossy-files.ts";
import { brick, newBundle, recover, RecoveryBench } from "./bench.ts";

const FOLDER = "/state/onts/1";

function brickedDisk(): LossyFiles {
  const files = new LossyFiles();
  brick(FOLDER, {}, files.fs);
  return files.afterCut({ nameChanges: 0, data: "lost" });
}

const whole = (bytes: Uint8Array): boolean => Buffer.compare(bytes, newBundle) === 0;

it.each([
  ["whole, into the committed slot", { slot: "a", blockBytes: 0 }],
  ["in blocks that a cut leaves, into the other one", { slot: "b", blockBytes: 32_768, identity: "0a0b" }],
])("an image %s", (_how, how) => {
  const complete = brickedDisk();
  const bench = new RecoveryBench(FOLDER, {}, complete.fs);
  expect(recover(bench, newBundle, how).ok).toBe(true);
  bench.settle();
  expect(bench.diagnostic).toBeUndefined();
  const { calls } = complete;
  expect(calls).toBeGreaterThan(15);
  let [cuts, recovered, booted, kept] = [0, 0, 0, 0];
  for (let cutAt = 0; cutAt < calls; cutAt++) {
    const files = brickedDisk();
    files.cutAt = cutAt;
    expect(() => {
      const cut = new RecoveryBench(FOLDER, {}, files.fs);
      recover(cut, newBundle, how);
      cut.settle();
    }).toThrow(PowerCut);
    for (const data of ["lost", "kept", createStream(cutAt, "some")] as const) {
      cuts += 1;
      const left = files.afterCut({ nameChanges: files.unsyncedNames(FOLDER), data });
      const record = readBootRecord(FOLDER, left.fs)!;
      // What is called valid is the image, to the byte.
      for (const slot of [0, 1] as const)
        if (record.slots[slot] !== null)
          expect(whole(left.read(`${FOLDER}/slot${slot}.img`)), `cut at ${cutAt}`).toBe(true);
      for (const { from, to } of record.partial?.held ?? []) {
        kept += 1;
        const part = left.read(`${FOLDER}/slot1.img`).subarray(from, to);
        expect(Buffer.compare(part, newBundle.subarray(from, to)), `cut at ${cutAt}`).toBe(0);
      }
      const again = new RecoveryBench(FOLDER, {}, left.fs);
      if (again.diagnostic === undefined) {
        booted += 1;
        again.settle();
        expect(again.port.snapshot().online).toBe(true);
        continue;
      }
      expect(recover(again, newBundle, how), `cut at ${cutAt}`).toMatchObject({ ok: true });
      again.settle();
      expect(again.diagnostic).toBeUndefined();
      expect(again.ask(`getvar:image-version:${how.slot}`).text).toBe("2.0.0");
      recovered += 1;
    }
  }
  expect(recovered + booted).toBe(cuts);
  expect(Math.min(recovered, booted)).toBeGreaterThan(0);
  if (how.blockBytes > 0) expect(kept).toBeGreaterThan(0);
});
