/**
 * The sizing model: time, sections and traffic of a whole download from formulas, without any run. See docs/sizing.md.
 */
import { ImageLayout } from "../../omci/index.ts";
import { ControlTraffic } from "./control.ts";
import { aloneDownload } from "./alone-download.ts";
import { gammaBelow, NORMAL_QUANTILES } from "../../base/statistics/index.ts";
import { sendsPerExchange } from "./edges.ts";
import { type EndCost, endCost } from "./end.ts";
import { type GroupCost, groupCost, leavesAtOnce } from "./group.ts";
import { LinkTimes } from "./link.ts";
import { withLater } from "./later.ts";
import { type Members, membersOf, sectionBytesOf } from "./member.ts";
import { singleDownloads } from "./single.ts";
import type { Receivers, Sizing, SizingInput } from "./types.ts";

/** Deviations of the time of a group's end, in deadlines, up to which these are counted. */
const STEPS_MAX = 5;
const REST_MIN = 1e-4;

/** Sums over all groups and single downloads of one port. */
interface PortTotals {
  ns: number;
  /** Until the last window is answered. */
  sentNs: number;
  sections: number;
  repairSections: number;
  paritySections: number;
  windows: number;
  payloadBytes: number;
  sectionFrameBytes: number;
  stragglers: number;
  burst: { frames: number; bytes: number };
}

/** The mean course of a download, from closed formulas: see docs/sizing.md. */
export const sizeOf = (input: SizingInput): Sizing => withLater(input, sizeTogether(input), sizeTogether);

/** Of those who are there from the beginning to the end. */
function sizeTogether(input: SizingInput): Sizing {
  const times = new LinkTimes(input);
  const control = new ControlTraffic(input.line);
  const everyone = input.groups.flat();
  const onts = everyone.reduce((sum, kind) => sum + kind.onts, 0);
  const asRequests = everyone.map((kind) => membersOf(kind, input.feederLoss));
  const placing = everyone.filter((kind) => kind.placeAware).reduce((sum, kind) => sum + kind.onts, 0);
  const repeats = onts === 0 ? 1 : sendsPerExchange(asRequests);
  control.discovery(input.ontsOnPon, placing, input.mode === "multicast", repeats);
  const port = input.mode === "unicast" ? unicastPort(input, times, control) : multicastPort(input, times, control);
  const downBytes = port.sectionFrameBytes + control.total.downBytes;
  const { pons } = input;
  const seconds = Math.max(port.ns / 1e9, (downBytes * pons) / input.line.feedBytesPerSecond);
  const writtenSeconds = input.flash.eraseNs / 1e9 + input.imageBytes / input.flash.writeBytesPerSecond;
  const readBackSeconds = input.imageBytes / input.flash.verifyBytesPerSecond;
  const bitsPerSecond = seconds > 0 ? (downBytes * 8) / seconds : 0;
  return {
    mode: input.mode,
    recovery: input.recovery,
    messageSet: input.messageSet,
    windowSections: input.windowSections,
    onts: onts * pons,
    pons,
    imageBytes: input.imageBytes,
    seconds,
    storedSeconds: Math.min(seconds, Math.max(port.sentNs / 1e9, writtenSeconds) + readBackSeconds),
    sections: port.sections * pons,
    repairSections: port.repairSections * pons,
    paritySections: port.paritySections * pons,
    windows: port.windows * pons,
    imageCopies: port.payloadBytes / input.imageBytes,
    downstreamFrames: (port.sections + control.total.downFrames) * pons,
    downstreamBytes: downBytes * pons,
    upstreamFrames: control.total.upFrames * pons,
    upstreamBytes: control.total.upBytes * pons,
    bitsPerSecond,
    peakBitsPerSecond: times.bytesPerSecond * 8,
    shareOfLine: bitsPerSecond / input.line.profile.downBitsPerSecond,
    answerBurst: port.burst,
    stragglers: port.stragglers * pons,
    passes: { first: input.mode === "unicast" ? 0 : input.groups.length, catchUp: 0, alone: 0 },
    leftOut: 0,
    neglected: input.neglected,
  };
}

const noTotals = (): PortTotals => ({
  ns: 0,
  sentNs: 0,
  sections: 0,
  repairSections: 0,
  paritySections: 0,
  windows: 0,
  payloadBytes: 0,
  sectionFrameBytes: 0,
  stragglers: 0,
  burst: { frames: 0, bytes: 0 },
});

