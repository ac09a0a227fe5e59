/** A power cut at any flash operation of an update is recovered from, and the list of operations is known. */
import { describe, expect, it } from "vitest";
import {
  cutEverywhere,
  cutProblemLine,
  type CutResult,
  cutTable,
  type CutUpdate,
  cutUpdates,
  operationsOf,
} from "../../../study/fuzz/power-cuts.ts";

const writes = (count: number): string[] => Array.from({ length: count }, () => "writeSlot");

/** What the flash is asked for in one update, in order. */
function expectedOperations({ target }: CutUpdate): string[] {
  return [
    // The old image loses its valid flag before it is erased.
    ...(target === "older image" ? ["writeBootRecord"] : []),
    "eraseSlot",
    ...writes(11),
    "syncSlot",
    // Valid; still what it was, activated; one boot counted, still what it was, it booted; committed.
    "writeBootRecord",
    "checkSlot",
    "writeBootRecord",
    "writeBootRecord",
    "checkSlot",
    "writeBootRecord",
    "writeBootRecord",
  ];
}

describe("power cut at every flash operation", () => {
  for (const update of cutUpdates) {
    it(`${update.name}: before, in the middle of and after each, the ONT recovers and commits`, () => {
      const operations = operationsOf(update);
      expect(operations).toEqual(expectedOperations(update));
      const results = [...cutEverywhere(update)];
      expect(results.map(({ kind, point }) => `${kind} ${point}`)).toEqual(
        operations.flatMap((kind) => [`${kind} before`, `${kind} torn`, `${kind} after`]),
      );
      expect(results.filter(({ problem }) => problem !== undefined).map(cutProblemLine)).toEqual([]);
    });
  }

  it("is shown as a table that tells what was not recovered", () => {
    const result = (kind: CutResult["kind"], point: CutResult["point"], problem?: string): CutResult => ({
      update: cutUpdates[0],
      kind,
      operation: 3,
      point,
      problem,
    });
    const all = (kind: CutResult["kind"], problem?: string): CutResult[] => [
      result(kind, "before"),
      result(kind, "torn", problem),
      result(kind, "after"),
    ];
    const results = [...all("writeSlot"), ...all("eraseSlot", "bricked"), ...all("writeSlot")];
    expect(cutTable(results).split("\n")).toEqual([
      "operation             operations        before in the middle         after     recovered",
      "eraseSlot                      1           1/1           0/1           1/1           2/3",
      "writeSlot                      2           2/2           2/2           2/2           6/6",
      "all                            3           3/3           2/3           3/3           8/9",
    ]);
    expect(cutProblemLine(results[4])).toBe(
      "multicast into an empty slot: power cut in the middle of operation 3 (eraseSlot): bricked; replay: npm run fuzz -- --power-cuts",
    );
  });
});
