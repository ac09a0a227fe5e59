/** The lanes of the passes over the image, from a result. */
import { describe, expect, it } from "vitest";
import type { RunResult } from "../../../run/result/index.ts";
import { passBars } from "../../../web/report/passes.ts";
import type { OntTrack, PassBar } from "../../../web/report/types.ts";

type Group = RunResult["groups"][number];

const group = (why: Group["why"], onts: number, startSeconds: number, endSeconds: number | null): Group => ({
  road: "omci",
  payload: "image",
  onts,
  startSeconds,
  endSeconds,
  copies: 1,
  why,
});

/** The first Start is 5 s after the run's. */
const tracks: OntTrack[] = [
  { id: 0, serial: "A", seconds: [0, 7], states: ["ready", "downloading"] },
  { id: 1, serial: "B", seconds: [0, 5], states: ["ready", "downloading"] },
  { id: 2, serial: "C", seconds: [0], states: ["off"] },
];

const barsOf = (...groups: Group[]): PassBar[] => passBars(groups, tracks, 100);
const lanes = (bars: readonly PassBar[]): string[] => bars.map(({ why, number, lane }) => `${why} ${number}: ${lane}`);

describe("the passes over the image", () => {
  it("count from the first Start, and are numbered by their kind", () => {
    const bars = barsOf(group("first", 3, 0, 10), group("catchUp", 2, 12, 20), group("catchUp", 4, 30, 41));
    expect(bars.map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds])).toEqual([
      [5, 15],
      [17, 25],
      [35, 46],
    ]);
    expect(lanes(bars)).toEqual(["first 1: 0", "catchUp 1: 1", "catchUp 2: 1"]);
  });

  it("have a lane of their own where they overlap, first above catch-up groups above alone", () => {
    const bars = barsOf(
      group("first", 3, 0, 10),
      group("alone", 1, 10, 20),
      group("alone", 1, 11, 15),
      group("catchUp", 2, 12, 18),
      group("alone", 1, 15, 30),
    );
    expect(lanes(bars)).toEqual(["first 1: 0", "catchUp 1: 1", "alone 1: 2", "alone 2: 3", "alone 3: 3"]);
  });

  it("that were cut off with the OLT last until the next one begins, or to the end of the run", () => {
    const bars = barsOf(group("first", 3, 0, null), group("first", 3, 20, null));
    expect(bars.map(({ fromSeconds, toSeconds, isWhole }) => [fromSeconds, toSeconds, isWhole])).toEqual([
      [5, 25, false],
      [25, 100, false],
    ]);
    expect(lanes(bars)).toEqual(["first 1: 0", "first 2: 0"]);
  });

  it("that were cut off do not end with what another port does", () => {
    const bars = barsOf(
      group("first", 3, 1, null),
      group("first", 3, 40, 50),
      group("catchUp", 2, 60, null),
      group("first", 3, 0, 30),
      group("first", 3, 70, 80),
    );
    const ofFirstPort = bars.filter(({ isWhole }) => !isWhole);
    expect(ofFirstPort.map(({ why, fromSeconds, toSeconds }) => [why, fromSeconds, toSeconds])).toEqual([
      ["first", 6, 45],
      ["catchUp", 65, 100],
    ]);
  });

  it("are none where nothing was sent", () => {
    expect(passBars([], [tracks[2]], 100)).toEqual([]);
  });
});
