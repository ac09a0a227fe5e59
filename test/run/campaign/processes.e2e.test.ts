/** Campaigns in real processes: an OLT, a depot and an ACS with TLS on the loopback, and ONTs that any of them can update; with the same ends as in virtual time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectAllCommitted, journalOf, leaveNothingBehind, run, scenarioOf } from "../../e2e/harness.ts";
import type { OltCommandOutcome } from "../../../olt/index.ts";
import { serialOf } from "../../../run/fleet/plan.ts";
import type { RunOptions, RunOutcome, Steering } from "../../../run/types.ts";
import { simulate } from "../../../run/virtual/index.ts";

leaveNothingBehind();

/** Asked often, so that nobody waits for long. */
const quick = { depot: { pollSeconds: 1 }, acs: { informSeconds: 5 }, image: { bytes: 200_000 } };
/** As the roads of a campaign in virtual time, with an update that fits into the run. */
const roads = [
  { road: "omci", updateSeconds: 60 },
  { road: "https", attempts: 3, takesLate: true, updateSeconds: 60 },
  { road: "cwmp", attempts: 3, takesLate: true, updateSeconds: 60 },
];
const atOnce = { windows: [], gatherSeconds: 1, roads };

async function notesOf(outcome: RunOutcome): Promise<string[]> {
  return (await journalOf(outcome)).flatMap(({ event }) =>
    event.type === "note" && event.text.startsWith("campaign: ") ? [event.text.slice("campaign: ".length)] : [],
  );
}

const roadsOf = ({ result }: Pick<RunOutcome, "result">): (readonly [string, number])[] =>
  result.groups.map(({ road, onts }) => [road, onts] as const);

it("a fleet of three roads ends as in virtual time: the same groups, outcomes and shape of the result", async () => {
  const mixed = {
    ...quick,
    onts: 5,
    ontsPerProcess: 2,
    fleet: [{ count: 2 }, { count: 2, road: "https" }, { road: "cwmp" }],
  };
  const outcome = await run(mixed);
  expectAllCommitted(outcome);
  const { result } = simulate(scenarioOf(mixed));
  expect(roadsOf(outcome)).toEqual(roadsOf({ result }));
  expect(outcome.result.groups.map(({ copies }) => Math.round(copies))).toEqual([1, 2, 1]);
  const { host, ...told } = outcome.result;
  expect([Object.keys(told), Object.keys(result).filter((name) => name !== "host")]).toEqual([
    Object.keys(told),
    Object.keys(told),
  ]);
  expect(outcome.result.ontResults.map((ont) => Object.keys(ont))).toEqual(
    result.ontResults.map((ont) => Object.keys(ont)),
  );
  expect(host!.oltProcessRestarts).toBe(0);
  expect(JSON.parse(readFileSync(join(outcome.folder, "result.json"), "utf8"))).toEqual(
    JSON.parse(JSON.stringify(outcome.result)),
  );
});

it("a canary by OMCI, then all; who fails by OMCI and who comes late by HTTPS, one by TR-069 alone", async () => {
  const campaign = {
    ...quick,
    onts: 6,
    fleet: [
      { count: 3, maxWindowSections: 64 },
      // It hears nothing of what the OLT asks.
      { count: 1, impairments: [{ kind: "loss", chance: 1, direction: "both" }] },
      { count: 1, road: "cwmp" },
      { count: 1, joinAtSeconds: 3 },
    ],
    campaign: { ...atOnce, canary: 2 },
    olt: { returnWaitMs: 1500, rangingPatienceMs: 1500 },
  };
  const outcome = await run(campaign);
  expectAllCommitted(outcome);
  const notes = await notesOf(outcome);
  expect(notes[0]).toBe("wave 1: 2 devices");
  expect(notes).toContain("wave 1 is done: 2 of 2 succeeded");
  expect(notes).toContain("1 ONT begun by cwmp");
  expect(notes.some((note) => /begun by https, after omci: lost/.test(note))).toBe(true);
  const by = new Map<string, number>();
  for (const { road, onts } of outcome.result.groups) by.set(road, (by.get(road) ?? 0) + onts);
  expect(by.get("cwmp")).toBe(1);
  expect(by.get("https")).toBeGreaterThanOrEqual(1);
});

it("a first wave that fails stops it by itself, with the words of virtual time", async () => {
  const crashing = { ...quick, onts: 4, ont: { boot: { kind: "crashes" } }, campaign: { ...atOnce, canary: 2 } };
  const outcome = await run(crashing);
  const virtual = simulate(scenarioOf(crashing));
  expect(outcome.exitCode).toBe(1);
  const ends = ({ result }: Pick<RunOutcome, "result">): unknown =>
    result.ontResults.map((ont) => [ont.outcome, ont.cause]);
  expect(ends(outcome)).toEqual(ends(virtual));
  expect(outcome.reasons[0]).toBe(virtual.reasons[0]);
});

