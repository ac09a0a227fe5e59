/** The text at the end of a run, from its result alone. */
import {
  ACTIVATION_SPAN,
  baselineText,
  besideModel,
  copiesBeside,
  FIGURE_LABELS,
  lossesOf,
  lossText,
  OUTCOME_LABELS,
  outcomeCounts,
  sentText,
  type OntResult,
  type RunResult,
} from "../../run/result/index.ts";
import { harmless, painter, wrap, type Paint, type Style } from "../../base/terminal/index.ts";
import { bytesText, copiesText, countText, durationText, plural, rateText } from "../../base/text/index.ts";

type Outcome = OntResult["outcome"];

const LABEL_COLUMNS = 12;
/** ONTs named in one group; the rest is counted. */
const IDS_SHOWN_MAX = 12;
const GROUPS_SHOWN_MAX = 24;
const TEXT_COLUMNS_LEAST = 24;

const STYLES: Readonly<Record<Outcome, Style>> = {
  committed: "green",
  stored: "green",
  trial: "green",
  skipped: "yellow",
  rolledBack: "yellow",
  failed: "red",
};

/**
 * What a run did, for people, from its result.
 *
 * @param columns width to break lines at
 */
export function renderSummary(result: RunResult, columns: number, colour: boolean): string {
  const paint = painter(colour);
  const table: [string, string | undefined][] = [
    ["Image", imageText(result)],
    [FIGURE_LABELS["downstream.imageCopies"], sentCopiesText(result)],
    ["Payloads", sentText(result)],
    ["Messages", baselineText(result.baselineOnts)],
    ["Model says", besideModel(result)],
    [FIGURE_LABELS["timing.downloadSeconds"], downloadText(result)],
    [FIGURE_LABELS["timing.activateSeconds"], activationText(result)],
    [FIGURE_LABELS["timing.totalSeconds"], wholeText(result)],
    [FIGURE_LABELS["goodput.deliveredBitsPerSecond"], deliveredText(result)],
    ...roadRows(result),
  ];
  const lines = [headline(result, columns, paint), ""];
  for (const [label, text] of table) if (text !== undefined) lines.push(...row(label, text, columns, paint));
  const groups = causeLines(result.ontResults, columns, paint);
  if (groups.length > 0) lines.push("", ...groups);
  return `${lines.join("\n")}\n`;
}

function row(label: string, text: string, columns: number, paint: Paint): string[] {
  const width = Math.max(TEXT_COLUMNS_LEAST, columns - LABEL_COLUMNS);
  return wrap(text, width).map(
    (line, at) => `${at === 0 ? paint(label.padEnd(LABEL_COLUMNS), "dim") : " ".repeat(LABEL_COLUMNS)}${line}`,
  );
}

/** Per outcome how many ONTs; good news in green, the rest as it is. */
function headline(result: RunResult, columns: number, paint: Paint): string {
  const { ontResults, image } = result;
  const parts = outcomeCounts(result).map(({ outcome, text }) => ({ text, style: STYLES[outcome] }));
  const version = image.version === "" ? "" : ` of version ${harmless(image.version)}`;
  const start = `${plural(ontResults.length, "ONT")}${version}: `;
  const plain = start + parts.map(({ text }) => text).join(", ");
  if (plain.length > columns) return wrap(plain, columns).join("\n");
  return paint(start, "bold") + parts.map(({ text, style }) => paint(text, "bold", style)).join(", ");
}

const activationText = ({ timing: { activateSeconds } }: RunResult): string | undefined =>
  activateSeconds === null ? undefined : `${durationText(activateSeconds)}, ${ACTIVATION_SPAN}`;

function imageText({ image }: RunResult): string {
  const product = image.productCode === "" ? "" : `, product code ${harmless(image.productCode)}`;
  return `${bytesText(image.bytes)} (${countText(image.bytes)} bytes)${product}, SHA-256 ${image.sha256}`;
}

const sentCopiesText = (result: RunResult): string =>
  `${copiesText(result.downstream.imageCopies)} of the image (${copiesBeside(result)})`;

function downloadText({ timing }: RunResult): string | undefined {
  const { downloadSeconds, p50Seconds, p95Seconds, p99Seconds } = timing;
  if (downloadSeconds === null) return "not finished";
  if (p50Seconds === null || p95Seconds === null || p99Seconds === null) return durationText(downloadSeconds);
  const [p50, p95, p99] = [p50Seconds, p95Seconds, p99Seconds].map(durationText);
  return `${durationText(downloadSeconds)} (single ONTs: half within ${p50}, 95 % within ${p95}, 99 % within ${p99})`;
}

function wholeText({ timing, clock, seed }: RunResult): string {
  const spawn = timing.spawnSeconds > 0 ? `, of it ${durationText(timing.spawnSeconds)} to start the ONTs` : "";
  return `${durationText(timing.totalSeconds)}${clock === "virtual" ? " of virtual time" : ""}${spawn} (seed ${seed})`;
}

