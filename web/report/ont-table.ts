/** The table of all ONTs of a run, and the causes that several of them share. */
import { countText, plural } from "../../base/text/index.ts";
import { OUTCOME_LABELS, type OntOutcome, type OntResult, type RunResult } from "../../run/result/index.ts";
import { type Html, html } from "./html.ts";

const marks: Record<OntOutcome, string> = {
  committed: "●",
  stored: "◆",
  trial: "◐",
  rolledBack: "↩",
  skipped: "–",
  failed: "✗",
};

/** Rows of the table of causes at most. */
const CAUSES_MAX = 8;

interface Column {
  label: string;
  number: boolean;
  /** Runs to a line or more. */
  prose?: boolean;
  cell: (ont: OntResult) => Html | string;
  /** What the column is sorted by. */
  order: (ont: OntResult) => string | number;
  /** Left out where it would say nothing. */
  shown?: (result: RunResult) => boolean;
  /** What Find looks through calls it so. */
  found?: string;
}

const portsOf = ({ scenario }: RunResult): number => (scenario as { pons?: number }).pons ?? 1;

const columnsOf = (result: RunResult): Column[] => [
  { label: "ONT", number: true, cell: ({ id }) => String(id), order: ({ id }) => id },
  {
    label: "Port",
    number: true,
    cell: ({ id }) => String(portOf(result, id)),
    order: ({ id }) => portOf(result, id),
    shown: (all) => portsOf(all) > 1,
  },
  {
    label: "Serial number",
    number: false,
    cell: ({ serial }) => html`<code>${serial}</code>`,
    order: ({ serial }) => serial,
    found: "serial number",
  },
  { label: "Outcome", number: false, cell: outcomeCell, order: ({ outcome }) => OUTCOME_LABELS[outcome] },
  {
    label: "Cause",
    number: false,
    cell: ({ cause }) => cause,
    order: ({ cause }) => cause,
    prose: true,
    found: "cause",
    shown: ({ ontResults }) => ontResults.some(({ cause }) => cause !== ""),
  },
  {
    label: "Version",
    number: false,
    cell: ({ version }) => version,
    order: ({ version }) => version,
    found: "version",
  },
  {
    label: "Download, s",
    number: true,
    cell: ({ downloadSeconds }) => (downloadSeconds === null ? "–" : downloadSeconds.toFixed(3)),
    order: ({ downloadSeconds }) => downloadSeconds ?? Number.MAX_VALUE,
  },
  figure("Windows repaired", ({ windowsRepaired }) => windowsRepaired),
  figure("Sections lost", ({ sectionsLost }) => sectionsLost),
  figure("Boots", ({ bootAttempts }) => bootAttempts),
  {
    label: "Left the group",
    number: false,
    cell: ({ leftGroup }) => (leftGroup ? "yes" : "no"),
    order: ({ leftGroup }) => (leftGroup ? "yes" : "no"),
    shown: ({ ontResults }) => ontResults.some(({ leftGroup }) => leftGroup),
  },
  {
    label: "Messages",
    number: false,
    cell: ({ inBaseline }) => (inBaseline ? "baseline" : "extended"),
    order: ({ inBaseline }) => (inBaseline ? "baseline" : "extended"),
    shown: ({ ontResults }) => ontResults.some(({ inBaseline }) => inBaseline),
  },
];

/** ONTs are numbered port by port, and each port has as many. */
const portOf = (result: RunResult, id: number): number =>
  Math.floor((id * portsOf(result)) / Math.max(1, result.onts.total));

function figure(label: string, value: (ont: OntResult) => number): Column {
  return { label, number: true, cell: (ont) => countText(value(ont)), order: value };
}

function outcomeCell({ outcome }: OntResult): Html {
  return html`<span class="outcome ${outcome}"
    ><span aria-hidden="true">${marks[outcome]}</span> ${OUTCOME_LABELS[outcome]}</span
  >`;
}

/** Every ONT, how it ended and why; the script makes it sortable and filterable. */
export function ontTable(result: RunResult): Html {
  const { ontResults, onts } = result;
  const outcomes = [...new Set(ontResults.map(({ outcome }) => OUTCOME_LABELS[outcome]))];
  const columns = columnsOf(result).filter(({ shown }) => shown === undefined || shown(result));
  const found = columns.flatMap((column) => column.found ?? []).join(", ");
  const heads = columns.map(
    ({ label, number }) => html`<th scope="col" class="${number ? "number" : ""}">${label}</th>`,
  );
  return html`<section class="wide" id="onts">
    <h2>ONTs</h2>
    ${causes(ontResults)}
    <form class="filter" hidden>
      <label>Find <input type="search" name="text" placeholder="${found}" size="${found.length}" /></label>
      <label
        >Outcome
        <select name="outcome">
          <option value="">all</option>
          ${outcomes.map((outcome) => html`<option>${outcome}</option>`)}
        </select></label
      >
      <output aria-live="polite">${plural(onts.total, "ONT")}</output>
    </form>
    <div class="scroll">
      <table class="sortable">
        <thead>
          <tr>
            ${heads}
          </tr>
        </thead>
        <tbody>
          ${ontResults.map((ont) => row(ont, columns))}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Causes that share an outcome's ONTs among them, the most frequent first. */
function causes(onts: readonly OntResult[]): Html | undefined {
  const counts = new Map<string, { ont: OntResult; count: number }>();
  for (const ont of onts) {
    if (ont.cause === "") continue;
    const key = `${ont.outcome} ${ont.cause}`;
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { ont, count: 1 });
  }
  if (counts.size === 0) return undefined;
  const sorted = [...counts.values()].sort((a, b) => b.count - a.count);
  const more = sorted.slice(CAUSES_MAX).reduce((sum, { count }) => sum + count, 0);
  const rows = sorted.slice(0, CAUSES_MAX).map(
    ({ ont, count }) =>
      html`<tr>
        <td class="number">${countText(count)}</td>
        <td>${outcomeCell(ont)}</td>
        <td class="prose">${ont.cause}</td>
      </tr>`,
  );
  return html`<div class="scroll causes">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">ONTs</th>
            <th scope="col">Outcome</th>
            <th scope="col">Cause</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${more > 0 && html`<p>and ${plural(more, "ONT")} with other causes</p>`}`;
}

const looksOf = ({ number, prose = false, found }: Column): string =>
  [number && "number", prose && "prose", found !== undefined && "found"].filter((look) => look !== false).join(" ");

function row(ont: OntResult, columns: readonly Column[]): Html {
  const cells = columns.map(
    (column) => html`<td class="${looksOf(column)}" data-order="${column.order(ont)}">${column.cell(ont)}</td>`,
  );
  return html`<tr data-outcome="${OUTCOME_LABELS[ont.outcome]}">
    ${cells}
  </tr>`;
}
