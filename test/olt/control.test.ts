/** An operator's commands: pause, resume, skip, rate; in virtual time. */
import { describe, expect, it } from "vitest";
import { ms } from "../ont/bench.ts";
import { makeFleet } from "../support/fleet.ts";
import { command, commands, expectOldImage, kindsOf, pass, toWindow, until } from "./control-hands.ts";
import { expectAllCommitted, outcomes } from "./hands.ts";

describe("pause", () => {
  for (const mode of ["multicast", "unicast"] as const)
    it(`sends no section, loses nobody, and goes on where it was: ${mode}`, () => {
      const undisturbed = makeFleet({ imageBytes: 60_000, olt: { mode } });
      undisturbed.pon.run();
      const fleet = toWindow(4, { olt: { mode } });
      expect(command(fleet, { kind: "pause" })).toEqual({ accepted: true });
      expect(fleet.pon.olt.status().control.paused).toBe(true);
      const sent = fleet.pon.downstream.length;
      const pausedFromNs = fleet.pon.nowNs;
      fleet.pon.run(() => fleet.pon.nowNs >= pausedFromNs + 600e9);
      // A question to each ONT in download, at most every 10 s.
      const kinds = kindsOf(fleet.pon.downstream.slice(sent));
      expect(new Set(kinds)).toEqual(new Set(["getRequest"]));
      expect(kinds.length).toBeLessThanOrEqual(4 * 61);
      command(fleet, { kind: "resume" });
      fleet.pon.run();
      expectAllCommitted(fleet);
      const { counters } = fleet.pon.olt.status();
      expect(counters).toEqual(undisturbed.pon.olt.status().counters);
    });

  it("takes the answers that are on their way", () => {
    const fleet = toWindow(4);
    command(fleet, { kind: "pause" });
    pass(fleet, 5 * ms);
    const answered = (): number => fleet.pon.oltEvents.filter(({ type }) => type === "windowAnswered").length;
    expect(answered()).toBeGreaterThanOrEqual(4 * 3);
    expect(fleet.pon.oltEvents.some(({ type }) => type === "dropped")).toBe(false);
  });

  it("holds the activation: no Activate, no Commit leaves", () => {
    for (const phase of ["stored", "soaking"]) {
      const fleet = makeFleet({ imageBytes: 20_000, olt: { soakNs: 50 * ms } });
      until(fleet, phase);
      command(fleet, { kind: "pause" });
      const sent = fleet.pon.downstream.length;
      const atNs = fleet.pon.nowNs;
      fleet.pon.run(() => fleet.pon.nowNs >= atNs + 100e9);
      expect(kindsOf(fleet.pon.downstream.slice(sent)).filter((kind) => kind !== "getRequest")).toEqual([]);
      command(fleet, { kind: "resume" });
      fleet.pon.run();
      expectAllCommitted(fleet);
    }
  });

  it("times are those of the run: nothing ends before it began", () => {
    const fleet = toWindow(2);
    command(fleet, { kind: "pause" });
    const atNs = fleet.pon.nowNs;
    fleet.pon.run(() => fleet.pon.nowNs >= atNs + 50e9);
    command(fleet, { kind: "resume" });
    fleet.pon.run();
    const { firstStartNs, lastEndNs, firstActivateNs, lastCommitNs, finishedNs, groups, onts } = fleet.pon.olt.status();
    expect(firstStartNs).toBeLessThan(atNs);
    expect(lastEndNs).toBeGreaterThan(atNs + 50e9);
    expect(firstActivateNs).toBeGreaterThanOrEqual(lastEndNs);
    expect(lastCommitNs).toBeGreaterThan(firstActivateNs);
    expect(groups[0].endNs).toBeGreaterThan(atNs + 50e9);
    expect(onts.every(({ startedNs, endedNs }) => startedNs < atNs && endedNs > atNs + 50e9)).toBe(true);
    expect(finishedNs).toBe(fleet.pon.nowNs);
  });

  it("an ONT that loses its power meanwhile is served behind it", () => {
    const fleet = toWindow(3);
    const [ont] = fleet.pon.onts;
    command(fleet, { kind: "pause" });
    fleet.pon.powerOff(ont);
    fleet.pon.powerOn(ont);
    const atNs = fleet.pon.nowNs;
    fleet.pon.run(() => fleet.pon.nowNs >= atNs + 40e9);
    command(fleet, { kind: "resume" });
    fleet.pon.run();
    expectAllCommitted(fleet);
  });
});

