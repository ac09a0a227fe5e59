/** Real processes under control: paused, resumed, slowed down and aborted over HTTP while they run. */
import { describe, expect, it } from "vitest";
import type { RunOptions, RunView } from "../../run/types.ts";
import { serveControl } from "../../run/control/index.ts";
import { expectAllCommitted, journalOf, leaveNothingBehind, run } from "./harness.ts";

leaveNothingBehind();

const slow = { onts: 4, olt: { windowSections: 16, rateBytesPerSecond: 120_000 } };

/** Who steers a run. */
interface Helm {
  ask: (body: object) => Promise<number>;
  /** Sections sent, as the OLT tells it in its report after so many more. */
  sectionsIn: (reports: number) => Promise<number>;
}

/** Runs, and says when the download is under way. */
async function controlled(changes: object, steer: (helm: Helm) => Promise<void>) {
  const control = await serveControl("127.0.0.1", 0);
  let last: RunView["olt"];
  let reports = 0;
  let awaited: { report: number; told: (sections: number) => void } | undefined;
  let begun: () => void = () => undefined;
  const downloading = new Promise<void>((done) => (begun = done));
  const options: RunOptions = {
    onSteering: (steering) => control.attach(steering),
    onView: ({ olt }) => {
      if (olt === undefined || olt === last) return;
      last = olt;
      reports++;
      if (olt.counters.sections > 0) begun();
      if (awaited !== undefined && reports >= awaited.report) awaited.told(olt.counters.sections);
    },
  };
  const sectionsIn = async (more: number): Promise<number> =>
    new Promise((told) => (awaited = { report: reports + more, told }));
  const ask = async (body: object): Promise<number> => {
    const headers = { authorization: `Bearer ${control.token}`, "content-type": "application/json" };
    return (await fetch(`http://${control.address}/commands`, { method: "POST", headers, body: JSON.stringify(body) }))
      .status;
  };
  const outcome = run({ ...slow, ...changes }, options);
  await downloading;
  await steer({ ask, sectionsIn });
  const ended = await outcome;
  await control.close();
  return ended;
}

describe("a run in processes", () => {
  it("is paused, resumed and sped up over HTTP, and all commit", async () => {
    const outcome = await controlled({}, async ({ ask, sectionsIn }) => {
      expect(await ask({ kind: "pause", id: "p" })).toBe(200);
      expect(await ask({ kind: "pause", id: "p" })).toBe(200);
      expect(await ask({ kind: "pause" })).toBe(409);
      // The first report may be on its way already; those behind it are all of the same sections.
      const before = await sectionsIn(2);
      expect(await sectionsIn(1)).toBe(before);
      expect(await sectionsIn(2)).toBe(before);
      expect(await ask({ kind: "rate", bitsPerSecond: null })).toBe(200);
      expect(await ask({ kind: "resume" })).toBe(200);
    });
    expectAllCommitted(outcome);
    const commands = (await journalOf(outcome)).flatMap(({ event }) => (event.type === "command" ? [event] : []));
    expect(commands.map(({ command, refused }) => `${command} ${refused}`.trim())).toEqual([
      "pause",
      "pause it is paused already",
      "rate",
      "resume",
    ]);
    expect(commands[0].by).toBe("control from 127.0.0.1");
  });

  it("retries an ONT that was skipped, and all commit; a wave that nobody waits for is not released", async () => {
    const serial = "PCST00000002";
    const outcome = await controlled({}, async ({ ask, sectionsIn }) => {
      expect(await ask({ kind: "release" })).toBe(409);
      expect(await ask({ kind: "retry", serial })).toBe(409);
      expect(await ask({ kind: "skip", serial })).toBe(200);
      // It leaves its download first.
      while ((await ask({ kind: "retry", id: `r${await sectionsIn(1)}`, serial })) !== 200);
    });
    expectAllCommitted(outcome);
    const commands = (await journalOf(outcome)).flatMap(({ event }) => (event.type === "command" ? [event] : []));
    expect(commands.find(({ command }) => command === "release")).toMatchObject({
      by: "control from 127.0.0.1",
      refused: "no ONT has its image stored and waits for its wave",
    });
    expect(commands.at(-1)).toMatchObject({ command: "retry", refused: "" });
  });

  it("is aborted over HTTP: the old images run, and the run has failed", async () => {
    const outcome = await controlled({}, async ({ ask }) => expect(await ask({ kind: "abort" })).toBe(200));
    expect(outcome.exitCode).toBe(1);
    for (const ont of outcome.result.ontResults) {
      expect(ont).toMatchObject({ outcome: "failed", cause: "aborted by the operator", version: "PONCAST-1.0.0" });
      expect(ont.activeInstance).toBe(ont.committedInstance);
    }
  });
});
