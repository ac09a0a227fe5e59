/** The figure of the passes over the image: who shared one, and what each cost. */
import { copiesText, durationText, plural } from "../../base/text/index.ts";
import { chartFigure, figureTable } from "./figure.ts";
import type { Html } from "./html.ts";
import { PASS_KINDS } from "./passes.ts";
import type { RunReport } from "./run-model.ts";
import { passName, type PassBar } from "./types.ts";

const LEGEND: Record<PassBar["why"], string> = { first: "first", catchUp: "catch-up group", alone: "alone" };
/** Rows of the table at most: where there are more, nearly all are of ONTs alone. */
const TABLE_ROWS = 48;

/** Undefined where each port has but one pass: the other charts tell all of it. */
export function passFigure({ charts: { passes }, scenario, result }: RunReport): Html | undefined {
  if (passes.length <= scenario.pons) return undefined;
  const copies = copiesText(result.downstream.imageCopies / scenario.pons);
  const each = scenario.pons === 1 ? "" : " a port";
  return chartFigure({
    chart: "passes",
    title: "Passes over the image",
    summary: `The image was sent ${copies} times${each} in ${plural(passes.length, "pass", "passes")}: ${kindTexts(passes).join(", ")}.`,
    legend: PASS_KINDS.filter((kind) => passes.some(({ why }) => why === kind)).map((kind) => ({
      mark: `pass-${kind}`,
      label: LEGEND[kind],
    })),
    wide: true,
    table: figureTable(["Pass", "ONTs", "From", "Took", "Copies"], rowsOf(passes)),
  });
}

function kindTexts(passes: readonly PassBar[]): string[] {
  return PASS_KINDS.flatMap((kind) => {
    const those = passes.filter(({ why }) => why === kind);
    if (those.length === 0) return [];
    const onts = those.reduce((sum, pass) => sum + pass.onts, 0);
    switch (kind) {
      case "first":
        return those.length === 1 ? `the first to ${plural(onts, "ONT")}` : `${those.length} first ones`;
      case "catchUp":
        return `${plural(those.length, "catch-up group")} of together ${plural(onts, "ONT")}`;
      case "alone":
        return `${plural(onts, "time")} an ONT alone`;
    }
  });
}

function rowsOf(passes: readonly PassBar[]): string[][] {
  const rows = passes.slice(0, TABLE_ROWS).map((pass) => {
    const { onts, fromSeconds, toSeconds, isWhole, copies } = pass;
    const took = isWhole ? durationText(toSeconds - fromSeconds) : "cut off";
    return [passName(pass), String(onts), durationText(fromSeconds), took, isWhole ? copiesText(copies) : "–"];
  });
  const more = passes.length - rows.length;
  return more > 0 ? [...rows, [`and ${more} more`, "", "", "", ""]] : rows;
}
