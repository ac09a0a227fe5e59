/** What the live view shows of ONTs in virtual time. */
import { expect, it } from "vitest";
import { prepareImages, Simulation } from "../../../run/virtual/index.ts";
import { totalsOf } from "../../../run/virtual/outcome.ts";
import { ViewRecorder } from "../../../run/virtual/recorder.ts";
import { cellStateOf } from "../../../run/states/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const scenario = parseScenario(
  JSON.stringify({
    onts: 2,
    image: { bytes: 100_000 },
    ont: { bootMs: 10_000, watchdogMs: 30_000 },
    olt: { soakMs: 1000 },
    faults: [{ whenPhase: "downloading", action: "powerCycle", onts: [1], offSeconds: 5 }],
  }),
  "view.yaml",
);

/** The states of an ONT one after the other. */
function statesOf(ont: number): string[] {
  const view = new ViewRecorder(scenario);
  const simulation = new Simulation(scenario, prepareImages(scenario), { observers: [view] });
  const seen: string[] = [];
  for (let more = true; more;) {
    const { onts, olt } = view.of(simulation.nowNs, totalsOf(simulation));
    const { serial, cell } = onts[ont];
    const state = cellStateOf(cell, olt?.onts.find((each) => each.serial === serial)?.phase);
    if (seen.at(-1) !== state) seen.push(state);
    more = simulation.run(1);
  }
  return seen;
}

it("an ONT that has got its power starts; it reboots when it was told to", () => {
  expect(statesOf(0).slice(0, 4)).toEqual(["notStarted", "starting", "ready", "downloading"]);
  expect(statesOf(0).slice(-3)).toEqual(["rebooting", "trial", "committed"]);
});

it("an ONT without power is off, and starts again behind that", () => {
  const states = statesOf(1);
  expect(states.slice(states.indexOf("off"))).toEqual(
    expect.arrayContaining(["off", "starting", "downloading", "rebooting", "committed"]),
  );
  expect(states[states.indexOf("off") + 1]).toBe("starting");
});
