/** Campaigns in virtual time: several roads in one world, each ONT by the one that the campaign gives it. */
import { describe, expect, it } from "vitest";
import type { RunResult } from "../../../run/result/index.ts";
import { simulate, type SimulatedRun } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const HOUR_NS = 3600e9;

interface Seen extends SimulatedRun {
  /** `2.000 h: wave 1: 2 devices`, without "campaign". */
  notes: string[];
  /** When ONTs went down to boot something else. */
  restartsNs: number[];
}

function run(text: string): Seen {
  const scenario = parseScenario(text.includes("image:") ? text : `image: { bytes: 200000 }\n${text}`, "test");
  const notes: string[] = [];
  const restartsNs: number[] = [];
  const simulated = simulate(scenario, {
    observers: [
      {
        run: (nowNs, event) => {
          if (event.type === "note")
            notes.push(`${(nowNs / HOUR_NS).toFixed(2)} h: ${event.text.replace("campaign: ", "")}`);
        },
        ont: (nowNs, _ont, event) => {
          if (event.type === "offline") restartsNs.push(nowNs);
        },
      },
    ],
  });
  return { ...simulated, notes, restartsNs };
}

const outcomes = ({ ontResults }: RunResult): string => ontResults.map(({ outcome }) => outcome[0]).join("");
const roadsOf = ({ groups }: RunResult): string[] => [...new Set(groups.map(({ road }) => road))];

describe("a night", () => {
  const night = run(`
onts: 6
pons: 2
fleet:
  - { count: 3 }
  - { count: 1, road: https }
  - { count: 1, joinAtSeconds: 10800 }
  - { count: 1, joinAtSeconds: 86400, expect: skipped }
depot: { pollSeconds: 300 }
campaign: { canary: 2 }
`);

  it("updates some first, then all by their roads, and whoever comes late by the one that takes them", () => {
    expect(night.reasons).toEqual([]);
    expect(outcomes(night.result)).toBe("cccccscccccs");
    expect(night.notes).toEqual([
      "0.00 h: waits: window 02:00-05:00 UTC opens 1970-01-01T02:00Z",
      "2.00 h: wave 1: 2 devices",
      "2.00 h: 2 ONTs begun by omci",
      "2.00 h: wave 1 is done: 2 of 2 succeeded",
      "2.00 h: wave 2: 6 devices",
      "2.00 h: 4 ONTs begun by omci",
      "2.00 h: 2 ONTs begun by https",
      "3.00 h: 2 ONTs come late",
      "3.00 h: 2 ONTs begun by https",
      "5.00 h: it ended 1970-01-01T05:00Z",
    ]);
  });

  it("touches no ONT outside its window, and leaves those that were away pending", () => {
    expect(night.restartsNs).toHaveLength(10);
    for (const ns of night.restartsNs) expect(ns >= 2 * HOUR_NS && ns < 5 * HOUR_NS).toBe(true);
    expect(night.result.ontResults[5].cause).toBe("nothing more: the campaign is over (it is offline)");
  });

  it("sends one copy to each group by OMCI, and one to each ONT by HTTPS", () => {
    const { groups, downstream } = night.result;
    expect(groups.map(({ road, onts }) => [road, onts])).toEqual([
      ["omci", 2],
      ["omci", 1],
      ["omci", 3],
      ["https", 4],
    ]);
    expect(downstream.imageCopies).toBeCloseTo(3 + 4, 1);
  });
});

it("the same scenario gives the same run", () => {
  const text = "onts: 4\nfleet: [{ count: 2 }, { road: https }]\ncampaign: { windows: [] }\n";
  expect(run(text).result).toEqual(run(text).result);
});

it("groups of a fleet may have roads of their own without a campaign: at once, and all together", () => {
  const { result, reasons, notes } = run("onts: 6\nfleet: [{ count: 4 }, { road: https }]\n");
  expect(reasons).toEqual([]);
  expect(roadsOf(result)).toEqual(["omci", "https"]);
  expect(result.timing.totalSeconds).toBeLessThan(300);
  expect(notes).toContain("0.01 h: wave 1: 6 devices");
});

it("who fails by OMCI fetches its copy over HTTPS", () => {
  const { result, reasons, notes } = run(`
onts: 4
fleet: [{ count: 3 }, { impairments: [{ kind: loss, chance: 0.97, direction: both }] }]
campaign: { windows: [] }
olt: { returnWaitMs: 5000, runSeconds: 7200 }
`);
  expect(reasons).toEqual([]);
  expect(result.groups.at(-1)).toMatchObject({ road: "https", onts: 1 });
  expect(notes.join("\n")).toMatch(/1 ONT begun by https, after omci: lost/);
});

it("stops by itself when its first wave fails, and leaves the others as they are", () => {
  const { result, reasons } = run(`
onts: 8
ont: { boot: { kind: crashes } }
campaign: { canary: 2, windows: [] }
`);
  expect(reasons[0]).toMatch("the campaign has stopped by itself: wave 1: 1 of 2 failed, more than 25 % allowed");
  expect(outcomes(result)).toBe("rrssssss");
});

it("what is not done when the window closes is stopped, and has changed nothing", () => {
  const { result, restartsNs } = run(`
onts: 1
image: { bytes: 16000000 }
fleet: [{ road: https, expect: skipped }]
depot: { rateBytesPerSecond: 1000, pollSeconds: 60 }
campaign: { roads: [{ road: https, takesLate: true, updateSeconds: 600 }] }
`);
  expect(outcomes(result)).toBe("s");
  expect(result.ontResults[0].cause).toBe("nothing more: the campaign is over");
  expect(restartsNs).toEqual([]);
});

it("who is a CPE is asked for a session when it is his turn, however seldom he comes by himself", () => {
  const { result, reasons, restartsNs } = run(`
onts: 6
fleet: [{ count: 2 }, { count: 2, road: https }, { road: cwmp }]
acs: { informSeconds: 43200 }
campaign: { roads: [{ road: omci }, { road: https, takesLate: true }, { road: cwmp, takesLate: true }] }
`);
  expect(reasons).toEqual([]);
  expect(result.groups.map(({ road, onts }) => [road, onts])).toEqual([
    ["omci", 2],
    ["https", 2],
    ["cwmp", 2],
  ]);
  expect(restartsNs).toHaveLength(6);
  for (const ns of restartsNs) expect(ns / HOUR_NS).toBeCloseTo(2, 1);
});

it("a CPE whose window closes is told to leave it", () => {
  const { result, restartsNs } = run(`
onts: 1
image: { bytes: 16000000 }
fleet: [{ road: cwmp, expect: skipped }]
acs: { rateBytesPerSecond: 1000, informSeconds: 43200 }
campaign: { roads: [{ road: cwmp, takesLate: true, updateSeconds: 600 }] }
`);
  expect(outcomes(result)).toBe("s");
  expect(result.ontResults[0].cause).toBe("nothing more: the campaign is over");
  expect(restartsNs).toEqual([]);
});

it("an OLT that is killed goes on with those that it was given", () => {
  const { reasons, notes } = run(
    `
onts: 6
image: { bytes: 2000000 }
fleet: [{ count: 5 }, { road: https }]
olt: { rateBytesPerSecond: 250000 }
faults: [{ action: killOlt, atSeconds: 32, offSeconds: 5 }]
campaign: { windows: [] }
`,
  );
  expect(reasons).toEqual([]);
  expect(notes.filter((note) => note.includes("begun"))).toEqual([
    "0.01 h: 5 ONTs begun by omci",
    "0.01 h: 1 ONT begun by https",
  ]);
});
