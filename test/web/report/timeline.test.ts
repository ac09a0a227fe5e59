/** The states of an ONT come out right, in whatever order its events are read. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OntTimeline } from "../../../web/report/timeline.ts";
import { timeInStates } from "../../../web/report/time-in-state.ts";
import type { OntTrack } from "../../../web/report/types.ts";

const S = 1e9;

/** "state from second to second …" */
const told = ({ seconds, states }: OntTrack): string[] => states.map((state, index) => `${state} ${seconds[index]}`);

type Step = (timeline: OntTimeline) => void;

/** An update as it goes, one event a second, from ONT, OLT and runner. */
const update: readonly Step[] = [
  (t) => t.handleRun(1 * S, { type: "ontStarted", ont: 0, start: 1 }),
  (t) => t.handleOnt(2 * S, { type: "online", activeSlot: 1 }),
  (t) => t.handleOnt(2 * S, { type: "state", state: "idle" }),
  (t) => t.handlePhase(3 * S, "waiting"),
  (t) => t.handlePhase(4 * S, "starting"),
  (t) => t.handleOnt(4 * S, { type: "state", state: "downloading" }),
  (t) => t.handlePhase(5 * S, "ending"),
  (t) => t.handlePhase(6 * S, "stored"),
  (t) => t.handleOnt(7 * S, { type: "offline", reason: "activate" }),
  (t) => t.handleOnt(8 * S, { type: "online", activeSlot: 0 }),
  (t) => t.handlePhase(8 * S, "soaking"),
  (t) => t.handlePhase(9 * S, "committed"),
];
const course = [
  "notStarted 0",
  "starting 1",
  "ready 2",
  "downloading 4",
  "verifying 5",
  "stored 6",
  "rebooting 7",
  "trial 8",
  "committed 9",
];

const trackOf = (steps: readonly Step[]): OntTrack => {
  const timeline = new OntTimeline();
  for (const step of steps) step(timeline);
  return timeline.track(0, "PCST00000001");
};

describe("the states of an ONT", () => {
  it("come from ONT, OLT and runner together", () => {
    expect(told(trackOf(update))).toEqual(course);
  });

  it("do not depend on the order in which the three are read", () => {
    const sources = [update.slice(0, 1), update.filter((_, index) => [1, 2, 5, 8, 9].includes(index))];
    const olt = update.filter((_, index) => [3, 4, 6, 7, 10, 11].includes(index));
    fc.assert(
      fc.property(fc.shuffledSubarray([...sources, olt], { minLength: 3 }), (order) => {
        expect(told(trackOf(order.flat()))).toEqual(course);
      }),
    );
  });

  it("show a power cut, whatever the OLT last saw", () => {
    const cut = trackOf([
      ...update.slice(0, 6),
      (t) => t.handleRun(5 * S, { type: "powerCut", ont: 0, reason: "fault" }),
      (t) => t.handlePhase(5.5 * S, "ending"),
      (t) => t.handleRun(6 * S, { type: "powerRestored", ont: 0 }),
      (t) => t.handleOnt(6.5 * S, { type: "state", state: "rebooting" }),
      (t) => t.handleOnt(7 * S, { type: "online", activeSlot: 1 }),
      (t) => t.handleOnt(7 * S, { type: "state", state: "idle" }),
      (t) => t.handlePhase(7 * S, "starting"),
    ]);
    expect(told(cut).slice(3)).toEqual(["downloading 4", "off 5", "starting 6", "downloading 7"]);
  });

  it("end with what the OLT settled on, even if the ONT is down then", () => {
    const failed = trackOf([...update.slice(0, 9), (t) => t.handlePhase(8 * S, "failed")]);
    expect(told(failed).at(-1)).toBe("failed 8");
  });

  it("take no notice of the end of all processes", () => {
    const ended = trackOf([
      ...update,
      (t) => t.handleRun(10 * S, { type: "ontEnded", ont: 0, code: 0, signal: "", expected: true }),
    ]);
    expect(told(ended)).toEqual(course);
    const died = trackOf([
      ...update,
      (t) => t.handleRun(10 * S, { type: "ontEnded", ont: 0, code: 1, signal: "", expected: false }),
    ]);
    expect(told(died).at(-1)).toBe("off 10");
  });
});

describe("time in states", () => {
  const track = (seconds: number[], states: OntTrack["states"]): OntTrack => ({ id: 0, serial: "", seconds, states });

  it("adds up an ONT's stays, and knows the first to come and the last to go", () => {
    const tracks = [
      track([0, 1, 3, 4, 6], ["ready", "downloading", "off", "downloading", "committed"]),
      track([0, 2, 3], ["ready", "downloading", "committed"]),
    ];
    const downloading = timeInStates(tracks, 10).find(({ state }) => state === "downloading");
    expect(downloading).toEqual({
      state: "downloading",
      onts: 2,
      fromSeconds: 1,
      toSeconds: 6,
      typicalFromSeconds: 1,
      typicalToSeconds: 3,
      medianSeconds: 1,
      p95Seconds: 4,
      mostSeconds: 4,
    });
  });

  it("counts a state that does not end until the end of the run, and leaves out where an ONT comes to rest", () => {
    const times = timeInStates([track([0, 2], ["ready", "downloading"]), track([0], ["committed"])], 10);
    expect(times.map(({ state, mostSeconds }) => [state, mostSeconds])).toEqual([
      ["ready", 2],
      ["downloading", 8],
    ]);
  });
});