function multicastPort(input: SizingInput, times: LinkTimes, control: ControlTraffic): PortTotals {
  const totals = noTotals();
  for (const kinds of input.groups) {
    const [{ messageSet }] = kinds;
    const sectionBytes = sectionBytesOf(input, kinds[0]);
    const { sectionsTotal } = new ImageLayout(input.imageBytes, sectionBytes);
    const granted = Math.min(input.windowSections, ...kinds.map(({ windowSections }) => windowSections));
    const everyone = kinds.map((kind) => membersOf(kind, input.feederLoss));
    const dropouts = everyone.filter((one) => leavesAtOnce(one, everyone));
    const stay = kinds.filter((_kind, at) => !dropouts.includes(everyone[at]));
    const group = groupCost(stay.length > 0 ? stay : kinds, sectionsTotal, sectionBytes, input, times, control);
    const { frameBytes } = group;
    const onts = everyone.reduce((sum, one) => sum + one.onts, 0);
    const { sections } = group.cost;
    addSections(totals, input, kinds[0], { sections, firstSends: sectionsTotal, images: 1, frameBytes });
    totals.paritySections += group.cost.paritySections;
    totals.windows += group.windows;
    const end = groupEnd(group, sectionBytes, input, times);
    control.ends(messageSet, onts * end.sends, onts * end.answers, onts);
    const later = stragglers(dropouts, group, { sectionsTotal, granted }, input, times, control);
    totals.stragglers += later.onts;
    totals.windows += later.windows;
    totals.sections += later.sections;
    totals.repairSections += later.sections;
    totals.payloadBytes += later.sections * sectionBytes;
    totals.sectionFrameBytes += later.sections * frameBytes;
    totals.sentNs = totals.ns + group.ns;
    totals.ns += group.ns + (1 - later.chance) * end.ns + Math.max(later.chance * end.ns, later.ns);
    const bytes = control.sectionAnswerBytes(messageSet);
    if (onts > totals.burst.frames) totals.burst = { frames: onts, bytes: onts * bytes };
  }
  return totals;
}

interface Layout {
  sectionsTotal: number;
  granted: number;
}

/** Members that left the group go on alone once it is done. */
function stragglers(
  dropouts: readonly Members[],
  group: GroupCost,
  { sectionsTotal, granted }: Layout,
  input: SizingInput,
  times: LinkTimes,
  control: ControlTraffic,
): { onts: number; chance: number; sections: number; windows: number; ns: number } {
  const { frameBytes } = group;
  const result = { onts: 0, chance: 0, sections: 0, windows: 0, ns: 0 };
  const add = (one: Members, onts: number, sectionsEach: number, nsOf: (wholeNs: number) => number): void => {
    const lanes = Math.min(input.concurrency, Math.max(1, onts));
    const facts = { input, times, frameBytes, lanes };
    const cost = aloneDownload(one, sectionsEach, granted, facts);
    const { messageSet } = one.kind;
    result.onts += onts;
    result.sections += onts * cost.sections;
    result.windows += onts * cost.windows;
    control.sectionAnswers(messageSet, onts * cost.answers);
    control.bitmaps(messageSet, 1, onts * cost.gets, sendsPerExchange([one]));
    const syncNs = (input.imageBytes * 1e9) / input.flash.verifyBytesPerSecond;
    const end = endCost([{ ...one, onts: 1 }], input, times, { writtenNs: 0, syncNs });
    result.ns = Math.max(result.ns, nsOf((cost.ns * sectionsTotal) / sectionsEach) + result.chance * end.ns);
  };
  const { leavers } = group;
  if (leavers > 1e-6) {
    result.chance = 1 - Math.exp(-leavers);
    const worst = group.members.reduce((a, b) => (b.loss > a.loss ? b : a));
    // They leave anywhere: of a random number of them, the first to leave has 1 - (1 - e^-n) / n of the image before it.
    const longest = 1 - result.chance / leavers;
    add(worst, leavers, group.leftOverSections / leavers, (wholeNs) => longest * wholeNs);
  }
  for (const one of dropouts) {
    result.chance = 1;
    add(one, one.onts, sectionsTotal, (wholeNs) => (wholeNs * one.onts) / Math.min(one.onts, input.concurrency));
  }
  return result;
}

