/** That extended messages were asked for and some ONTs were sent baseline ones is said while it goes on, and at its end. */
import { describe, expect, test } from "vitest";
import { screenOf } from "../../cli/top/screen.ts";
import { PlainProgress, renderPicture, renderSummary, ViewBuilder } from "../../cli/view/index.ts";
import type { OltOntStatus, OltStatus } from "../../olt/core/types.ts";
import { baselineText } from "../../run/result/index.ts";
import { parseScenario } from "../../scenarios/index.ts";
import { factsOf, LiveModel, shownOf } from "../../web/dashboard/model/index.ts";
import { ontResult, runResult, runView } from "./view-fixture.ts";

const LINE = "extended was asked for; 2 ONTs said in ONU2-G not to know it and were sent baseline messages";
const screen = { columns: 120, rows: 40, colour: false, unicode: true };

describe("baseline where extended was asked for", () => {
  test("is a line of the live view", () => {
    expect(renderPicture(runView(8, { messages: LINE }), screen)).toContain(LINE);
    expect(renderPicture(runView(8), screen)).not.toContain("extended");
  });

  test("is a line of plain progress, once", () => {
    const lines: string[] = [];
    const progress = new PlainProgress({ write: (text) => lines.push(text) }, () => 0);
    progress.update(runView(8, { messages: LINE }));
    progress.update(runView(8, { messages: LINE, stage: "done" }));
    expect(lines.filter((line) => line === `${LINE}\n`)).toHaveLength(1);
  });

  test("is counted from what the OLT tells", () => {
    const { name, mode, recovery, catchesUp, seed, clock, imageBytes, imageVersion } = runView(2);
    const info = { name, mode, recovery, catchesUp, seed, clock, imageBytes, imageVersion };
    const ont = { onuId: 1, serial: "A", phase: "downloading", inBaseline: true } as OltOntStatus;
    const olt = { phase: "downloading", onts: [ont, { ...ont, serial: "B" }], groups: [] } as unknown as OltStatus;
    const report = { phase: "running", elapsedMs: 1, ontsStarted: 2, onts: [], downstreamBytesPerSecond: 0, note: "" };
    const build = (given: OltStatus): string | undefined =>
      new ViewBuilder(info).build({ ...report, olt: given } as Parameters<ViewBuilder["build"]>[0]).messages;
    expect(build(olt)).toBe(LINE);
    expect(build({ ...olt, onts: [] })).toBeUndefined();
  });

  test("is a line of a run that somebody else started", () => {
    const facts = factsOf(parseScenario("onts: 2\nimage: { bytes: 90000 }", "two.yaml"), "wall");
    const shown = shownOf(new LiveModel(facts).snapshot("r"));
    expect(screenOf(shown)).not.toHaveProperty("messages");
    expect(screenOf({ ...shown, inBaseline: new Set([0, 1]) }).messages).toBe(LINE);
  });

  test("is a line at the end", () => {
    expect(renderSummary(runResult([ontResult(1)], { baselineOnts: 2 }), 200, false)).toContain(`Messages    ${LINE}`);
    expect(renderSummary(runResult([ontResult(1)]), 200, false)).not.toContain("Messages");
    expect(baselineText(1)).toBe(
      "extended was asked for; 1 ONT said in ONU2-G not to know it and was sent baseline messages",
    );
  });
});
