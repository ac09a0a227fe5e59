/** From what a runner reports to what is shown, with rate and time left. */
import type { OltGroup, OltOntStatus } from "../../olt/core/types.ts";
import { cellStateOf } from "../../run/states/index.ts";
import { baselineText, inBaseline } from "../../run/result/index.ts";
import { ProgressMeter, sentBytesOf, stageOf } from "../../run/progress/index.ts";
import type { ReportedView, OntRow, RunInfo, RunScreen } from "./types.ts";

const BITS_PER_BYTE = 8;

/** Makes the views of one run from what its runner reports; keeps the rate. */
export class ViewBuilder {
  readonly #info: RunInfo;
  readonly #meter = new ProgressMeter();

  constructor(info: RunInfo) {
    this.#info = info;
  }

  build(report: ReportedView): RunScreen {
    const { olt, elapsedMs } = report;
    // A file's size is known to the OLT first.
    const imageBytes = olt?.imageBytes || this.#info.imageBytes;
    const bytesDone = olt?.bytesDone ?? 0;
    const stage = stageOf(report);
    const counters = olt?.counters;
    const sentBytes = sentBytesOf(olt?.onts ?? []) || imageBytes;
    const shown = imageBytes === 0 ? bytesDone : Math.round((bytesDone / imageBytes) * sentBytes);
    if (stage === "downloading") this.#meter.add(elapsedMs, shown);
    const bytesPerSecond = this.#meter.bytesPerSecond;
    const messages = baselineText(inBaseline(olt?.onts ?? []));
    return {
      ...this.#info,
      ...(messages !== undefined && { messages }),
      imageBytes: sentBytes,
      stage,
      stopReason: olt?.stopReason ?? "",
      elapsedMs,
      ontsStarted: report.ontsStarted,
      bytesDone: shown,
      bytesPerSecond,
      etaMs: stage === "downloading" ? this.#meter.etaMs(sentBytes) : null,
      downstreamBitsPerSecond: report.downstreamBytesPerSecond * BITS_PER_BYTE,
      sections: counters?.sections ?? 0,
      repairSections: counters?.repairSections ?? 0,
      imageCopies: counters === undefined || imageBytes === 0 ? 0 : counters.sectionPayloadBytes / imageBytes,
      onts: rowsOf(report, this.#info),
      note: report.note,
    };
  }
}

function rowsOf(report: ReportedView, { mode, catchesUp }: RunInfo): OntRow[] {
  const statuses = new Map<string, OltOntStatus>();
  for (const status of report.olt?.onts ?? []) statuses.set(status.serial, status);
  return report.onts.map(({ id, serial, cell, cause }) => {
    const status = statuses.get(serial);
    return {
      id,
      serial,
      state: cellStateOf(cell, status?.phase),
      cause: cause || (status?.cause ?? ""),
      bytesDone: status?.bytesDone ?? 0,
      windowsRepaired: status?.windowsRepaired ?? 0,
      sectionsLost: status?.sectionsLost ?? 0,
      leftGroup: status?.leftGroup ?? false,
      served: status === undefined || mode === "unicast" ? "" : servedText(status, report.olt!.groups, catchesUp),
    };
  });
}

/**
 * From the passes that are under way. Single downloads may still go on beside a catch-up group: then it is not known of
 * which an ONT is a part, and nothing is said.
 */
function servedText({ phase, cause }: OltOntStatus, groups: readonly OltGroup[], catchesUp: boolean): string {
  const isUnderWay = (kind: OltGroup["why"]): boolean => groups.some(({ why, endNs }) => why === kind && endNs < 0);
  // With a cause it is away, not waiting.
  const isWaiting = phase === "waiting" && cause === "" && groups.length > 0;
  if (isWaiting) return catchesUp ? "waits for catch-up" : "waits to go alone";
  if (phase !== "starting" && phase !== "downloading") return "";
  const isAlone = isUnderWay("alone");
  if (isUnderWay("catchUp"))
    return isAlone ? "" : `in catch-up group ${groups.filter(({ why }) => why === "catchUp").length}`;
  return isAlone ? "alone" : "";
}