/**
 * Each ONT writes while the next windows come in; what is left then, and reading it back, is waited for at the End. When
 * that falls between two repeats of the End, or two polls, the time of the group's end decides: so it is not taken by its
 * mean alone.
 */
function groupEnd(group: GroupCost, sectionBytes: number, input: SizingInput, times: LinkTimes): EndCost {
  const { flash, imageBytes } = input;
  const writeNs = (bytes: number): number => (bytes * 1e9) / flash.writeBytesPerSecond;
  const lastBytes = Math.min(imageBytes, group.lastWindowSections * sectionBytes);
  const syncNs = (imageBytes * 1e9) / flash.verifyBytesPerSecond;
  const mean: EndCost = { ns: 0, sends: 0, answers: 0 };
  for (const { deadlinesNs, chance } of deadlineTimes(group, input)) {
    const endedNs = group.ns - group.deadlinesNs + deadlinesNs;
    const writtenNs = Math.max(group.beginNs + flash.eraseNs + writeNs(imageBytes), endedNs + writeNs(lastBytes));
    const end = endCost(group.members, input, times, { writtenNs: writtenNs - endedNs, syncNs });
    mean.ns += chance * (end.ns + endedNs - group.ns);
    mean.sends += chance * end.sends;
    mean.answers += chance * end.answers;
  }
  return mean;
}

/** What a group waits for deadlines, by chances: few deadlines are a multiple of one, many are normal. */
function deadlineTimes(group: GroupCost, input: SizingInput): { deadlinesNs: number; chance: number }[] {
  const { deadlinesNs: mean, variance } = group;
  if (variance <= 0) return [{ deadlinesNs: mean, chance: 1 }];
  const deviation = Math.sqrt(variance);
  const stepNs = input.answerFloorNs;
  if (deviation > STEPS_MAX * stepNs)
    return NORMAL_QUANTILES.map((quantile) => ({
      deadlinesNs: mean + quantile * deviation,
      chance: 1 / NORMAL_QUANTILES.length,
    }));
  const shape = mean ** 2 / variance;
  const below = (ns: number): number => gammaBelow(shape, (ns * mean) / variance);
  const times: { deadlinesNs: number; chance: number }[] = [];
  let rest = 1;
  for (let deadlines = 0; rest > REST_MIN; deadlines++) {
    const chance = rest - (1 - below((deadlines + 0.5) * stepNs));
    times.push({ deadlinesNs: deadlines * stepNs, chance });
    rest -= chance;
  }
  // Rounding moves the mean a little; it is put back.
  const rounded = times.reduce((sum, { deadlinesNs, chance }) => sum + deadlinesNs * chance, 0) / (1 - rest);
  return times.map(({ deadlinesNs, chance }) => ({
    deadlinesNs: deadlinesNs + mean - rounded,
    chance: chance / (1 - rest),
  }));
}

/** @param images times that the image is sent as a whole, repairs apart */
function addSections(
  totals: PortTotals,
  input: SizingInput,
  kind: Receivers,
  {
    sections,
    firstSends,
    images,
    frameBytes,
  }: { sections: number; firstSends: number; images: number; frameBytes: number },
): void {
  const sectionBytes = sectionBytesOf(input, kind);
  // The last section of each image is shorter.
  const shortBytes = firstSends * sectionBytes - images * input.imageBytes;
  totals.sections += sections;
  totals.repairSections += sections - firstSends;
  totals.payloadBytes += sections * sectionBytes - shortBytes;
  totals.sectionFrameBytes += sections * frameBytes - (kind.messageSet === "extended" ? shortBytes : 0);
}

function unicastPort(input: SizingInput, times: LinkTimes, control: ControlTraffic): PortTotals {
  const totals = noTotals();
  const single = singleDownloads(input, times, control);
  totals.ns = single.ns;
  totals.sentNs = single.ns;
  totals.windows = single.windows;
  for (const { kind, sections, sectionsTotal, frameBytes } of single.kinds) {
    addSections(totals, input, kind, {
      sections,
      firstSends: sectionsTotal * kind.onts,
      images: kind.onts,
      frameBytes,
    });
  }
  totals.burst = single.burst;
  return totals;
}
