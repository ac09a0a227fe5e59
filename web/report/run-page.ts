/** The page of a run: verdict, key figures, charts, incidents, ONTs and scenario, in this order. */
import { bytesText, copiesText, countText, durationText, plural, rateText } from "../../base/text/index.ts";
import {
  ACTIVATION_SPAN,
  baselineText,
  besideModel,
  copiesBeside,
  FIGURE_LABELS,
  lossesOf,
  lossText,
  outcomeCounts,
  type RunResult,
} from "../../run/result/index.ts";
import { payloadTable } from "./payload-table.ts";
import { MACHINE_LIMITS, MODEL_LIMITS, pageDocument } from "./document.ts";
import { type Html, html } from "./html.ts";
import { ontTable } from "./ont-table.ts";
import { passFigure } from "./pass-figure.ts";
import { completionFigure, progressFigure, trafficFigures, windowFigure } from "./run-figures.ts";
import type { RunReport } from "./run-model.ts";
import { scenarioSection } from "./scenario-section.ts";
import { timeFigure } from "./time-figure.ts";

/** The report of one run as a page of its own. */
export function runPage(report: RunReport): string {
  const { header, result, charts } = report;
  const body = html`<header>
      <p class="kind">poncast run report</p>
      <h1>${result.onts.total > 0 ? header.scenario : "run"}</h1>
      ${verdict(report)} ${keyFigures(result)}
      <p class="replay"><span>Run it again</span> <code>${header.replay}</code></p>
    </header>
    <main>
      <noscript><p>The charts need JavaScript; the tables hold the same figures.</p></noscript>
      ${payloadTable(result)} ${progressFigure(report)} ${passFigure(report)} ${trafficFigures(report)}
      ${completionFigure(report)} ${windowFigure(report)} ${timeFigure(report)} ${incidents(report)} ${ontTable(result)}
      ${scenarioSection(report)}
    </main>`;
  const clock = result.clock === "virtual" ? "virtual time" : "real processes";
  const commit = header.commit === "" ? "" : ` (${header.commit})`;
  const footer = `poncast ${header.version}${commit} · ${clock} · seed ${result.seed} · figures from result.json and journal.binpb of the run folder · ${result.clock === "virtual" ? MODEL_LIMITS : MACHINE_LIMITS}`;
  return pageDocument({ title: `${header.scenario} · poncast run report`, footer, body, charts });
}

function verdict({ result, ended, scenario }: RunReport): Html {
  const { total } = result.onts;
  const parts = outcomeCounts(result).map(({ text }) => text);
  const asExpected = ended?.exitCode === 0;
  const word = ended === undefined ? "Cut off" : asExpected ? "As expected" : "Not as expected";
  const model = besideModel(result);
  const messages = baselineText(result.baselineOnts);
  const interrupted = ended !== undefined && ended.outcome !== "finished" ? ` (${ended.outcome})` : "";
  return html`<p class="verdict">
      <strong class="${asExpected ? "good" : "bad"}"
        ><span aria-hidden="true">${asExpected ? "✓" : "✗"}</span> ${word}${interrupted}</strong
      >
      ${plural(total, "ONT")} to version ${result.image.version || "unknown"}: ${parts.join(", ")}
    </p>
    ${messages !== undefined && html`<p class="model">Messages: ${messages}.</p>`}
    ${model !== undefined && html`<p class="model">The model says ${model}.</p>`}
    ${scenario.question !== "" && html`<p class="question">${scenario.question}</p>`}`;
}

interface KeyFigure {
  /** Path in result.json. */
  field: string;
  label: string;
  value: string;
  note: string;
}

const duration = (seconds: number | null): string => (seconds === null ? "not finished" : durationText(seconds));
const rate = (bitsPerSecond: number | null): string => (bitsPerSecond === null ? "–" : rateText(bitsPerSecond));

/** The figures a run is judged by, each as it is in result.json. */
export function keyFiguresOf(result: RunResult): KeyFigure[] {
  const { onts, downstream, upstream, timing, goodput, image } = result;
  const { sections, repairSections } = downstream;
  const repairShare = sections === 0 ? 0 : (repairSections / sections) * 100;
  const lost = [
    onts.rolledBack > 0 ? `${onts.rolledBack} rolled back` : "",
    onts.failed > 0 ? `${onts.failed} failed` : "",
  ].filter((text) => text !== "");
  return [
    {
      field: "onts.committed",
      label: FIGURE_LABELS["onts.committed"],
      value: `${countText(onts.committed)} of ${countText(onts.total)}`,
      note: lost.join(", ") || "none rolled back or failed",
    },
    {
      field: "downstream.imageCopies",
      label: FIGURE_LABELS["downstream.imageCopies"],
      value: copiesText(downstream.imageCopies),
      note: `${bytesText(image.bytes)} each; ${copiesBeside(result)}`,
    },
    {
      field: "timing.downloadSeconds",
      label: FIGURE_LABELS["timing.downloadSeconds"],
      value: duration(timing.downloadSeconds),
      note: timing.p95Seconds === null ? "no ONT finished" : `95 % of the ONTs within ${duration(timing.p95Seconds)}`,
    },
    {
      field: "timing.activateSeconds",
      label: FIGURE_LABELS["timing.activateSeconds"],
      value: timing.activateSeconds === null ? "–" : duration(timing.activateSeconds),
      note: timing.activateSeconds === null ? "nothing was committed" : ACTIVATION_SPAN,
    },
    {
      field: "timing.totalSeconds",
      label: FIGURE_LABELS["timing.totalSeconds"],
      value: duration(timing.totalSeconds),
      note: timing.spawnSeconds > 0 ? `of it ${duration(timing.spawnSeconds)} to start the ONTs` : "virtual time",
    },
    {
      field: "goodput.deliveredBitsPerSecond",
      label: FIGURE_LABELS["goodput.deliveredBitsPerSecond"],
      value: rate(goodput.deliveredBitsPerSecond),
      note:
        goodput.imageBitsPerSecond === null
          ? "no ONT finished"
          : `to all ONTs together; the image at ${rateText(goodput.imageBitsPerSecond)}`,
    },
    {
      field: "downstream.repairSections",
      label: "Repair sections",
      value: countText(repairSections),
      note: `${repairShare.toFixed(1)} % of ${countText(sections)} in ${plural(downstream.windows, "window")}; loss seen: ${lossText(lossesOf(result))}`,
    },
    {
      field: "downstream.gemBytes",
      label: FIGURE_LABELS["downstream.gemBytes"],
      value: bytesText(downstream.gemBytes),
      note: `with GEM headers; upstream ${bytesText(upstream.gemBytes)}`,
    },
  ];
}

function keyFigures(result: RunResult): Html {
  return html`<dl class="key">
    ${keyFiguresOf(result).map(
      ({ field, label, value, note }) =>
        html`<div>
          <dt>${label}</dt>
          <dd data-field="${field}">${value}</dd>
          <dd class="note">${note}</dd>
        </div>`,
    )}
  </dl>`;
}

function incidents({ incidents, incidentsMore }: RunReport): Html | undefined {
  if (incidents.length === 0) return undefined;
  return html`<section class="wide">
    <h2>Incidents</h2>
    <ol class="incidents">
      ${incidents.map(({ seconds, text }) => html`<li><time>${seconds.toFixed(3)} s</time> ${text}</li>`)}
    </ol>
    ${incidentsMore > 0 && html`<p>and ${countText(incidentsMore)} more: see <code>poncast journal</code></p>`}
  </section>`;
}
