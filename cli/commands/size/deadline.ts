/** `poncast size --window 02:00-05:00`: does it fit, by which way, at what rate of each port and of the feed. */
import type { Scenario } from "../../../scenarios/index.ts";
import { type Rates, strategies, type DeadlineVerdict, verdictOf } from "../../../study/sizing/index.ts";
import {
  alignedText,
  bytesText,
  countText,
  durationText,
  figuresRight,
  plural,
  rateText,
} from "../../../base/text/index.ts";
import { BUDGET_BURST_NS } from "../../../olt/index.ts";
import { tell } from "../../print.ts";
import { percent } from "./describe.ts";
import { clockText, type Hours } from "./hours.ts";
import { Steps } from "./progress.ts";

const nameOf = ({ name, sizing }: DeadlineVerdict): string =>
  sizing.mode === "unicast" ? "unicast" : `multicast, ${name}`;
/** Exact enough for who computes with them. */
const secondsText = (seconds: number): string => `${seconds.toFixed(seconds < 100 ? 2 : 1)} s`;
/** Two digits at least of what is small. */
const shareOf = (share: number): string =>
  share < 1e-3 ? `${Number((share * 100).toPrecision(2))} %` : percent(share);
const NOT_AT_ANY_RATE = "no rate";

export function deadline(scenario: Scenario, hours: Hours, isJson: boolean): string {
  const steps = new Steps(strategies.length);
  const verdicts = strategies.map((strategy) => {
    const verdict = verdictOf(scenario, strategy, hours.seconds);
    steps.step("ways sized");
    return verdict;
  });
  steps.end();
  if (isJson) return JSON.stringify({ window: hours, verdicts });
  for (const text of verdicts[0].sizing.neglected) tell(`not in the model: ${text}\n`);
  return [
    head(scenario, hours, verdicts),
    table(
      ["", "fits", "takes", "done at", "to spare", "copies", "sent on a port"],
      verdicts.map((verdict) => [nameOf(verdict), ...verdictCells(verdict, hours)]),
    ),
    ratesTable(
      scenario.pons === 1 ? "The port" : `Each of the ${scenario.pons} ports (they are alike)`,
      "of its line, mean",
      verdicts,
      ({ port }) => port,
    ),
    ratesTable(`Feed of ${plural(scenario.pons, "port")}`, "of the feed, mean", verdicts, ({ feed }) => feed),
    notes(scenario, verdicts),
  ].join("\n\n");
}

function head(
  scenario: Scenario,
  { text, seconds }: Hours,
  [{ sizing, port, feed }]: readonly DeadlineVerdict[],
): string {
  const { pons, onts, olt } = scenario;
  const budget =
    olt.rateBytesPerSecond === undefined
      ? "none: as fast as the line"
      : `${rateText(olt.rateBytesPerSecond * 8)} a port, ${shareOf((olt.rateBytesPerSecond * 8) / port.limitBitsPerSecond)} of its line`;
  return alignedText([
    ["ONTs", `${countText(sizing.onts)} on ${plural(pons, "PON port")}, ${onts} on each`],
    [
      "Image",
      `${bytesText(sizing.imageBytes)} (${countText(sizing.imageBytes)} bytes with its signatures), ${sizing.messageSet}, windows of up to ${sizing.windowSections} sections`,
    ],
    ["Hours", `${text}: ${durationText(seconds)}, ${countText(seconds)} s`],
    ["Line", `${port.limitBitsPerSecond / 1e9} Gbit/s a port, downstream`],
    ["Budget", budget],
    [
      "Feed",
      Number.isFinite(feed.limitBitsPerSecond)
        ? `${rateText(feed.limitBitsPerSecond)} for all ports`
        : "no limit (--feed)",
    ],
  ]);
}

function verdictCells({ sizing, fits, spareSeconds }: DeadlineVerdict, { startSeconds }: Hours): string[] {
  const spare = durationText(Math.abs(spareSeconds));
  return [
    fits ? "yes" : "no",
    secondsText(sizing.seconds),
    clockText(startSeconds + sizing.seconds),
    spareSeconds < 0 ? `${spare} too long` : spare,
    sizing.imageCopies.toFixed(3),
    `${countText(sizing.downstreamBytes / sizing.pons)} B`,
  ];
}

function ratesTable(
  what: string,
  share: string,
  verdicts: readonly DeadlineVerdict[],
  ratesOf: (verdict: DeadlineVerdict) => Rates,
): string {
  return table(
    [what, "mean", share, "peak", "needed", "of it, needed"],
    verdicts.map((verdict) => {
      const { meanBitsPerSecond, peakBitsPerSecond, neededBitsPerSecond, limitBitsPerSecond } = ratesOf(verdict);
      const shareText = (bits: number): string =>
        Number.isFinite(limitBitsPerSecond) ? shareOf(bits / limitBitsPerSecond) : "no limit";
      return [
        nameOf(verdict),
        rateText(meanBitsPerSecond),
        shareText(meanBitsPerSecond),
        rateText(peakBitsPerSecond),
        neededBitsPerSecond === null ? NOT_AT_ANY_RATE : rateText(neededBitsPerSecond),
        neededBitsPerSecond === null ? "" : shareText(neededBitsPerSecond),
      ];
    }),
  );
}

const table = (names: readonly string[], rows: readonly (readonly string[])[]): string =>
  alignedText([names, ...rows], figuresRight(names.length));

function notes({ pons, olt }: Scenario, verdicts: readonly DeadlineVerdict[]): string {
  const lines = [
    "takes: from the first Start to the last good End, activation apart; mean: bytes sent on a port × 8 / takes; feed: port × ports.",
    "peak: while sections leave; needed: the least budget with which the last is done in the hours.",
  ];
  if (olt.rateBytesPerSecond !== undefined)
    lines.push(
      `A port may be above its budget for a moment: what it did not send in a pause of up to ${BUDGET_BURST_NS / 1e6} ms leaves at once.`,
    );
  const lacks = verdicts.some(({ feed }) => (feed.neededBitsPerSecond ?? 0) > feed.limitBitsPerSecond);
  if (lacks) lines.push(`Needed of the feed is more than it has: fewer of the ${pons} ports at a time.`);
  return lines.join("\n");
}
