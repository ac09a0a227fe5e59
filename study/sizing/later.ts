/**
 * ONTs that are not there when the download begins, or lose their power in it: which passes over the image they take, by
 * the policy of catch-up groups. docs/sizing.md derives it.
 */
import type { LateReceiver, Receivers, Sizing, SizingInput } from "./types.ts";

/** Fewer ONTs than this, in the mean, make no further pass. */
const CUT_ONTS_MIN = 1e-3;

/** Who is cut off in a pass more often than this hardly ever gets through: so many rounds are counted, and no more. */
const AGAIN_MAX = 0.999;

/** One pass over the image, or the share of one that is to be expected. */
interface Pass {
  sizing: Sizing;
  /** 1, or the chance that it is needed at all. */
  weight: number;
  isGroup: boolean;
}

/** How those who are there together are sized: the model of one pass. */
type SizeTogether = (input: SizingInput) => Sizing;

const mayShare = ({ mode, catchUp }: SizingInput): boolean => mode === "multicast" && catchUp.when !== "never";

/** @param first of those who are there from the beginning */
export function withLater(input: SizingInput, first: Sizing, sizeTogether: SizeTogether): Sizing {
  const { late, cuts } = input;
  if (late.length === 0 && cuts.length === 0 && input.cutsPerSecond === 0) return first;
  const back = cuts.filter(({ atSeconds }) => atSeconds < first.storedSeconds);
  const arrivals = [...late, ...back.map((cut) => ({ ...cut, atSeconds: cut.backSeconds, isAway: true }))].toSorted(
    (a, b) => a.atSeconds - b.atSeconds,
  );
  const course = mayShare(input)
    ? shared(input, arrivals, first, sizeTogether)
    : alone(input, arrivals, first, sizeTogether);
  const chance = byChance(input, course.passes, first, sizeTogether);
  return sum(input, first, { ...course, passes: [...course.passes, ...chance.passes] }, chance.seconds);
}

interface Course {
  passes: Pass[];
  /** When the last of them is over. */
  endSeconds: number;
  /** Came when the run was over. */
  leftOut: number;
}

const passOf = (input: SizingInput, kinds: readonly Receivers[]): SizingInput => ({
  ...input,
  ontsOnPon: kinds.reduce((onts, kind) => onts + kind.onts, 0),
  groups: [kinds],
  late: [],
  cuts: [],
  cutsPerSecond: 0,
});

/** Those that are alike, counted. */
function together(waiting: readonly LateReceiver[]): Receivers[] {
  const counts = new Map<Receivers, number>();
  for (const { kind } of waiting) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, onts]) => ({ ...kind, onts }));
}

/**
 * Pass after pass. One begins as soon as the one before is over and all are there, or the first to wait has waited for
 * `waitSeconds`, or `onts` wait; whoever waits alone then goes alone, beside whatever follows.
 */
function shared(
  input: SizingInput,
  arrivals: readonly LateReceiver[],
  first: Sizing,
  sizeTogether: SizeTogether,
): Course {
  const { waitSeconds, onts } = input.catchUp;
  const course: Course = { passes: [], endSeconds: first.seconds, leftOut: 0 };
  let nowSeconds = first.seconds;
  let at = 0;
  while (at < arrivals.length) {
    const since = arrivals[at].atSeconds;
    const isHeld = arrivals.slice(at).some(({ isAway }) => isAway);
    if (!isHeld && since > course.endSeconds + input.activationSeconds) {
      course.leftOut += arrivals.length - at;
      break;
    }
    const all = arrivals.at(-1)!.atSeconds;
    const enough = arrivals[at + onts - 1]?.atSeconds ?? Infinity;
    const begin = Math.max(nowSeconds, Math.min(all, enough, since + waitSeconds));
    const waiting = arrivals.slice(at).filter(({ atSeconds }) => atSeconds <= begin);
    at += waiting.length;
    const keys = new Set(waiting.map(({ group }) => group));
    nowSeconds = begin;
    for (const key of keys) {
      const those = waiting.filter(({ group }) => group === key);
      const sizing = sizeTogether(passOf(input, together(those)));
      const isGroup = those.length > 1;
      course.passes.push({ sizing, weight: 1, isGroup });
      if (isGroup) nowSeconds += sizing.seconds;
      course.endSeconds = Math.max(course.endSeconds, begin + sizing.seconds, nowSeconds);
    }
  }
  course.endSeconds = Math.max(course.endSeconds, budgetEnd(input, course.passes, arrivals, first));
  return course;
}