describe("skip", () => {
  for (const phase of ["discovering", "starting", "downloading", "ending", "soaking"])
    it(`one ONT while ${phase}: the others go on`, () => {
      const fleet = makeFleet({ imageBytes: 20_000 });
      until(fleet, phase);
      const { serial, onuId } = fleet.pon.onts[1];
      expect(command(fleet, { kind: "skip", ...(phase === "ending" ? { onuId } : { serial }) }).accepted).toBe(true);
      fleet.pon.run();
      expect(outcomes(fleet)).toEqual(["committed", "skipped skipped by the operator", "committed", "committed"]);
      const { flags, activeSlot } = fleet.pon.onts[1].core.snapshot();
      expect([activeSlot, flags[activeSlot].committed]).toEqual([1, true]);
    });

  it("of one that is still to come, and that comes back", () => {
    const fleet = makeFleet({ imageBytes: 20_000 });
    const { serial } = fleet.pon.onts[3];
    expect(command(fleet, { kind: "skip", serial, ahead: true }).accepted).toBe(true);
    until(fleet, "downloading");
    fleet.pon.powerOff(fleet.pon.onts[3]);
    fleet.pon.powerOn(fleet.pon.onts[3]);
    fleet.pon.run();
    expect(outcomes(fleet)[3]).toBe("skipped skipped by the operator");
    // It is asked what it has, and told to drop what an OLT before may have begun: nothing else.
    const kinds = new Set(kindsOf(fleet.pon.downstream.filter(({ to }) => to === 3)));
    expect(kinds).toEqual(new Set(["getRequest", "setRequest", "endDownloadRequest"]));
    expectOldImage(fleet, fleet.pon.onts[3]);
  });

  it("is refused for one that nobody knows, or that is done", () => {
    const fleet = makeFleet({ imageBytes: 20_000, olt: { canary: 1, soakNs: 500 * ms } });
    until(fleet, "committed");
    expect(command(fleet, { kind: "skip", serial: "NOPE00000001" })).toEqual({
      accepted: false,
      reason: "no ONT NOPE00000001 is here",
    });
    expect(command(fleet, { kind: "skip", onuId: 0 })).toEqual({
      accepted: false,
      reason: "ONT with ONU-ID 0 is committed already",
    });
  });
});

describe("rate", () => {
  it("is kept from then on", () => {
    const fleet = toWindow(2, { imageBytes: 200_000, olt: { rateBytesPerSecond: 1e6 } });
    expect(command(fleet, { kind: "rate", bitsPerSecond: 80_000 }).accepted).toBe(true);
    expect(fleet.pon.olt.status().control.rateBytesPerSecond).toBe(10_000);
    const { sectionPayloadBytes } = fleet.pon.olt.status().counters;
    const fromNs = fleet.pon.nowNs;
    fleet.pon.run(() => fleet.pon.nowNs >= fromNs + 4e9);
    const bytes = fleet.pon.olt.status().counters.sectionPayloadBytes - sectionPayloadBytes;
    expect(bytes).toBeGreaterThan(30_000);
    expect(bytes).toBeLessThan(42_000);
    command(fleet, { kind: "rate", bitsPerSecond: null });
    fleet.pon.run();
    expect(fleet.pon.nowNs).toBeLessThan(fromNs + 12e9);
    expectAllCommitted(fleet);
  });

  it("has limits", () => {
    const fleet = toWindow(2);
    expect(command(fleet, { kind: "rate", bitsPerSecond: 1 }).accepted).toBe(false);
    expect(command(fleet, { kind: "rate", bitsPerSecond: Number.NaN }).accepted).toBe(false);
    expect(command(fleet, { kind: "rate", bitsPerSecond: 1e15 }).accepted).toBe(false);
  });
});

describe("commands", () => {
  it("with an id are carried out once, and told the same again", () => {
    const fleet = toWindow(3);
    expect(command(fleet, { kind: "pause", id: "a" }).accepted).toBe(true);
    expect(command(fleet, { kind: "pause", id: "a" }).accepted).toBe(true);
    expect(command(fleet, { kind: "pause", id: "b" })).toEqual({ accepted: false, reason: "it is paused already" });
    expect(command(fleet, { kind: "resume" }).accepted).toBe(true);
    expect(command(fleet, { kind: "resume" })).toEqual({ accepted: false, reason: "it is not paused" });
  });

  it("are told as events, with who and what", () => {
    const fleet = toWindow(3);
    command(fleet, { kind: "rate", bitsPerSecond: 1e6, by: "somebody", id: "7" });
    command(fleet, { kind: "skip", serial: fleet.pon.onts[2].serial });
    command(fleet, { kind: "resume" });
    fleet.pon.run();
    const all = { type: "command", onuId: -1, by: "", id: "", refused: "" };
    expect(commands(fleet)).toEqual([
      { ...all, command: "rate", bitsPerSecond: 1e6, by: "somebody", id: "7" },
      { ...all, command: "skip", onuId: 2 },
      { ...all, command: "resume", refused: "it is not paused" },
    ]);
  });
});
