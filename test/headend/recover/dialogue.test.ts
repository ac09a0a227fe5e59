/** The dialogue of a recovery with a boot loader of ours, without a road: in order, cut at each of its actions, and where it is refused. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  findProfile,
  recover,
  type RecoverAction,
  type RecoverOutcome,
  type RecoverPlan,
  type RecoverReply,
} from "../../../headend/recover/index.ts";
import { factoryRecord } from "../../../ont/index.ts";
import { createFactoryState } from "../../../ont/process/slots.ts";
import { LossyFiles } from "../../ont/lossy-files.ts";
import { storedImage } from "../../ont/images.ts";
import { brick, bundleOf, newBundle, oldBundle, otherKeys, RecoveryBench } from "../../ont/recovery/bench.ts";
import { imageOf, planOf } from "./fixture.ts";

const FOLDER = "/state/onts/1";
const ok = (text = "", bytes?: Uint8Array): RecoverReply => ({
  kind: "answer",
  ok: true,
  text,
  ...(bytes && { bytes }),
});

/** A device, and what carries the dialogue's actions to it. */
class Road {
  files = new LossyFiles();
  bench: RecoveryBench;
  readonly actions: RecoverAction[] = [];
  readonly told: string[] = [];
  #hash = createHash("sha256");
  readonly #change: ConstructorParameters<typeof RecoveryBench>[1];

  constructor(make: (files: LossyFiles) => void, change: ConstructorParameters<typeof RecoveryBench>[1] = {}) {
    this.#change = change;
    make(this.files);
    this.bench = new RecoveryBench(FOLDER, change, this.files.fs);
  }

