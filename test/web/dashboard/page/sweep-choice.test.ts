/** What a page makes of a sweep: which pictures, of which fields; and the scales of pictures. */
import { describe, expect, it } from "vitest";
import { FIGURES } from "../../../../run/result/index.ts";
import type { ComparedCell } from "../../../../web/report/index.ts";
import {
  completed,
  sweepPictures,
  usualChoice,
  withPart,
} from "../../../../web/dashboard/page/compare/sweep-choice.ts";
import { figureScale, logarithmicScale, shareAt, timeScale } from "../../../../web/dashboard/page/picture/scale.ts";

/** Every combination of three fields. */
function cube(): ComparedCell[] {
  return [8, 64, 240].flatMap((window, w) =>
    ["parity", "window"].flatMap((recovery, r) =>
      [0.01, 0.02].map((loss, l) => ({
        cell: w * 4 + r * 2 + l,
        values: { "olt.windowSections": window, "olt.recovery": recovery, loss },
        runs: 3,
        missed: 0,
        figures: Object.fromEntries(
          FIGURES.map((name) => [
            name,
            { count: 3, mean: 1 + w + 10 * r + 100 * l, ci95: 0.1, p50: 1, p95: 1, p99: 1, least: 1, most: 1 },
          ]),
        ) as never,
      })),
    ),
  );
}

describe("a sweep on the page", () => {
  it("is laid out as in a report at first: each field has one part", () => {
    const choice = usualChoice(cube());
    expect(choice).toMatchObject({ x: "olt.windowSections", series: "olt.recovery", facets: "loss", fixed: {} });
    const pictures = sweepPictures(cube(), choice, "cube");
    expect(pictures.map(({ title }) => title)).toEqual([
      "cube: Copies sent · loss 0.01",
      "cube: Copies sent · loss 0.02",
    ]);
    expect(pictures[0].curves.map(({ name, points }) => [name, points.map(({ y }) => y)])).toEqual([
      ["parity", [1, 2, 3]],
      ["window", [11, 12, 13]],
    ]);
    // So that they can be compared by eye.
    expect(pictures[0].y).toEqual(pictures[1].y);
    expect(pictures[0].readouts[1].text).toBe("olt.windowSections 64 · parity 2.00 ± 0.10 · window 12.00 ± 0.10");
  });

  it("is laid out anew: a field that goes elsewhere changes places, one without a part is held at a value", () => {
    const first = usualChoice(cube());
    const turned = withPart(first, "series", "olt.windowSections", cube());
    expect(turned).toMatchObject({ x: "olt.recovery", series: "olt.windowSections", facets: "loss", fixed: {} });
    const whole = withPart(first, "facets", "", cube());
    expect(whole.fixed).toEqual({ loss: "0.01" });
    const other = completed({ ...whole, fixed: { loss: "0.02" } }, cube());
    const [picture] = sweepPictures(cube(), other, "cube");
    expect(picture.title).toBe("cube: Copies sent · loss 0.02");
    expect(picture.curves[0].points.map(({ y }) => y)).toEqual([101, 102, 103]);
  });
});

describe("scales", () => {
  it("begin at zero unless all would look alike, and name round values", () => {
    expect(figureScale([0, 60], 5).ticks.map(({ text }) => text)).toEqual(["0", "20", "40", "60"]);
    expect(figureScale([1000, 1001], 5).least).toBeGreaterThan(990);
    expect(timeScale(7200, 5).ticks.map(({ at }) => at)).toEqual([0, 1800, 3600, 5400, 7200]);
    const far = logarithmicScale([1, 1000]);
    expect(shareAt(far, 1000) - shareAt(far, 100)).toBeCloseTo(shareAt(far, 10) - shareAt(far, 1));
    expect(figureScale([], 5).ticks).toEqual([]);
  });
});
