/** An operator's commands: pause, resume, abort, skip, rate; in virtual time. */
import { describe, expect, it } from "vitest";
import { decodeMessage } from "../../omci/index.ts";
import type { OltCommand, OltEvent } from "../../olt/index.ts";
import { ms } from "../ont/bench.ts";
import { committedBytes, type Fleet, type FleetOptions, makeFleet } from "../support/fleet.ts";
import { expectAllCommitted, outcomes } from "./hands.ts";

const windows = ({ pon }: Fleet): number => pon.olt.status().counters.windows;
const phases = ({ pon }: Fleet): string[] => pon.olt.status().onts.map(({ phase }) => phase);
const command = ({ pon }: Fleet, asked: OltCommand) => pon.olt.handleCommand(pon.nowNs, asked);

/** Everybody runs what is committed, and that is not the image sent. */
function expectOldImages({ pon, image }: Fleet): void {
  for (const ont of pon.onts) {
    const { flags, online, activeSlot } = ont.core.snapshot();
    expect([online, flags[activeSlot].committed]).toEqual([true, true]);
    expect(Buffer.compare(committedBytes(ont), image)).not.toBe(0);
    const other = (1 - activeSlot) as 0 | 1;
    if (flags[other].valid) expect(Buffer.compare(ont.slots[other], image)).toBe(0);
  }
}

/** Runs until so many windows have been sent. */
function toWindow(count: number, options: FleetOptions = {}): Fleet {
  const fleet = makeFleet({ imageBytes: 60_000, ...options });
  fleet.pon.run(() => windows(fleet) >= count);
  return fleet;
}

function until(fleet: Fleet, phase: string): void {
  fleet.pon.run(() => phases(fleet).includes(phase));
}

/** Lets so much time pass. */
function pass({ pon }: Fleet, forNs: number): void {
  const untilNs = pon.nowNs + forNs;
  pon.run(() => pon.nowNs >= untilNs || pon.olt.nextTimeoutNs() > untilNs);
  pon.nowNs = Math.max(pon.nowNs, untilNs);
}

const kindsOf = (frames: { pdu: Uint8Array }[]): string[] =>
  frames.map(({ pdu }) => {
    const decoded = decodeMessage(pdu);
    return decoded.ok ? decoded.message.type : decoded.cause;
  });

const commands = (fleet: Fleet): Extract<OltEvent, { type: "command" }>[] =>
  fleet.pon.oltEvents.flatMap((event) => (event.type === "command" ? [event] : []));

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
    const { firstStartNs, lastEndNs, finishedNs, groups } = fleet.pon.olt.status();
    expect(firstStartNs).toBeLessThan(atNs);
    expect(lastEndNs).toBeGreaterThan(atNs + 50e9);
    expect(groups[0].endNs).toBeGreaterThan(atNs + 50e9);
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

describe("abort", () => {
  it("tells what was sent until then", () => {
    const fleet = toWindow(4, { olt: { rateBytesPerSecond: 50_000 } });
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    const { groups, counters } = fleet.pon.olt.status();
    expect(counters.sectionPayloadBytes).toBeGreaterThan(0);
    expect(groups.map(({ payloadBytes }) => payloadBytes)).toEqual([counters.sectionPayloadBytes]);
  });

  for (const mode of ["multicast", "unicast"] as const)
    it(`in the download: End with size 0 to each, nobody has the new image: ${mode}`, () => {
      const fleet = toWindow(4, { olt: { mode } });
      const sent = fleet.pon.downstream.length;
      command(fleet, { kind: "abort" });
      fleet.pon.run();
      const kinds = kindsOf(fleet.pon.downstream.slice(sent));
      expect(new Set(kinds)).toEqual(new Set(["endDownloadRequest"]));
      expect(outcomes(fleet)).toEqual(fleet.pon.onts.map(() => "failed aborted by the operator"));
      expect(fleet.pon.olt.status()).toMatchObject({ phase: "stopped", stopReason: "aborted by the operator" });
      expectOldImages(fleet);
    });

  it("of one that is paused: what was held back never leaves", () => {
    const fleet = toWindow(4);
    command(fleet, { kind: "pause" });
    pass(fleet, 100 * ms);
    const { sections } = fleet.pon.olt.status().counters;
    expect(command(fleet, { kind: "abort" })).toEqual({ accepted: true });
    fleet.pon.run();
    expect(fleet.pon.olt.status().counters.sections).toBe(sections);
    expectOldImages(fleet);
  });

  for (const phase of ["discovering", "starting", "ending", "activating", "rebooting", "soaking"])
    it(`while ${phase}`, () => {
      const fleet = makeFleet({ imageBytes: 20_000 });
      until(fleet, phase);
      command(fleet, { kind: "abort" });
      fleet.pon.run();
      expect(outcomes(fleet).every((outcome) => outcome.endsWith("aborted by the operator"))).toBe(true);
      // Whoever has an Activate on its way boots, and boots back.
      expectOldImages(fleet);
      expect(phases(fleet)).not.toContain("committed");
    });

  it("what was stored stays stored, not active; what was committed stays", () => {
    const fleet = makeFleet({ imageBytes: 20_000, olt: { canary: 1, wave: 1 } });
    until(fleet, "committed");
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    expect(outcomes(fleet)).toEqual([
      "committed",
      "rolledBack aborted by the operator",
      ...[2, 3].map(() => "stored not activated: aborted by the operator"),
    ]);
    expect(Buffer.compare(committedBytes(fleet.pon.onts[0]), fleet.image)).toBe(0);
  });

  it("of a trial that is to stay uncommitted: the old image runs again", () => {
    const fleet = makeFleet({ imageBytes: 20_000, olt: { commit: false, canary: 1 } });
    until(fleet, "trial");
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    expect(outcomes(fleet)[0]).toBe("rolledBack aborted by the operator");
    expectOldImages(fleet);
  });

  it("repeats End until it is answered", () => {
    let lost = 0;
    const loses = (direction: string, onuId: number, pdu: Uint8Array): boolean => {
      const decoded = decodeMessage(pdu);
      const isEnd = decoded.ok && decoded.message.type === "endDownloadRequest";
      return direction === "down" && onuId === 2 && isEnd && lost++ < 3;
    };
    const fleet = toWindow(4, { link: { latencyNs: ms, loses } });
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    expect(lost).toBe(4);
    expect(outcomes(fleet)[2]).toBe("failed aborted by the operator");
  });

  it("of a run that has not begun ends it", () => {
    const fleet = makeFleet({ olt: { expectedOnts: 5 } });
    until(fleet, "waiting");
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    expect(outcomes(fleet)).toEqual(fleet.pon.onts.map(() => "failed aborted by the operator"));
  });

  it("takes no further command", () => {
    const fleet = toWindow(4);
    command(fleet, { kind: "abort" });
    const reason = "the run is being aborted";
    expect(command(fleet, { kind: "pause" })).toEqual({ accepted: false, reason });
    fleet.pon.run();
    expect(command(fleet, { kind: "resume" })).toEqual({ accepted: false, reason: "the OLT is done" });
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
    expect(kindsOf(fleet.pon.downstream.filter(({ to }) => to === 3))).toEqual([]);
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
