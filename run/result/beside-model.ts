/** A run beside what the sizing model had said of it: one line for summary and report. */
import { copiesText, durationText, plural } from "../../base/text/index.ts";
import type { GroupResult, RunResult } from "./types.ts";

/** Up to this share apart, run and model say the same: the model gives a mean, a run is one draw. */
const NEAR_SHARE = 0.1;

const isNear = (seen: number, model: number): boolean => Math.abs(seen - model) <= NEAR_SHARE * model;

/** undefined where nobody asked the model, or where nothing was sent. */
export function besideModel({ verdict, downstream, timing, clock, groups }: RunResult): string | undefined {
  const { modelCopies, modelSeconds, modelLeavesOut } = verdict;
  if (modelCopies === null || modelSeconds === null || downstream.sections === 0) return undefined;
  const seen = downstream.imageCopies;
  const parts = [
    isNear(seen, modelCopies)
      ? `${copiesText(modelCopies)} copies: as it came`
      : `${copiesText(modelCopies)} copies; ${copiesText(seen)} came, ${passesText(groups)}`,
    timeText(clock, timing.downloadSeconds, modelSeconds),
  ];
  if (modelLeavesOut.length > 0) parts.push(`the model leaves out ${modelLeavesOut.join(", ")}`);
  return parts.join("; ");
}

function timeText(clock: RunResult["clock"], seenSeconds: number | null, modelSeconds: number): string {
  const model = `${durationText(modelSeconds)} for the download`;
  // A model of the fibre says nothing of how fast a machine turns 128 processes.
  if (clock === "wall") return `${model} on a PON, while the run's own time measures this machine`;
  return seenSeconds !== null && isNear(seenSeconds, modelSeconds) ? `${model}: as it came` : model;
}

const KINDS: readonly { why: GroupResult["why"]; text: (passes: number) => string }[] = [
  { why: "first", text: (passes) => (passes === 1 ? "the first pass" : `${passes} first passes`) },
  { why: "catchUp", text: (passes) => plural(passes, "catch-up group") },
  { why: "alone", text: (passes) => `${plural(passes, "download")} of an ONT alone` },
];

/** What the copies went to. */
function passesText(groups: readonly GroupResult[]): string {
  const parts = KINDS.flatMap(({ why, text }) => {
    const passes = groups.filter((group) => group.why === why);
    const copies = passes.reduce((sum, group) => sum + group.copies, 0);
    return passes.length === 0 ? [] : [`${copiesText(copies)} in ${text(passes.length)}`];
  });
  return parts.join(", ");
}
