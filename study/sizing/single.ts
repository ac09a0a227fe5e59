/** The mean cost of unicast mode, where ONTs download side by side and share the line. */
import { ImageLayout } from "../../omci/index.ts";
import type { AloneCost } from "./alone-cost.ts";
import { aloneDownload } from "./alone-download.ts";
import { meanOfLargest } from "../../base/statistics/index.ts";
import type { ControlTraffic } from "./control.ts";
import { exchangeNs, sendsPerExchange } from "./edges.ts";
import { type EndCost, endCost } from "./end.ts";
import { type LinkTimes, sectionFrameBytes } from "./link.ts";
import { type Members, membersOf, sectionBytesOf } from "./member.ts";
import type { Receivers, SizingInput } from "./types.ts";

const SHARING_TURNS = 6;

interface KindCost {
  kind: Receivers;
  /** Sections sent to all ONTs of this kind. */
  sections: number;
  /** Sections of the image. */
  sectionsTotal: number;
  frameBytes: number;
}

export interface SingleCost {
  kinds: KindCost[];
  windows: number;
  ns: number;
  burst: { frames: number; bytes: number };
}

/** Unicast mode: every ONT downloads alone, a bounded number at a time. */
export function singleDownloads(input: SizingInput, times: LinkTimes, control: ControlTraffic): SingleCost {
  const result: SingleCost = { kinds: [], windows: 0, ns: 0, burst: { frames: 0, bytes: 0 } };
  const everyone: Members[] = [];
  const onts = input.groups.flat().reduce((sum, kind) => sum + kind.onts, 0);
  const atOnce = Math.min(input.concurrency, onts);
  let lineNs = 0;
  const each = { mean: 0, variance: 0 };
  for (const kind of input.groups.flat()) {
    const one = membersOf(kind, input.feederLoss);
    everyone.push(one);
    const sectionBytes = sectionBytesOf(input, kind);
    const { sectionsTotal } = new ImageLayout(input.imageBytes, sectionBytes);
    const frameBytes = sectionFrameBytes(input.line, kind.messageSet, sectionBytes);
    const window = Math.min(input.windowSections, kind.windowSections);
    const cost = sharing(atOnce, (lanes) =>
      aloneDownload(one, sectionsTotal, window, { input, times, frameBytes, lanes }),
    );
    result.kinds.push({ kind, sections: cost.sections * kind.onts, sectionsTotal, frameBytes });
    result.windows += kind.onts * Math.ceil(cost.windows);
    lineNs += kind.onts * times.sendNs(cost.sections * frameBytes);
    each.mean += kind.onts * cost.ns;
    each.variance += kind.onts * cost.variance;
    control.sectionAnswers(kind.messageSet, kind.onts * cost.answers);
    control.bitmaps(kind.messageSet, 1, kind.onts * cost.gets, sendsPerExchange([one]));
    control.starts(kind.messageSet, kind.onts * sendsPerExchange([one]), kind.onts);
  }
  if (onts === 0) return result;
  each.mean = each.mean / onts + exchangeNs(everyone, input, times, { share: 1 / onts });
  each.variance /= onts;
  // An ONT that is done makes room for the next; those that began last are waited for, the slowest of them. They begin
  // further and further apart, until they begin at any time of a download.
  const roomNs = Math.max(each.mean, (lineNs * atOnce) / onts);
  const startsVariance = Math.min((onts / atOnce - 1) * each.variance, each.mean ** 2 / 12);
  const last = { mean: each.mean, variance: each.variance + startsVariance };
  const lastNs = roomNs + meanOfLargest(last, atOnce) - each.mean;
  const allNs = ((onts - atOnce) / atOnce) * roomNs + lastNs;
  const end = lastEnd(everyone, input, times, lastNs);
  control.ends(input.messageSet, onts * end.sends, onts * end.answers, onts);
  result.ns = allNs + end.ns;
  result.burst = { frames: 1, bytes: control.sectionAnswerBytes(input.messageSet) };
  return result;
}

/** Of the downloads at the same time, those that wait for a deadline leave the line to the others. */
function sharing(atOnce: number, costOf: (lanes: number) => AloneCost): AloneCost {
  let lanes = atOnce;
  let cost = costOf(lanes);
  for (let turn = 0; turn < SHARING_TURNS; turn++) {
    lanes = (lanes + Math.max(1, atOnce * (1 - cost.waitNs / cost.ns))) / 2;
    cost = costOf(lanes);
  }
  return cost;
}

/** The End of an ONT whose download took so long: its flash may not be through yet. */
function lastEnd(everyone: readonly Members[], input: SizingInput, times: LinkTimes, downloadNs: number): EndCost {
  const { flash, imageBytes } = input;
  const writtenNs = flash.eraseNs + (imageBytes * 1e9) / flash.writeBytesPerSecond;
  const onts = everyone.reduce((sum, one) => sum + one.onts, 0);
  const share = Math.min(input.concurrency, onts) / onts;
  const last = everyone.map((one) => ({ ...one, onts: one.onts * share }));
  const syncNs = (imageBytes * 1e9) / flash.verifyBytesPerSecond;
  return endCost(last, input, times, { writtenNs: Math.max(0, writtenNs - downloadNs), syncNs });
}
