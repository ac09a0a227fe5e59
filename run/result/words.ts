/** What figures and outcomes of a run are called, wherever people read them: summary, report, sweeps. */
import { copiesText, plural } from "../../base/text/index.ts";
import type { OltOntStatus } from "../../olt/core/types.ts";
import type { OntOutcome, RunResult } from "./types.ts";

/** By their place in `result.json`. */
export const FIGURE_LABELS = {
  "onts.committed": "ONTs committed",
  "downstream.imageCopies": "Copies sent",
  "timing.downloadSeconds": "Download",
  "timing.activateSeconds": "Activation",
  "timing.totalSeconds": "Whole run",
  "goodput.deliveredBitsPerSecond": "Delivered",
  "downstream.sections": "Sections",
  "downstream.gemBytes": "Downstream",
  "upstream.gemBytes": "Upstream",
} as const;

export const OUTCOME_LABELS: Readonly<Record<OntOutcome, string>> = {
  committed: "committed",
  stored: "stored",
  trial: "on trial",
  skipped: "skipped",
  rolledBack: "rolled back",
  failed: "failed",
};

/** How many ONTs ended how, outcomes that none has left out. */
export function outcomeCounts({ ontResults }: Pick<RunResult, "ontResults">): { outcome: OntOutcome; text: string }[] {
  return (Object.keys(OUTCOME_LABELS) as OntOutcome[]).flatMap((outcome) => {
    const count = ontResults.filter((ont) => ont.outcome === outcome).length;
    return count === 0 ? [] : [{ outcome, text: `${count} ${OUTCOME_LABELS[outcome]}` }];
  });
}

/** What the copies are to be measured by: "multicast at its best 1, unicast 128"; with deltas what was planned. */
export function copiesBeside({ onts, scenario, plan, image }: RunResult): string {
  if (plan !== undefined && image.bytes > 0) {
    const [planned, whole] = [plan.bytes, plan.wholeBytes].map((bytes) => copiesText(bytes / image.bytes));
    return planned === whole ? `planned ${planned}` : `planned ${planned}, without deltas ${whole}`;
  }
  const { pons = 1 } = scenario as { pons?: number };
  const best = pons === 1 ? "1" : `${pons}, one for each port`;
  return `multicast at its best ${best}, unicast ${onts.total}`;
}

/** From what to what Activation is timed. */
export const ACTIVATION_SPAN = "first Activate to last Commit";

/** ONTs that were sent baseline messages though extended ones were asked for. */
export const inBaseline = (onts: readonly Pick<OltOntStatus, "inBaseline">[]): number =>
  onts.filter((ont) => ont.inBaseline === true).length;

/** One line where some were, for the live view, summary and report. */
export const baselineText = (onts = 0): string | undefined =>
  onts === 0
    ? undefined
    : `extended was asked for; ${plural(onts, "ONT")} said in ONU2-G not to know it and ${onts === 1 ? "was" : "were"} sent baseline messages`;