  /** Power off and on. */
  cut(): void {
    this.files = this.files.afterCut({ nameChanges: 0, data: "lost" });
    this.bench = new RecoveryBench(FOLDER, this.#change, this.files.fs);
  }

  /** @param before may say what becomes of an action instead */
  run(
    plan: RecoverPlan,
    bundle: Uint8Array,
    before: (action: RecoverAction, at: number) => RecoverReply | undefined = () => undefined,
  ): RecoverOutcome {
    const dialogue = recover(plan);
    for (let step = dialogue.next(ok()); ;) {
      if (step.done === true) return step.value;
      const { value } = step;
      if (value.kind === "progress") {
        this.told.push(`${value.progress.step}: ${value.progress.text}`);
        step = dialogue.next(ok());
      } else {
        this.actions.push(value);
        step = dialogue.next(before(value, this.actions.length - 1) ?? this.#carry(value, bundle));
      }
    }
  }

  #carry(action: RecoverAction, bundle: Uint8Array): RecoverReply {
    switch (action.kind) {
      case "connect":
        return ok();
      case "wait":
        this.bench.settle();
        return ok();
      case "load":
        this.bench.load(bundle.subarray(action.offsetBytes, action.offsetBytes + action.lengthBytes));
        return ok();
      case "hash":
        if (action.isFirst) this.#hash = createHash("sha256");
        return ok(this.#hash.update(action.bytes).copy().digest("hex"));
      case "command":
      case "read":
        return { kind: "answer", ...this.bench.ask(action.text) };
      case "put":
      case "get":
        return { kind: "answer", ok: false, text: "no files" };
    }
  }

  get loadedBytes(): number {
    return this.actions.reduce((sum, action) => sum + (action.kind === "load" ? action.lengthBytes : 0), 0);
  }
}

const bricked = (files: LossyFiles): void => brick(FOLDER, {}, files.fs);
const healthy = (files: LossyFiles): void =>
  createFactoryState(FOLDER, oldBundle, factoryRecord(storedImage("1.0.0", oldBundle)), "fsync", { fs: files.fs });
/** So that there are several blocks. */
const inBlocks = { ...findProfile("poncast-ont"), blockBytes: { fastboot: 40_000 } };
const plan = planOf(newBundle, { profile: inBlocks });

describe("a recovery", () => {
  it("goes from detection to the committed image, a step after the other", () => {
    const road = new Road(bricked);
    expect(road.run(plan, newBundle)).toMatchObject({ ok: true, device: { slot: "a", serial: "PCST0000002A" } });
    const steps = [...new Set(road.told.map((line) => line.split(":", 1)[0]))];
    expect(steps).toEqual(["detect", "identify", "check", "send", "verify", "activate", "reboot", "prove"]);
    expect(road.loadedBytes).toBe(newBundle.length);
    expect(road.bench.record).toMatchObject({ committed: 0, slots: [{ version: "2.0.0" }, null] });
  });

  it("leaves the committed image of a device that was only held, and commits to the new one", () => {
    const road = new Road(healthy, { diagnostic: true });
    expect(road.run(plan, newBundle)).toMatchObject({ ok: true, device: { slot: "b" } });
    expect(road.told.at(-1)).toBe("commit: slot b is committed");
    expect(road.bench.record).toMatchObject({ committed: 1, slots: [{ version: "1.0.0" }, { version: "2.0.0" }] });
  });

  it("goes on where the road broke, or the power was cut, at each of its actions", () => {
    const whole = new Road(bricked);
    whole.run(plan, newBundle);
    const actions = whole.actions.length;
    expect(actions).toBeGreaterThan(35);
    for (const how of ["road", "power"] as const)
      for (let cutAt = 0; cutAt < actions; cutAt++) {
        const road = new Road(bricked);
        const outcome = road.run(plan, newBundle, (_action, at) => {
          if (at !== cutAt) return undefined;
          if (how === "power") road.cut();
          return { kind: "lost", cause: "cut" };
        });
        // A wait that is lost is somebody who has ended the program.
        if (!outcome.ok) expect([outcome.cause, whole.actions[cutAt]?.kind]).toEqual(["cut", "wait"]);
        else expect(road.bench.port.snapshot(), `${how} at ${cutAt}`).toMatchObject({ online: true });
        expect(road.loadedBytes, `${how} at ${cutAt}`).toBeLessThanOrEqual(newBundle.length + 40_000);
        if (outcome.ok) continue;
        expect(road.run(plan, newBundle)).toMatchObject({ ok: true });
      }
  });

  it("is finished already where the image runs, and sends nothing", () => {
    const road = new Road(bricked);
    road.run(plan, newBundle);
    const { loadedBytes } = road;
    expect(road.run(plan, newBundle)).toMatchObject({ ok: true, text: "2.0.0 runs in slot a" });
    expect(road.loadedBytes).toBe(loadedBytes);
  });

  it("changes nothing in a dry run", () => {
    const road = new Road(bricked);
    expect(road.run({ ...plan, dryRun: true }, newBundle)).toMatchObject({
      ok: true,
      text: "nothing was changed (--dry-run)",
    });
    expect(
      road.actions.every(
        (action) => action.kind === "connect" || (action.kind === "command" && action.text.startsWith("getvar:")),
      ),
    ).toBe(true);
  });

  it("restarts a device into its boot loader only where it is asked to", () => {
    const road = new Road(healthy);
    road.bench.settle();
    expect(road.run(plan, newBundle)).toMatchObject({
      ok: false,
      isInput: true,
      step: "identify",
      cause: expect.stringContaining("--enter"),
    });
    expect(road.run({ ...plan, enters: true }, newBundle)).toMatchObject({ ok: true });
  });

  it.each([
    [
      "another product",
      { images: [imageOf(newBundle, { productCode: "PC-9" })] },
      "check",
      "the image is for product PC-9, the device is PC-1",
    ],
    [
      "other hardware",
      { images: [imageOf(newBundle, { hardware: ["HW-2", "HW-3"] })] },
      "check",
      "the image is for hardware HW-2, HW-3, the device is HW-1",
    ],
    ["a slot that there is not", { slot: "c" }, "check", "--slot: c is none; the device has a, b"],
    [
      "another kind of device",
      { profile: { ...inBlocks, expects: { "version-bootloader": "U-Boot" } } },
      "identify",
      'no device of profile poncast-ont: version-bootloader is "poncast", not "U-Boot"; name another with --profile',
    ],
  ] as const)("does not begin with %s", (_what, change, step, cause) => {
    const road = new Road(bricked);
    expect(road.run({ ...plan, ...change }, newBundle)).toEqual({ ok: false, isInput: true, step, cause });
    expect(road.loadedBytes).toBe(0);
  });

  it("takes of several images the one for this hardware", () => {
    const road = new Road(bricked);
    const images = [imageOf(oldBundle, { hardware: ["HW-2"] }), imageOf(newBundle)];
    expect(road.run({ ...plan, images }, newBundle)).toMatchObject({ ok: true });
  });

  it("tells why the device refused the image, and leaves it so that it can be recovered", () => {
    const road = new Road(bricked);
    const foreign = bundleOf("2.0.0", 60_000, {}, otherKeys);
    expect(road.run({ ...plan, images: [imageOf(foreign)] }, foreign)).toEqual({
      ok: false,
      isInput: false,
      step: "send",
      cause: "the device refuses oem: untrusted-signature",
    });
    expect(road.run(plan, newBundle)).toMatchObject({ ok: true });
  });

  it("tells that what was read back is something else, and does not make it active", () => {
    const road = new Road(bricked);
    const outcome = road.run(plan, newBundle, (action) =>
      action.kind === "read" ? ok("", new Uint8Array(action.lengthBytes)) : undefined,
    );
    expect(outcome).toMatchObject({ ok: false, step: "verify", cause: "what was read back is not what was sent" });
    expect(road.actions.some((action) => action.kind === "command" && action.text.startsWith("set_active"))).toBe(
      false,
    );
  });

  it("tells that the image does not boot", () => {
    const road = new Road(bricked, { boot: { kind: "hangs" } });
    const outcome = road.run(plan, newBundle, (action, at) => {
      // Its restart is seen from outside.
      const isPoll = action.kind === "connect" && road.actions[at - 1]?.kind === "wait";
      return isPoll && road.actions.filter(({ kind }) => kind === "connect").length === 2
        ? { kind: "lost", cause: "gone" }
        : undefined;
    });
    expect(outcome).toMatchObject({ ok: false, step: "prove", cause: "the image does not boot: no image boots" });
  });

  it("gives up on a device that only goes away", () => {
    const road = new Road(bricked);
    const outcome = road.run(plan, newBundle, (action) =>
      action.kind === "command" ? { kind: "lost", cause: "gone" } : undefined,
    );
    expect(outcome).toEqual({ ok: false, step: "detect", cause: "gone", isInput: false });
    expect(road.actions.length).toBeLessThan(40);
  });
});