function deliveredText({ goodput }: RunResult): string | undefined {
  const { deliveredBitsPerSecond, imageBitsPerSecond } = goodput;
  if (deliveredBitsPerSecond === null || imageBitsPerSecond === null) return undefined;
  return `${rateText(deliveredBitsPerSecond)} to all ONTs together, the image at ${rateText(imageBitsPerSecond)}`;
}

function sectionsText({ downstream }: RunResult): string {
  const { sections, repairSections, windows } = downstream;
  const share = sections === 0 ? "" : ` (${((repairSections / sections) * 100).toFixed(1)} %)`;
  return `${countText(sections)} in ${plural(windows, "window")}, of them ${countText(repairSections)} for repair${share}`;
}

function lossSeenText(result: RunResult): string {
  const left = result.ontResults.filter(({ leftGroup }) => leftGroup).length;
  return `${lossText(lossesOf(result))}${left === 0 ? "" : `, ${plural(left, "ONT")} left the group`}`;
}

function roadRows(result: RunResult): [string, string][] {
  const roads = new Set(result.groups.map(({ road }) => road));
  switch (roads.size === 1 ? [...roads][0] : undefined) {
    case "https":
    case "cwmp":
      return depotRows(result);
    case "file":
      return [[FIGURE_LABELS["downstream.gemBytes"], "nothing: each ONT reads update.zip in its folder"]];
    default:
      return linkRows(result);
  }
}

/** An ACS's files go over HTTPS, too. */
const hasFiles = ({ groups }: RunResult): boolean => groups.some(({ road }) => road === "https" || road === "cwmp");

/** A depot, or an ACS, counts bytes of files, and nothing else. */
const depotRows = ({ downstream }: RunResult): [string, string][] => [
  [FIGURE_LABELS["downstream.gemBytes"], `${bytesText(downstream.gemBytes)} of files, over HTTPS`],
];

const linkRows = (result: RunResult): [string, string][] => [
  [FIGURE_LABELS["downstream.sections"], sectionsText(result)],
  ["Loss seen", lossSeenText(result)],
  [
    FIGURE_LABELS["downstream.gemBytes"],
    trafficText(result.downstream, hasFiles(result) ? " and files over HTTPS" : ""),
  ],
  [FIGURE_LABELS["upstream.gemBytes"], trafficText(result.upstream)],
];

const trafficText = ({ frames, omciBytes, gemBytes }: RunResult["upstream"], more = ""): string =>
  `${plural(frames, "OMCI frame")}, ${bytesText(omciBytes)}, with GEM headers${more} ${bytesText(gemBytes)}`;

/** One entry per outcome and cause of ONTs that did not end as planned, the largest group first. */
function causeLines(onts: readonly OntResult[], columns: number, paint: Paint): string[] {
  const groups = new Map<string, OntResult[]>();
  for (const ont of onts) {
    // Without a cause, stored and trial are what the scenario asked for.
    if (ont.outcome === "committed" || (ont.cause === "" && (ont.outcome === "stored" || ont.outcome === "trial")))
      continue;
    const key = `${ont.outcome}\n${ont.cause}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [ont]);
    else group.push(ont);
  }
  const sorted = [...groups.values()].toSorted((a, b) => b.length - a.length || a[0]!.id - b[0]!.id);
  const lines = sorted.slice(0, GROUPS_SHOWN_MAX).flatMap((group) => groupLines(group, columns, paint));
  const more = sorted.slice(GROUPS_SHOWN_MAX);
  if (more.length > 0) {
    const count = more.reduce((sum, group) => sum + group.length, 0);
    lines.push(`  and ${plural(count, "ONT")} with ${plural(more.length, "other cause")}: see result.json`);
  }
  return lines.length === 0 ? [] : [paint("Not committed", "bold"), ...lines];
}

function groupLines(group: readonly OntResult[], columns: number, paint: Paint): string[] {
  const { outcome, cause, id, serial } = group[0]!;
  const [label, style] = [OUTCOME_LABELS[outcome], STYLES[outcome]];
  const who =
    group.length === 1
      ? `#${id} ${harmless(serial)}`
      : `${plural(group.length, "ONT")} (${idsText(group.map((ont) => ont.id))})`;
  const text = `${label}: ${harmless(cause) || "no cause given"}: ${who}`;
  const [first = "", ...rest] = wrap(text, Math.max(TEXT_COLUMNS_LEAST, columns - 4));
  return [
    `  ${paint(first.slice(0, label.length), style)}${first.slice(label.length)}`,
    ...rest.map((line) => `    ${line}`),
  ];
}

/** "#1, #4-#9, #12 and 20 more" */
function idsText(ids: readonly number[]): string {
  const sorted = ids.toSorted((a, b) => a - b);
  const ranges: { from: number; to: number }[] = [];
  for (const id of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && id === last.to + 1) last.to = id;
    else ranges.push({ from: id, to: id });
  }
  const shown = ranges.slice(0, IDS_SHOWN_MAX);
  const hidden = ranges.slice(IDS_SHOWN_MAX).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const texts = shown.map(({ from, to }) => (from === to ? `#${from}` : `#${from}-#${to}`));
  return texts.join(", ") + (hidden > 0 ? ` and ${hidden} more` : "");
}
