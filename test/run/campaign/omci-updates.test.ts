/** Updates of a campaign by OMCI: who is given to a distribution that is about to be over has the next one. */
import { beforeEach, describe, expect, it } from "vitest";
import type { OltEvent } from "../../../olt/index.ts";
import { OmciUpdates } from "../../../run/campaign/omci-updates.ts";
import type { CampaignOnt } from "../../../run/campaign/conductor.ts";

const phaseOf = (phase: string): OltEvent => ({ type: "phase", onuId: 0, phase, cause: "" }) as OltEvent;
const runPhase = (phase: "done" | "stopped", reason = ""): OltEvent =>
  ({ type: "runPhase", phase, reason }) as OltEvent;
const ontOf = (pon: number, up = true): CampaignOnt => ({ plan: { pon }, up }) as unknown as CampaignOnt;

let log: string[];
let names: Map<CampaignOnt, string>;
let updates: OmciUpdates<CampaignOnt>;

beforeEach(() => {
  log = [];
  names = new Map();
  const nameOf = (ont: CampaignOnt): string => names.get(ont)!;
  updates = new OmciUpdates<CampaignOnt>({
    admit: (pon, onts) => void log.push(`admit ${pon}: ${onts.map(nameOf).join(" ")}`),
    release: () => undefined,
    skip: () => undefined,
    hasFinished: () => true,
    soon: (call) => call(),
    ended: (ont, end, cause) => void log.push(`${nameOf(ont)} ${end} ${cause}`.trim()),
  });
});

function named(name: string, ont: CampaignOnt): CampaignOnt {
  names.set(ont, name);
  return ont;
}

describe("an ONT that its OLT has not heard of when it is done", () => {
  it("is given to the next distribution, once", () => {
    const [first, late, away] = [named("first", ontOf(0)), named("late", ontOf(0)), named("away", ontOf(0, false))];
    updates.start([first]);
    updates.handleOlt(0, first, phaseOf("committed"));
    updates.start([late, away]);
    updates.handleOlt(0, undefined, runPhase("done"));
    expect(log).toEqual([
      "admit 0: first",
      "first committed",
      "admit 0: late away",
      "away offline the OLT has ended",
      "admit 0: late",
    ]);
    updates.handleOlt(0, undefined, runPhase("done"));
    expect(log.slice(5)).toEqual(["late failed the OLT has ended"]);
  });

  it("is not, where it was heard of, where the OLT was stopped, or on another port", () => {
    const [heard, other] = [named("heard", ontOf(0)), named("other", ontOf(1))];
    updates.start([heard, other]);
    updates.handleOlt(0, heard, phaseOf("waiting"));
    updates.handleOlt(0, undefined, runPhase("done"));
    updates.handleOlt(1, undefined, runPhase("stopped", "aborted by somebody"));
    expect(log).toEqual([
      "admit 0: heard",
      "admit 1: other",
      "heard failed the OLT has ended",
      "other failed aborted by somebody",
    ]);
  });
});