/** Everybody alone, `concurrency` at a time, and together no faster than the budget. */
function alone(
  input: SizingInput,
  arrivals: readonly LateReceiver[],
  first: Sizing,
  sizeTogether: SizeTogether,
): Course {
  const lanes = Array.from({ length: input.concurrency }, () => first.seconds);
  const sizes = new Map<Receivers, Sizing>();
  const passes = arrivals.map(({ atSeconds, kind }): Pass => {
    const sizing = sizes.get(kind) ?? sizeTogether(passOf(input, [{ ...kind, onts: 1 }]));
    sizes.set(kind, sizing);
    const lane = lanes.indexOf(Math.min(...lanes));
    lanes[lane] = Math.max(lanes[lane], atSeconds) + sizing.seconds;
    return { sizing, weight: 1, isGroup: false };
  });
  return { passes, endSeconds: Math.max(...lanes, budgetEnd(input, passes, arrivals, first)), leftOut: 0 };
}

/** When a budget that never idles while somebody waits has sent all of it. */
function budgetEnd(
  { line }: SizingInput,
  passes: readonly Pass[],
  arrivals: readonly LateReceiver[],
  first: Sizing,
): number {
  const rate = Math.min(line.budgetBytesPerSecond, line.lineBytesPerSecond);
  let end = first.seconds;
  let at = 0;
  for (const { sizing } of passes) {
    end = Math.max(end, arrivals[at]?.atSeconds ?? 0) + sizing.downstreamBytes / sizing.pons / rate;
    at += Math.max(1, sizing.onts / sizing.pons);
  }
  return end;
}

/**
 * Power cuts at random moments, each ONT's own Poisson course. Of a pass over n ONTs that takes T as many are cut as their
 * rate says, n (1 − e^(−T / mean time between cuts)) in the mean. They share the next pass, which is needed unless their
 * number, a Poisson one, is 0; of those in it some are cut again.
 */
function byChance(
  input: SizingInput,
  passes: readonly Pass[],
  first: Sizing,
  sizeTogether: SizeTogether,
): { passes: Pass[]; seconds: number } {
  const result = { passes: [] as Pass[], seconds: 0 };
  if (input.cutsPerSecond === 0) return result;
  const share = (seconds: number): number => 1 - Math.exp(-seconds * input.cutsPerSecond);
  const [kind] = input.groups.flat();
  let cut = [first, ...passes.map(({ sizing }) => sizing)].reduce(
    (onts, sizing) => onts + (sizing.onts / sizing.pons) * share(sizing.seconds),
    0,
  );
  const isShared = mayShare(input);
  const sized = new Map<number, Sizing>();
  const sizingOf = (onts: number): Sizing => {
    const known = sized.get(onts) ?? sizeTogether(passOf(input, [{ ...kind, onts }]));
    sized.set(onts, known);
    return known;
  };
  while (cut > CUT_ONTS_MIN) {
    const sizing = sizingOf(isShared ? Math.max(1, Math.round(cut)) : 1);
    const again = share(sizing.seconds);
    const isHopeless = again > AGAIN_MAX;
    const rounds = isHopeless ? 1 / (1 - AGAIN_MAX) : 1;
    const weight = rounds * (isShared ? 1 - Math.exp(-cut) : cut);
    const waitSeconds = isShared ? Math.min(input.backSeconds, input.catchUp.waitSeconds) : input.backSeconds;
    const timesSeconds = isShared ? weight : rounds * Math.ceil(cut / input.concurrency);
    result.passes.push({ sizing, weight, isGroup: isShared && cut > 1 });
    result.seconds += timesSeconds * (waitSeconds + sizing.seconds);
    if (isHopeless) break;
    cut *= again;
  }
  return result;
}

/** All passes together. @param moreSeconds that those by chance take */
function sum(input: SizingInput, first: Sizing, { passes, endSeconds, leftOut }: Course, moreSeconds: number): Sizing {
  const total = { ...first, seconds: endSeconds + moreSeconds, leftOut: leftOut * first.pons };
  for (const { sizing, weight, isGroup } of passes) {
    for (const figure of SUMMED) total[figure] += sizing[figure] * weight;
    if (isGroup) total.passes = { ...total.passes, catchUp: total.passes.catchUp + weight };
    else total.passes = { ...total.passes, alone: total.passes.alone + weight };
  }
  total.onts = first.onts + input.late.length * first.pons;
  total.bitsPerSecond = total.seconds > 0 ? (total.downstreamBytes * 8) / total.seconds : 0;
  total.shareOfLine = total.bitsPerSecond / input.line.profile.downBitsPerSecond;
  return total;
}

const SUMMED = [
  "sections",
  "repairSections",
  "paritySections",
  "windows",
  "imageCopies",
  "downstreamFrames",
  "downstreamBytes",
  "upstreamFrames",
  "upstreamBytes",
  "stragglers",
] as const satisfies readonly (keyof Sizing)[];
