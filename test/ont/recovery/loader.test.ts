/** The boot loader in diagnostic mode: when it stays, what it takes, what it refuses, and what comes of it. */
import { describe, expect, it } from "vitest";
import { BOOT_ATTEMPTS_MAX, factoryRecord } from "../../../ont/index.ts";
import { createFactoryState } from "../../../ont/process/slots.ts";
import { storedImage } from "../images.ts";
import { LossyFiles } from "../lossy-files.ts";
import { brick, bundleOf, newBundle, oldBundle, otherKeys, recover, RecoveryBench } from "./bench.ts";

const FOLDER = "/state/onts/1";

function bricked(change: Parameters<typeof brick>[1] = {}): RecoveryBench {
  const files = new LossyFiles();
  files.put(`${FOLDER}/.`, new Uint8Array(0));
  brick(FOLDER, change, files.fs);
  return new RecoveryBench(FOLDER, {}, files.fs);
}

function whole(change: ConstructorParameters<typeof RecoveryBench>[1] = {}): RecoveryBench {
  const files = new LossyFiles();
  const record = { ...factoryRecord(storedImage("1.0.0", oldBundle)), factorySha256: [] };
  createFactoryState(FOLDER, oldBundle, record, "fsync", { fs: files.fs });
  return new RecoveryBench(FOLDER, change, files.fs);
}

describe("the boot loader stays in diagnostic mode", () => {
  it("when no image boots, and says so", () => {
    const bench = bricked();
    expect(bench.diagnostic).toBe("no image boots");
    expect(bench.events).toContainEqual({ type: "diagnostic", cause: "no image boots" });
    expect(bench.ask("getvar:is-userspace").text).toBe("no");
  });

  it("when the only image has not booted as often as is allowed", () => {
    const bench = whole({ boot: { kind: "crashes" } });
    bench.settle();
    expect(bench.diagnostic).toBe("no image boots");
    expect(bench.record.committedFailures).toBe(BOOT_ATTEMPTS_MAX);
    expect([bench.ask("getvar:slot-unbootable:a").text, bench.ask("getvar:slot-retry-count:a").text]).toEqual([
      "yes",
      "0",
    ]);
    // That image boots no more: its slot may be filled, and is the one that boots then.
    expect(recover(bench, newBundle).ok).toBe(true);
    expect(bench.record.committedFailures).toBe(0);
  });

  it("when it is held there, until it is told to leave, over power cuts", () => {
    const files = new LossyFiles();
    createFactoryState(FOLDER, oldBundle, factoryRecord(storedImage("1.0.0", oldBundle)), "fsync", { fs: files.fs });
    expect(new RecoveryBench(FOLDER, { diagnostic: true }, files.fs).diagnostic).toBe("held in diagnostic mode");
    const bench = new RecoveryBench(FOLDER, {}, files.fs);
    expect(bench.diagnostic).toBe("held in diagnostic mode");
    expect(bench.ask("reboot").ok).toBe(true);
    bench.settle();
    expect([bench.diagnostic, bench.events.at(-2)?.type]).toEqual([undefined, "online"]);
    expect(new RecoveryBench(FOLDER, {}, files.fs).diagnostic).toBeUndefined();
  });

  it("when an image that runs is told to restart into it", () => {
    const bench = whole();
    bench.settle();
    expect(bench.ask("flash:image_b").text).toBe("an image runs");
    expect(bench.ask("getvar:current-slot").text).toBe("a");
    expect(bench.ask("reboot-bootloader").ok).toBe(true);
    bench.settle();
    expect(bench.diagnostic).toBe("held in diagnostic mode");
  });
});

