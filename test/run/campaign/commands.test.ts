/** An operator's commands to a campaign in virtual time: in its own core, and with who asked in the notes of the journal. */
import { describe, expect, it } from "vitest";
import type { OltCommand } from "../../../olt/index.ts";
import { prepareImages } from "../../../run/virtual/index.ts";
import { commandIn, resultIn, worldOf } from "../../../run/virtual/worlds.ts";
import { parseScenario } from "../../../scenarios/index.ts";

/** To the first note that matches, then these commands, then to the end. */
async function commanded(text: string, upTo: RegExp, commands: readonly OltCommand[]) {
  const scenario = parseScenario(`image: { bytes: 200000 }\n${text}`, "test");
  const notes: string[] = [];
  const world = worldOf(scenario, prepareImages(scenario), {
    observers: [{ run: (_nowNs, event) => void (event.type === "note" && notes.push(event.text)) }],
  });
  while (!notes.some((note) => upTo.test(note)) && world.run(1));
  const answers = [];
  for (const command of commands) answers.push(await commandIn(world, command));
  world.run();
  return { answers, notes, outcomes: resultIn(world).ontResults.map(({ outcome }) => outcome) };
}

const waved = "onts: 6\ncampaign: { windows: [], canary: 2 }\n";

describe("commands to a campaign", () => {
  it("release begins the next wave while the first is under way, once for one id", async () => {
    const release: OltCommand = { kind: "release", id: "r", by: "somebody" };
    const { answers, notes, outcomes } = await commanded(waved, /wave 1: 2 devices/, [release, release]);
    expect(answers).toEqual([{ accepted: true }, { accepted: true }]);
    expect(notes.filter((note) => note.includes("next, by somebody"))).toHaveLength(1);
    expect(notes).toContain("campaign: wave 1 is done: next by somebody");
    expect(notes).toContain("campaign: wave 2: 4 devices");
    expect(outcomes.every((outcome) => outcome === "committed")).toBe(true);
  });

  it("skip leaves one out, and retry has it again", async () => {
    const serial = "PCST00000004";
    const skip: OltCommand = { kind: "skip", serial, by: "somebody" };
    const left = await commanded(waved, /wave 1: 2 devices/, [skip]);
    expect(left.outcomes).toEqual(left.outcomes.map((_, ont) => (ont === 3 ? "skipped" : "committed")));
    const again = await commanded(waved, /wave 1: 2 devices/, [skip, { kind: "retry", serial, by: "somebody" }]);
    expect(again.outcomes.every((outcome) => outcome === "committed")).toBe(true);
    expect(again.notes).toContain(`campaign: add ${serial}, by somebody`);
  });

  it("what a campaign cannot do is refused, with why", async () => {
    const { answers } = await commanded(waved, /wave 1: 2 devices/, [
      { kind: "rate", bitsPerSecond: 1e6 },
      { kind: "pause" },
      { kind: "skip", onuId: 1 },
    ]);
    expect(answers).toEqual([
      { accepted: false, reason: "a rate is for one OLT: a campaign has several roads" },
      { accepted: false, reason: "a campaign in virtual time is held up by its time: stop that" },
      { accepted: false, reason: "a campaign names ONTs by their serial numbers" },
    ]);
  });
});
