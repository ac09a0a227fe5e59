/** How boots of a new image end: trial, watchdog, roll-back, power cuts. */
import { describe, expect, it } from "vitest";
import { RECOVERY } from "../../omci/index.ts";
import { type BootPlan, type BootRecord, factoryRecord, type OntEvent } from "../../ont/index.ts";
import { ms } from "./bench.ts";
import { newFlash, type TestFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { factoryImage, storedImage, testImage } from "./images.ts";

const content = testImage(100, 3);
const watchdogMs = 9000;
const bootMs = 2000;
const restartMs = 500;

/** An ONT in S3 whose second image, the new one, boots as planned. */
function stored(boot: BootPlan): BenchOnt {
  const bench = BenchOnt.up({ boot });
  bench.download(content);
  bench.events.length = 0;
  return bench;
}

/** What happens on the way, without the storage and frame events. */
const story = (bench: BenchOnt): unknown[] =>
  bench.events
    .filter((event) => !["dropped", "windowAccepted", "imageStored"].includes(event.type))
    .map((event: OntEvent) => {
      switch (event.type) {
        case "state":
          return event.cause === undefined ? event.state : `${event.state}: ${event.cause}`;
        case "bootAttempt":
          return `attempt ${event.attempt} of ${event.slot}`;
        case "bootFailed":
          return `${event.slot} ${event.how}`;
        case "fellBack":
          return `back from ${event.from} to ${event.to}`;
        case "offline":
          return `offline (${event.reason})`;
        case "online":
          return `online ${event.activeSlot}`;
        default:
          return event.type;
      }
    });

const trialOutcome = (bench: BenchOnt): number => {
  const answer = bench.ask({ type: "getRequest", attributeMask: 0x0400 }, { classId: RECOVERY, instanceId: 0 });
  if (answer?.type !== "getResponse") throw new Error("no answer");
  return answer.values[0]!;
};

describe("a new image on trial", () => {
  it("that boots runs, not committed", () => {
    const bench = stored({ kind: "boots" });
    bench.activate(1);
    bench.runUntilOnline();
    expect(bench.ont.snapshot().online).toBe(true);
    bench.advance(restartMs * ms);
    expect(bench.ont.snapshot().online).toBe(false);
    bench.runUntilOnline();
    expect(story(bench)).toEqual(["offline (activate)", "attempt 1 of 1", "rebooting", "online 1", "trial"]);
    expect(bench.flash.record).toMatchObject({ committed: 0, trial: null });
    expect(trialOutcome(bench)).toBe(1);
  });

  it.each<["hangs" | "crashes", string, number]>([
    ["hangs", "watchdog", watchdogMs],
    ["crashes", "crash", bootMs],
  ])("that %s is tried three times, then the committed one runs; it stays valid", (kind, reason, eachMs) => {
    const bench = stored({ kind });
    bench.activate(1);
    const startNs = bench.nowNs;
    bench.advance(restartMs * ms);
    bench.runUntilOnline();
    expect(story(bench)).toEqual([
      "offline (activate)",
      "attempt 1 of 1",
      "rebooting",
      `1 ${kind}`,
      `offline (${reason})`,
      "attempt 2 of 1",
      `1 ${kind}`,
      `offline (${reason})`,
      "attempt 3 of 1",
      `1 ${kind}`,
      `offline (${reason})`,
      "back from 1 to 0",
      "attempt 1 of 0",
      "online 0",
      "rolledBack: the image did not boot",
    ]);
    expect(bench.nowNs - startNs).toBe((restartMs + 3 * eachMs + bootMs) * ms);
    expect(bench.ont.snapshot()).toMatchObject({
      activeSlot: 0,
      bootAttempts: 3,
      flags: [
        { committed: true, active: true, valid: true },
        { committed: false, active: false, valid: true },
      ],
    });
    expect(bench.flash.record.trial).toBeNull();
    expect(trialOutcome(bench)).toBe(2);
    // Tried again on demand.
    expect(bench.activate(1)).toBe(0);
    expect(bench.flash.record.trial).toEqual({ slot: 1, attempts: 0 });
  });

  it.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 0],
  ])("that boots at attempt %d ends with image %d running", (attempt, activeSlot) => {
    const bench = stored({ kind: "bootsAt", attempt });
    bench.activate(1);
    bench.advance(restartMs * ms);
    bench.runUntilOnline();
    expect(bench.ont.snapshot()).toMatchObject({ activeSlot, bootAttempts: Math.min(attempt, 3) });
  });

  it.each([
    ["before it boots", 0],
    ["while it boots", restartMs],
  ])("is not booted after a power cut %s: the committed image is, and the trial has not failed", (_when, waitMs) => {
    const bench = stored({ kind: "hangs" });
    expect(bench.activate(1)).toBe(0);
    bench.advance(waitMs * ms);
    expect(bench.flash.record.trial).toMatchObject({ slot: 1 });
    bench.powerCycle();
    expect(bench.flash.record.trial).toBeNull();
    bench.runUntilOnline();
    expect(bench.ont.snapshot()).toMatchObject({ activeSlot: 0, flags: [{ valid: true }, { valid: true }] });
    expect(trialOutcome(bench)).toBe(0);
  });

  it("is not booted again after it ran without Commit", () => {
    const bench = stored({ kind: "boots" });
    bench.activate(1);
    bench.advance(restartMs * ms);
    bench.runUntilOnline();
    bench.events.length = 0;
    expect(bench.reboot()).toBe(0);
    bench.advance(restartMs * ms);
    bench.runUntilOnline();
    expect(story(bench)).toEqual([
      "offline (reboot)",
      "attempt 1 of 0",
      "rebooting",
      "online 0",
      "rolledBack: restarted before Commit",
    ]);
  });

  it("is left by activating the committed one", () => {
    const bench = stored({ kind: "boots" });
    bench.activate(1);
    bench.advance(restartMs * ms);
    bench.runUntilOnline();
    bench.activate(0);
    bench.advance(restartMs * ms);
    bench.runUntilOnline();
    expect(bench.ont.snapshot()).toMatchObject({
      activeSlot: 0,
      state: "rolledBack",
      cause: "committed image activated",
    });
  });

  it("that was committed is no roll-back to boot", () => {
    const bench = stored({ kind: "boots" });
    bench.commit(1);
    bench.reboot();
    bench.advance(restartMs * ms);
    bench.runUntilOnline();
    expect(bench.ont.snapshot()).toMatchObject({ activeSlot: 1, state: "committed" });
  });
});

