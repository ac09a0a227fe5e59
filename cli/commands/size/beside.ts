/** The roads https, cwmp and file beside the ways of OMCI: what the headend sends, what each device takes, and when. */
import { prepareImages } from "../../../run/index.ts";
import { LIMITS, type Scenario } from "../../../scenarios/index.ts";
import { besideModels, hasVisits, type HttpsSizing, type Sizing } from "../../../study/sizing/index.ts";
import { alignedText, bytesText, durationText, figuresRight, plural, rateText } from "../../../base/text/index.ts";
import { percent } from "./describe.ts";

type BesideRoad = Exclude<Scenario["road"], "omci">;

export interface BesideRow {
  name: string;
  road: BesideRoad;
  sizing: HttpsSizing;
}

/** The whole image to all; and with deltas, where the scenario has some and they can be made. */
function rowsOf(scenario: Scenario, road: BesideRoad): BesideRow[] {
  const over: Scenario = { ...scenario, road };
  const size = besideModels[road];
  const whole = { name: `${road}, whole`, road, sizing: size(over) };
  if (over.image.deltas.length === 0 || over.image.bytes > LIMITS.runImageBytes) return [whole];
  const { plan } = prepareImages(over);
  return plan === undefined ? [whole] : [whole, { name: `${road}, deltas`, road, sizing: size(over, plan) }];
}

export const besideRows = (scenario: Scenario): BesideRow[] => [
  ...rowsOf(scenario, "https"),
  ...rowsOf(scenario, "cwmp"),
  ...(hasVisits(scenario) ? rowsOf(scenario, "file") : []),
];

/** A scenario whose road it is. */
export function besideText(scenario: Scenario, road: BesideRoad, isJson: boolean): string {
  const rows = rowsOf(scenario, road);
  return isJson ? JSON.stringify(rows.map(({ name, sizing }) => ({ name, sizing }))) : besideTable(rows, scenario);
}

export function besideTable(rows: readonly BesideRow[], { updateZip }: Scenario): string {
  const head = ["", "copies", "a device", "in all", "50 %", "95 %", "100 %", "headend, mean", "peak"];
  const cells = rows.map(({ name, sizing }) => [
    name,
    sizing.copies.toFixed(3),
    bytesText(sizing.bytesPerDevice),
    bytesText(sizing.sentBytes),
    ...[sizing.seconds50, sizing.seconds95, sizing.seconds100].map(durationText),
    rateText(sizing.meanBitsPerSecond),
    rateText(sizing.peakBitsPerSecond),
  ]);
  const visits = rows.find(({ road }) => road === "file")?.sizing.onts;
  const table = alignedText([head, ...cells], figuresRight(head.length));
  if (visits === undefined) return table;
  const { everySeconds } = updateZip;
  const apart =
    everySeconds === 0
      ? "all at once"
      : `${durationText(everySeconds)} from one to the next, as the scenario says (updateZip.everySeconds)`;
  return `${table}\nfile: ${plural(visits, "visit")}, ${apart}; the headend sends nothing`;
}

/** Like with like: where there are deltas, they go by both roads. @param multicast of one port */
export function savedLine(multicast: Sizing, rows: readonly BesideRow[], { pons }: Scenario): string {
  const { copies } = rows.findLast(({ road }) => road === "https")!.sizing;
  const share = 1 - (multicast.imageCopies * pons) / copies;
  return `multicast saves ${percent(share)} of what the headend sends over HTTPS`;
}
