/** update.zip in a watched folder, ending in the ONT's own core: taken once, refused with a cause, and the power that goes at any operation of the flash. */
import { describe, expect, it } from "vitest";
import { generateKeyPair } from "../../../image/index.ts";
import { BLOCK_BYTES, second } from "../agent/bench.ts";
import { deltaBetween, deltaBundle, newBundle, newImage, oldBundle } from "../delta-bundles.ts";
import { archive, delta, FolderBench, whole } from "./bench.ts";

const other = await deltaBetween(newBundle, oldBundle);

describe("update.zip", () => {
  it.each([
    ["the whole image", [whole], true, newBundle.length],
    ["a delta, where the ONT runs its base", [whole, delta], true, deltaBundle.length],
    ["the whole image, where the ONT takes no deltas", [whole, delta], false, newBundle.length],
    ["the whole image, where the delta is from another", [{ ...delta, content: other }, whole], true, newBundle.length],
  ])("brings %s, and it is committed", (_name, contents, deltaAware, bytes) => {
    const bench = new FolderBench(archive(contents), { deltaAware });
    expect(bench.untilEnded()).toBe(true);
    expect([bench.ends, bench.bulkBytes]).toEqual([["success"], bytes]);
    const { record, activeSlot } = bench.store.ont.ont.snapshot();
    expect([activeSlot, record.committed, record.slots[1]]).toEqual([1, 1, newImage]);
    expect(bench.states).toEqual([
      "checking",
      "downloading",
      "verifying",
      "waiting",
      "applying",
      "rebooting",
      "confirming",
      "committed",
    ]);
  });

  it("is taken once, however long it lies there and however often the power goes; put back, it is found to run already", () => {
    const bench = new FolderBench();
    bench.untilEnded();
    const { bulkBytes } = bench;
    bench.run(600 * second);
    bench.cut();
    bench.run(600 * second);
    expect([bench.ends, bench.bulkBytes, bench.agent.snapshot().action]).toEqual([["success"], bulkBytes, ""]);
    bench.put(undefined);
    bench.run(10 * second);
    expect(bench.agent.snapshot().state).toBe("idle");
    bench.put(archive());
    bench.untilEnded(2);
    expect([bench.ends, bench.bulkBytes]).toEqual([["success", "success"], bulkBytes]);
  });

  it("whose image does not boot is not tried again, but where it is put back while the ONT runs", () => {
    const bench = new FolderBench(archive(), { boot: { kind: "crashes" } });
    bench.untilEnded();
    expect([bench.ends, bench.agent.snapshot()]).toMatchObject([
      ["failure"],
      { state: "rolledBack", cause: "the image did not boot" },
    ]);
    const { bulkBytes } = bench;
    for (let life = 0; life < 3; life++) {
      bench.cut();
      bench.run(600 * second);
    }
    // The stick was out while there was no power: nobody saw it go.
    bench.cut();
    bench.put(undefined);
    bench.run(60 * second);
    bench.put(archive());
    bench.run(600 * second);
    expect([bench.ends, bench.bulkBytes]).toEqual([["failure"], bulkBytes]);
    bench.put(undefined);
    bench.run(60 * second);
    bench.put(archive());
    const tries = (): number => bench.states.filter((state) => state === "applying").length;
    const before = tries();
    bench.untilEnded(2);
    expect([bench.ends, tries() - before]).toEqual([["failure", "failure"], 1]);
  });

  it("is not read while it grows", () => {
    const bytes = archive();
    const bench = new FolderBench(undefined);
    for (let part = 1; part <= 20; part++) {
      bench.put(bytes.subarray(0, (bytes.length * part) / 20));
      bench.run(second / 2);
    }
    expect([bench.states, bench.requests.filter(({ isBulk }) => isBulk)]).toEqual([[], []]);
    expect(bench.untilEnded()).toBe(true);
    expect(bench.ends).toEqual(["success"]);
  });

  it.each([
    ["cut off", archive().subarray(0, 100_000), /^no zip file, cut off/],
    ["signed by a stranger", archive([whole], generateKeyPair().privatePem), /not signed by a trusted key$/],
    ["for other hardware", archive([{ ...whole, hardware: ["HW-9"] }]), /^incompatible-hardware$/],
    ["with another byte in a payload", spoilt(archive([whole])), /^(sha256|crc32|payload|image)-?/],
  ])(
    "%s is refused in one line, and the ONT runs as before; a good one in its place is taken",
    (_name, bytes, words) => {
      const bench = new FolderBench(bytes);
      expect(bench.untilEnded()).toBe(true);
      expect(bench.ends).toEqual(["failure"]);
      const { state, cause } = bench.agent.snapshot();
      expect([state, cause.includes("\n")]).toEqual(["failed", false]);
      expect(cause).toMatch(words);
      expect([bench.slotIs(0, oldBundle), bench.store.ont.ont.snapshot().record.committed]).toEqual([true, 0]);
      bench.run(600 * second);
      bench.cut();
      bench.run(600 * second);
      expect(bench.ends).toEqual(["failure"]);
      bench.put(archive());
      expect(bench.untilEnded(2)).toBe(true);
      expect(bench.ends).toEqual(["failure", "success"]);
    },
  );

  it("that is pulled out while it is copied leaves the ONT as it was; put back, it is taken", () => {
    const bench = new FolderBench(archive([whole]), {}, 50_000);
    bench.until(() => bench.agent.snapshot().heldBytes > BLOCK_BYTES);
    bench.put(undefined);
    bench.run(60 * second);
    expect([bench.agent.snapshot().state, bench.slotIs(0, oldBundle)]).toEqual(["idle", true]);
    bench.put(archive([whole]));
    expect(bench.untilEnded()).toBe(true);
    expect(bench.ends).toEqual(["success"]);
  });

  it.each([
    ["whole", [whole]],
    ["delta", [delta]],
  ])("survives a power cut before any operation of the flash: %s", (_name, contents) => {
    const bytes = archive(contents);
    const all = new FolderBench(bytes);
    all.untilEnded();
    const { operations } = all.store;
    expect(operations).toBeGreaterThan(8);
    for (let cutBefore = 1; cutBefore <= operations; cutBefore++) {
      const bench = new FolderBench(bytes);
      bench.store.cutBefore = cutBefore;
      expect(bench.endedThroughCuts(), `cut before operation ${cutBefore}`).toBe(true);
      expect(bench.ends, `cut before operation ${cutBefore}`).toEqual(["success"]);
      expect([bench.slotIs(0, oldBundle), bench.slotIs(1, newBundle)]).toEqual([true, true]);
      const [{ content }] = contents;
      expect(bench.bulkBytes, `cut before operation ${cutBefore}`).toBeLessThanOrEqual(content.length + BLOCK_BYTES);
    }
  });
});

/** A byte in the middle of the payload. */
function spoilt(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  other[other.length >> 1] ^= 1;
  return other;
}