describe("activating the running image", () => {
  it("is a restart into the same image, whatever the boot loader would choose", () => {
    const bench = stored({ kind: "bootsAt", attempt: 1 });
    bench.activate(1);
    bench.advance(restartMs * ms);
    bench.runUntilOnline();
    bench.activate(1);
    bench.advance(restartMs * ms);
    bench.runUntilOnline();
    expect(bench.ont.snapshot()).toMatchObject({ activeSlot: 1, state: "trial" });
    expect(bench.flash.record).toMatchObject({ committed: 0, trial: null });
  });
});

describe("a committed image that does not boot", () => {
  const second = storedImage("SECOND", content);
  const flash = (committedFailures = 0): TestFlash => {
    const record: BootRecord = {
      ...factoryRecord(factoryImage),
      committed: 1,
      slots: [factoryImage, second],
    };
    return newFlash({ ...record, committedFailures });
  };

  it("gives way to the other valid image after three times", () => {
    const bench = BenchOnt.up({ boot: { kind: "crashes" } }, flash());
    expect(bench.ont.snapshot()).toMatchObject({ activeSlot: 0, state: "rolledBack" });
    expect(bench.flash.record).toMatchObject({ committed: 1, committedFailures: 3 });
    // The next power-on does not try it again; a Commit of what runs settles the matter.
    bench.events.length = 0;
    bench.powerCycle();
    bench.runUntilOnline();
    expect(bench.eventsOf("bootAttempt")).toEqual([{ type: "bootAttempt", slot: 0, attempt: 1 }]);
    bench.commit(0);
    expect(bench.flash.record).toMatchObject({ committed: 0, committedFailures: 0 });
  });

  it("is forgiven when it boots at last", () => {
    const bench = BenchOnt.up({ boot: { kind: "bootsAt", attempt: 3 } }, flash());
    expect(bench.ont.snapshot().activeSlot).toBe(1);
    expect(bench.flash.record.committedFailures).toBe(0);
  });

  it("and no other that does leave the ONT dark", () => {
    const other = { ...flash().record, factorySha256: [] };
    const bench = new BenchOnt({ boot: { kind: "hangs" } }, newFlash(other));
    bench.advance(600_000 * ms);
    expect(bench.ont.snapshot()).toMatchObject({
      state: "failed",
      cause: "no image boots",
      online: false,
    });
    expect(bench.ont.nextTimeoutNs()).toBe(Infinity);
    expect(bench.eventsOf("bootFailed").map((event) => event.slot)).toEqual([1, 1, 1, 0, 0, 0]);
    bench.ont.handleRanged(bench.nowNs, 1);
    expect(bench.start(100)).toBeUndefined();
  });

  it("that is not valid is replaced by the valid one, committed from then on", () => {
    const record: BootRecord = { ...flash().record, slots: [factoryImage, null] };
    const bench = BenchOnt.up({}, newFlash(record));
    expect(bench.ont.snapshot().flags).toEqual([
      { committed: true, active: true, valid: true },
      { committed: false, active: false, valid: false },
    ]);
    expect(bench.flash.record.committed).toBe(0);
  });
});
