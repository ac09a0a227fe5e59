/** The line that puts a run beside what the model said of it. */
import { describe, expect, it } from "vitest";
import { besideModel, type RunResult } from "../../../run/result/index.ts";
import { ontResult, runResult } from "../../cli/view-fixture.ts";

const GROUPS: RunResult["groups"] = [
  { road: "omci", payload: "image", onts: 126, startSeconds: 0, endSeconds: 9, copies: 1.02, why: "first" },
  { road: "omci", payload: "image", onts: 1, startSeconds: 9, endSeconds: 20, copies: 1, why: "alone" },
  { road: "omci", payload: "image", onts: 1, startSeconds: 9, endSeconds: 21, copies: 1.5, why: "alone" },
];

function lineOf(copies: number, changed: Partial<RunResult> = {}, leavesOut: string[] = []): string | undefined {
  const { downstream, verdict } = runResult([ontResult(1)]);
  return besideModel(
    runResult([ontResult(1)], {
      clock: "virtual",
      downstream: { ...downstream, imageCopies: copies },
      verdict: { ...verdict, modelCopies: 1.04, modelSeconds: 12, modelLeavesOut: leavesOut },
      groups: GROUPS,
      ...changed,
    }),
  );
}

describe("a run beside the model", () => {
  it("that came as the model says", () => {
    expect(lineOf(1.02)).toBe("1.04 copies: as it came; 12.0 s for the download: as it came");
  });

  it("that cost more: what the copies went to", () => {
    expect(lineOf(3.52)).toBe(
      "1.04 copies; 3.52 came, 1.02 in the first pass, 2.50 in 2 downloads of an ONT alone; 12.0 s for the download: as it came",
    );
  });

  it("on a machine's clock: its time is not the fibre's", () => {
    expect(lineOf(1.02, { clock: "wall" })).toBe(
      "1.04 copies: as it came; 12.0 s for the download on a PON, while the run's own time measures this machine",
    );
  });

  it("says what the model leaves out", () => {
    expect(lineOf(1.02, {}, ["duplicated frames"])).toContain("; the model leaves out duplicated frames");
  });

  it("is not there where nobody asked the model, or nothing was sent", () => {
    expect(besideModel(runResult([ontResult(1)]))).toBeUndefined();
    expect(lineOf(0, { downstream: { ...runResult([]).downstream, sections: 0 } })).toBeUndefined();
  });
});
