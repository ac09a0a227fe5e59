/** An operator gives a run up, wherever it stands: nobody is left with half an image, or on trial. */
import { describe, expect, it } from "vitest";
import { decodeMessage, RESULT } from "../../omci/index.ts";
import { ms } from "../ont/bench.ts";
import { committedBytes, type Fleet, makeFleet, oltConfig } from "../support/fleet.ts";
import { command, expectOldImages, kindsOf, pass, phases, toWindow, until } from "./control-hands.ts";
import { outcomes } from "./hands.ts";

/** Of an answer to End, in the extended message set. */
const RESULT_OCTET = 10;

describe("abort", () => {
  it("tells what was sent until then", () => {
    const fleet = toWindow(4, { olt: { rateBytesPerSecond: 50_000 } });
    const sent = fleet.pon.downstream.length;
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    expect(new Set(kindsOf(fleet.pon.downstream.slice(sent)))).toEqual(new Set(["endDownloadRequest"]));
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

  /** The third ONT answers so many Ends "device busy". @returns when each of them was asked for */
  function abortWithBusy(times: number): { fleet: Fleet; askedNs: number[]; fromNs: number } {
    const askedNs: number[] = [];
    const fleet = toWindow(4, {
      link: {
        latencyNs: ms,
        loses: (direction, onuId, pdu) => {
          if (onuId !== 2 || !kindsOf([{ pdu }])[0].startsWith("endDownload")) return false;
          if (direction === "down") askedNs.push(fleet.pon.nowNs);
          else if (askedNs.length <= times) pdu[RESULT_OCTET] = RESULT.deviceBusy;
          return false;
        },
      },
    });
    const fromNs = fleet.pon.nowNs;
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    return { fleet, askedNs, fromNs };
  }

  it("repeats End, with pauses, while it is answered 6", () => {
    const { fleet, askedNs } = abortWithBusy(3);
    expect(outcomes(fleet)).toEqual(fleet.pon.onts.map(() => "failed aborted by the operator"));
    expect(askedNs).toHaveLength(4);
    const { busyPollNs } = oltConfig().limits;
    expect(askedNs.slice(1).every((atNs, index) => atNs - askedNs[index] >= busyPollNs)).toBe(true);
  });

  it("does not wait for ever for one that answers 6: it looks what the ONT has", () => {
    const { fleet, askedNs, fromNs } = abortWithBusy(Infinity);
    expect(outcomes(fleet)[2]).toBe("failed aborted by the operator");
    const { busyWaitNs, busyPollNs } = oltConfig().limits;
    const lastNs = askedNs.at(-1)! - fromNs;
    expect(lastNs).toBeGreaterThan(busyWaitNs - busyPollNs);
    expect(lastNs).toBeLessThan(busyWaitNs + 2 * busyPollNs);
    expect(kindsOf(fleet.pon.downstream.slice(-2))).toEqual(["getRequest", "getRequest"]);
    expectOldImages(fleet);
  });

  it("of a run that has not begun ends it", () => {
    const fleet = makeFleet({ olt: { expectedOnts: 5 } });
    until(fleet, "waiting");
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    expect(outcomes(fleet)).toEqual(fleet.pon.onts.map(() => "failed aborted by the operator"));
  });

  it("finds one that has stored the image, though its answer to End was lost, as stored", () => {
    const loses = (direction: string, onuId: number, pdu: Uint8Array): boolean =>
      direction === "up" && onuId === 1 && !isAborted && kindsOf([{ pdu }])[0] === "endDownloadResponse";
    let isAborted = false;
    const fleet = makeFleet({ imageBytes: 20_000, olt: { canary: 1, soakNs: 5000 * ms }, link: { loses } });
    until(fleet, "ending");
    pass(fleet, 10 * ms);
    isAborted = true;
    command(fleet, { kind: "abort" });
    fleet.pon.run();
    expect(outcomes(fleet)[1]).toBe("stored not activated: aborted by the operator");
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
