/** A scenario's campaign as the core takes it, and what cannot be asked. */
import { describe, expect, it } from "vitest";
import { campaignLines, hasCampaign, planCampaign } from "../../../run/campaign/index.ts";
import { refuseVirtualOnly } from "../../../run/processes/limits.ts";
import { parseScenario, type Scenario } from "../../../scenarios/index.ts";

const parse = (text: string): Scenario => parseScenario(text, "test");
const HOUR_MS = 3_600_000;

describe("the plan", () => {
  it("is by night, by OMCI and then by HTTPS, where nothing is said", () => {
    const { plan, beginsAtMs } = planCampaign(parse("campaign: {}"), "2.0");
    expect(beginsAtMs).toBe(0);
    expect(plan.windows.map(({ rule }) => rule)).toEqual(["02:00-05:00 UTC"]);
    expect(plan.endsMs).toBe(5 * HOUR_MS);
    expect(plan.roads.map(({ road, takesLate, attempts }) => [road, takesLate, attempts])).toEqual([
      ["omci", false, 1],
      ["https", true, 3],
    ]);
    expect(plan.waves).toEqual([{ devices: 0, successShare: 1, failureShare: 0.25, pauseAfter: false }]);
  });

  it("ends with the window's closing of the last night, clocks that change included", () => {
    const text =
      "campaign: { windows: ['02:00-05:00 Europe/Berlin'], beginsAt: 2026-03-27T12:00Z, nights: 2, canary: 5 }";
    const { plan, beginsAtMs } = planCampaign(parse(text), "2.0");
    expect(beginsAtMs).toBe(Date.parse("2026-03-27T12:00Z"));
    expect(plan.endsMs).toBe(Date.parse("2026-03-29T03:00Z"));
    expect(plan.waves.map(({ devices }) => devices)).toEqual([5, 0]);
  });

  it("of several roads without a campaign is at once, each ONT by its own", () => {
    const scenario = parse("fleet: [{ count: 2 }, { road: https }]");
    expect(hasCampaign(scenario)).toBe(true);
    const { plan } = planCampaign(scenario, "2.0");
    expect(plan.windows).toEqual([]);
    expect(plan.roads.map(({ road }) => road)).toEqual(["omci", "https"]);
  });

  it("is not there where all take the scenario's road", () => {
    expect(hasCampaign(parse("road: https\nfleet: [{ road: https }]"))).toBe(false);
    expect(hasCampaign(parse("onts: 4"))).toBe(false);
  });
});

it.each([
  ["campaign: { windows: ['02:00-05:00 Mars/Olympus'] }", "no such time zone"],
  ["campaign: { windows: ['fri-mon 02:00-05:00'] }", "no such days"],
])("%s is refused", (text, problem) => expect(() => planCampaign(parse(text), "")).toThrow(problem));

it.each([
  ["campaign: { roads: [] }", "a campaign has one road at least"],
  ["campaign: { roads: [{ road: omci }, { road: omci }] }", "each road stands here once"],
  ["campaign: { roads: [{ road: omci }] }\nfleet: [{ road: https }]", "https is none of the campaign's roads (omci)"],
  ["campaign: {}\nolt: { commit: false }", "false is for runs without a campaign"],
  ["campaign: { windows: ['2 to 5'] }", "hours and a zone"],
  ["campaign: { beginsAt: tomorrow }", "a time in UTC"],
])("%s is no scenario", (text, problem) => expect(() => parse(text)).toThrow(problem));

it("runs in processes on one port; more are for virtual time", () => {
  for (const text of ["campaign: {}", "fleet: [{ road: https }]"])
    expect(() => refuseVirtualOnly(parse(text))).not.toThrow();
  expect(() => refuseVirtualOnly(parse("pons: 2\ncampaign: {}"))).toThrow(
    "pons: 2 ports with several roads are simulated in virtual time only",
  );
});

it("is told before it begins: who, when, how many, by which road", () => {
  const lines = campaignLines(
    parse(`
onts: 10
fleet:
  - { count: 5 }
  - { count: 2, road: https, joinAtSeconds: 9000 }
  - { count: 1, hardware: HW-2 }
  - { joinAtSeconds: 86400 }
campaign: { filter: { hardware: [HW-1] }, canary: 2, success: 0.9, concurrency: 4 }
`),
  );
  expect(lines).toEqual([
    "campaign run:",
    "  7 ONTs, HW-1 running PONCAST-1.0.0, by omci, then https (2 not before it ends)",
    "  2 ONTs, HW-1 running PONCAST-1.0.0, by https (2 come later)",
    "  not for 1 ONT, as it is for others",
    "  02:00-05:00 UTC; from 1970-01-01T00:00Z, ends 1970-01-01T05:00Z",
    "  first: 2 ONTs, some of each kind; others when 90 % have succeeded",
    "  then: all that are there",
    "  4 ONTs under way at most",
    "  stops by itself when more than 25 % of a wave fail",
    "  omci: who is there when the wave begins; 1 attempt; begun 30 min 00 s before the window closes at the latest",
    "  https: whoever is there, late ones too; 3 attempts; begun 30 min 00 s before the window closes at the latest",
  ]);
});
