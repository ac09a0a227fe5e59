/** One way to distribute, in words: what `poncast size` says when nothing else is asked. */
import { LIMITS, type Scenario } from "../../../scenarios/index.ts";
import type { FittingOnts, Sizing } from "../../../study/sizing/index.ts";
import { alignedText, bytesText, countText, durationText, plural, rateText } from "../../../base/text/index.ts";

export const percent = (share: number): string => `${(share * 100).toFixed(Math.abs(share) < 0.1 ? 2 : 1)} %`;
const bits = (bytesPerSecond: number): string => rateText(bytesPerSecond * 8);
export const howOf = ({ mode, recovery }: Sizing): string =>
  mode === "unicast" ? "unicast" : `multicast, recovery ${recovery}`;

export type Within = FittingOnts & { text: string; rateBytesPerSecond: number | null };

export function describe(scenario: Scenario, sizing: Sizing, best: Sizing, within: Within | undefined): string {
  const { pons, answerBurst } = sizing;
  const lines: [string, string][] = [
    ["ONTs", `${countText(sizing.onts)} on ${plural(pons, "PON port")}, ${howOf(sizing)}`],
    [
      "Image",
      `${bytesText(sizing.imageBytes)}, ${sizing.messageSet}, windows of up to ${sizing.windowSections} sections`,
    ],
    ["Time", `${durationText(sizing.seconds)} from the first Start to the last good End`],
    ["Copies sent", `${sizing.imageCopies.toFixed(3)} of the image a port`],
    [
      "Sections",
      `${countText(sizing.sections)} in ${countText(sizing.windows)} windows, ${countText(sizing.repairSections)} of them repairs`,
    ],
    [
      "Downstream",
      `${bytesText(sizing.downstreamBytes)}, ${percent(sizing.shareOfLine)} of each port's line in the mean`,
    ],
    [
      "Upstream",
      `${bytesText(sizing.upstreamBytes)}, bursts of up to ${plural(answerBurst.frames, "answer")} (${bytesText(answerBurst.bytes)}) a port`,
    ],
    [
      "Feed",
      `${rateText(sizing.bitsPerSecond * pons)} in the mean, ${rateText(sizing.peakBitsPerSecond * pons)} while sections leave, for ${plural(pons, "port")}`,
    ],
    [
      "Best window",
      `${plural(best.windowSections, "section")}: ${durationText(best.seconds)}, ${bytesText(best.downstreamBytes)}`,
    ],
  ];
  const { passes, leftOut } = sizing;
  if (passes.catchUp + passes.alone > 0) lines.splice(4, 0, ["Passes", passesText(sizing)]);
  if (leftOut > 0)
    lines.push([
      "Left out",
      `${plural(leftOut, "ONT")} come when the run is over: nobody waits, and none is on its way`,
    ]);
  if (sizing.stragglers > 0.005)
    lines.push(["Stragglers", `${sizing.stragglers.toFixed(2)} ONTs leave the group and go on alone, in the mean`]);
  if (within !== undefined) lines.push([`Within ${within.text}`, withinText(scenario, within)]);
  return alignedText(lines);
}

/** Whole numbers where nothing is left to chance. */
const meanText = (count: number): string => (Number.isInteger(count) ? String(count) : count.toFixed(2));

function passesText({ passes: { first, catchUp, alone } }: Sizing): string {
  const texts = [
    `${meanText(first)} first`,
    catchUp > 0 ? `${meanText(catchUp)} catch-up ${catchUp === 1 ? "group" : "groups"}` : "",
    alone > 0 ? `${meanText(alone)} times an ONT alone` : "",
  ];
  return `${texts.filter((text) => text !== "").join(", ")} a port, in the mean`;
}

function withinText({ pons }: Scenario, { rateBytesPerSecond, onts, ports }: Within): string {
  const rate =
    rateBytesPerSecond === null ? "not at any rate with all ONTs" : `${bits(rateBytesPerSecond)} a port are enough`;
  if (onts < LIMITS.ontsPerPon) return `${rate}; ${plural(onts, "ONT")} a port fit as it is`;
  return `${rate}; full ports fit as it is, ${countText(ports)} of them${ports > pons ? " one after the other" : ""}`;
}