describe("an image that is sent to it", () => {
  it.each([
    ["whole, into the committed slot", "a", 0],
    ["whole, into the other one", "b", 0],
    ["in blocks", "b", 16_384],
  ] as const)("%s boots after a restart", (_how, slot, blockBytes) => {
    const bench = bricked();
    expect(recover(bench, newBundle, { slot, blockBytes, identity: "0102", leaves: false })).toEqual({
      ok: true,
      text: "",
      lines: [],
    });
    expect(Buffer.compare(bench.bytesOf(`fetch:image_${slot}`), newBundle)).toBe(0);
    expect(bench.ask("reboot").ok).toBe(true);
    bench.settle();
    expect(bench.diagnostic).toBeUndefined();
    expect(bench.events.findLast(({ type }) => type === "online")).toEqual({
      type: "online",
      activeSlot: slot === "a" ? 0 : 1,
    });
    const answers = ["current-slot", `image-version:${slot}`, `slot-successful:${slot}`].map(
      (name) => bench.ask(`getvar:${name}`).text,
    );
    expect(answers).toEqual([slot, "2.0.0", slot === "a" ? "yes" : "no"]);
    // On trial as any image that was activated, until somebody commits to it.
    expect(bench.ask("oem commit").ok).toBe(true);
    expect(bench.ask(`getvar:slot-successful:${slot}`).text).toBe("yes");
  });

  it.each([
    ["unsigned by anybody it trusts", bundleOf("2.0.0", 500, {}, otherKeys), "untrusted-signature"],
    ["of another product", bundleOf("2.0.0", 500, { productCode: "PC-2" }), "wrong-product-code"],
    ["for other hardware", bundleOf("2.0.0", 500, { hardware: ["HW-9"] }), "incompatible-hardware"],
    ["cut off", newBundle.subarray(0, 100_000), "truncated"],
    ["no bundle", new Uint8Array(5_000).fill(7), "not-a-bundle"],
    ["changed in the middle", newBundle.map((byte, at) => (at === 90_000 ? byte ^ 1 : byte)), "payload-hash-mismatch"],
    ["older than what it has committed to", bundleOf("2.0.0", 500, { securityVersion: 3 }), "security-version-too-low"],
  ])("is refused when it is %s, and never becomes valid", (_what, bundle, cause) => {
    const bench = bricked({ securityVersion: cause === "security-version-too-low" ? 4 : 0 });
    bench.load(bundle);
    expect(bench.ask("flash:image_a")).toMatchObject({ ok: false, text: cause });
    expect(bench.record.slots).toEqual([null, null]);
    expect(bench.ask("set_active:a")).toMatchObject({ ok: false, text: "image-not-valid" });
    expect(bench.ask("fetch:image_a")).toMatchObject({ ok: false, text: "image-not-valid" });
    // And the next one is taken.
    expect(recover(bench, bundleOf("3.0.0", 700, { securityVersion: 5 })).ok).toBe(true);
  });

  it("never takes the place of the committed image while that boots", () => {
    const bench = whole({ diagnostic: true });
    expect(recover(bench, newBundle).text).toBe("slot-holds-the-committed-image");
    expect(recover(bench, newBundle, { slot: "b" }).ok).toBe(true);
    bench.settle();
    expect(bench.ask("getvar:current-slot").text).toBe("b");
  });

  it("that does not boot leaves the boot loader in diagnostic mode again", () => {
    const files = new LossyFiles();
    brick(FOLDER, {}, files.fs);
    const bench = new RecoveryBench(FOLDER, { boot: { kind: "hangs" } }, files.fs);
    expect(recover(bench, newBundle, { slot: "b" }).ok).toBe(true);
    bench.settle();
    expect(bench.diagnostic).toBe("no image boots");
    expect(bench.ask("getvar:slot-unbootable:b").text).toBe("yes");
    expect(recover(bench, newBundle, { slot: "b" }).ok).toBe(true);
  });

  it("that was damaged since is not made active", () => {
    const files = new LossyFiles();
    brick(FOLDER, {}, files.fs);
    const bench = new RecoveryBench(FOLDER, {}, files.fs);
    bench.load(newBundle);
    expect(bench.ask("flash:image_b").ok).toBe(true);
    const path = `${FOLDER}/slot1.img`;
    const descriptor = files.fs.openSync(path, "r+");
    files.fs.writeSync(descriptor, Uint8Array.of(0), 0, 1, 80_000);
    expect(bench.ask("set_active:b").text).toBe("the-stored-image-is-damaged");
  });
});

describe("its commands", () => {
  it("answer anything else in one line", () => {
    const bench = bricked();
    for (const text of [
      "",
      "flash",
      "flash:image_c",
      "erase:image_a",
      "oem",
      "oem begin image_a",
      "oem begin image_a zz",
      "set_active:c",
      "getvar:nothing",
      "fetch:image_a:0:0",
      "upload",
      "oem write 0",
      "oem end image_b",
      "__proto__",
      "getvar:__proto__",
    ])
      expect(bench.ask(text), text).toMatchObject({ ok: false, text: expect.stringMatching(/^[\w ()-]+$/) });
    expect(bench.loader.isBusy).toBe(false);
  });

  it("tell all variables, each as it is told alone", () => {
    const bench = bricked();
    const { lines } = bench.ask("getvar:all");
    expect(lines.length).toBeGreaterThan(25);
    for (const line of lines) {
      const at = line.lastIndexOf(":");
      expect(bench.ask(`getvar:${line.slice(0, at)}`).text).toBe(line.slice(at + 1));
    }
  });

  it("give out no more than there is", () => {
    const bench = bricked();
    recover(bench, newBundle, { leaves: false });
    const size = newBundle.length.toString(16);
    expect(bench.bytesOf("fetch:image_a:0x10:0x20")).toEqual(newBundle.slice(16, 48));
    for (const range of [`0:${(newBundle.length + 1).toString(16)}`, `${size}:1`, "0:0", "ffffffff:1"])
      expect(bench.ask(`fetch:image_a:${range}`).text).toBe("impossible-range");
  });
});