it("kill -9 of the OLT and of an ONT that is on its way: all committed", async () => {
  const outcome = await run({
    ...quick,
    onts: 4,
    image: { bytes: 1_500_000 },
    fleet: [{ count: 2 }, { count: 1, road: "https" }, { road: "cwmp" }],
    depot: { pollSeconds: 1, downloadBytesPerSecond: 700_000 },
    acs: { informSeconds: 5, downloadBytesPerSecond: 700_000 },
    faults: [
      { action: "killOlt", whenPhase: "downloading", onts: [0], offSeconds: 0.3 },
      { action: "powerCycle", whenPhase: "downloading", onts: [2], offSeconds: 0.3 },
      { action: "powerCycle", whenPhase: "stored", onts: [3], offSeconds: 0.3 },
    ],
  });
  expectAllCommitted(outcome);
});

/** These commands when an ONT has begun, one after the other. */
function commanding(
  commands: readonly Parameters<Steering["command"]>[0][],
  outcomes: OltCommandOutcome[],
): RunOptions {
  let steering: Steering | undefined;
  let hasBegun = false;
  return {
    onSteering: (given) => (steering = given),
    onView: ({ olt }) => {
      if (hasBegun || steering === undefined || (olt?.bytesDone ?? 0) === 0) return;
      hasBegun = true;
      void (async () => {
        for (const command of commands) outcomes.push(await steering!.command(command));
      })();
    },
  };
}

const slow = {
  ...quick,
  onts: 3,
  image: { bytes: 1_500_000 },
  fleet: [{ count: 2, road: "https" }, { road: "cwmp" }],
  depot: { pollSeconds: 1, downloadBytesPerSecond: 400_000 },
  acs: { informSeconds: 5, downloadBytesPerSecond: 400_000 },
};

it("pause, skip and resume act on all roads; the same id is the same command; a rate is refused", async () => {
  const outcomes: OltCommandOutcome[] = [];
  const outcome = await run(
    { ...slow, fleet: [{ count: 1, road: "https" }, { count: 1, road: "https", expect: "skipped" }, { road: "cwmp" }] },
    commanding(
      [
        { kind: "pause", id: "p", by: "test" },
        { kind: "pause", id: "p", by: "test" },
        { kind: "skip", serial: serialOf(1), by: "test" },
        { kind: "rate", bitsPerSecond: 1000, by: "test" },
        { kind: "resume", by: "test" },
      ],
      outcomes,
    ),
  );
  expect([outcome.reasons, outcomes.map(({ accepted }) => accepted)]).toEqual([[], [true, true, true, false, true]]);
  const notes = await notesOf(outcome);
  expect(notes.filter((note) => note === "pause, by test")).toHaveLength(1);
  expect(notes).toContain(`remove ${serialOf(1)}, by test`);
});

it("abort stops what is under way on every road, and the run ends", async () => {
  const outcomes: OltCommandOutcome[] = [];
  const outcome = await run(slow, commanding([{ kind: "abort", by: "test" }], outcomes));
  expect(outcomes).toEqual([{ accepted: true }]);
  expect([outcome.exitCode, outcome.endReason]).toEqual([1, "finished"]);
  expect(await notesOf(outcome)).toContain("aborted by test");
  for (const ont of outcome.result.ontResults) expect(ont.outcome).not.toBe("committed");
});

it("Ctrl-C ends every process, and what was recorded is there", async () => {
  const interrupt = new AbortController();
  const outcome = await run(slow, {
    signal: interrupt.signal,
    onView: ({ olt }) => {
      if ((olt?.bytesDone ?? 0) > 0) interrupt.abort();
    },
  });
  expect([outcome.endReason, outcome.exitCode]).toEqual(["interrupted", 1]);
});

it("a window that opens behind the end of the run is refused in one line, with what helps", async () => {
  const waits = run({ onts: 1, campaign: {} });
  await expect(waits).rejects.toThrow(
    /^campaign\.windows: the first opens 2 h 00 min after the run begins, which may last 4 min 00 s \(olt\.runSeconds\); .*campaign\.beginsAt.*--virtual/,
  );
});

it("hours are those of campaign.beginsAt and on: a window that opens in a second is waited for", async () => {
  const outcome = await run({
    ...quick,
    onts: 2,
    campaign: { ...atOnce, windows: ["02:00-05:00 UTC"], beginsAt: "2026-03-01T01:59:59Z" },
  });
  expectAllCommitted(outcome);
  expect(await notesOf(outcome)).toContain("wave 1: 2 devices");
});
