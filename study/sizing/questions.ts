/** What people ask of the model: how long, at which rate, how many ONTs, which window, which strategy. */
import { LIMITS, type Scenario } from "../../scenarios/index.ts";
import { sizingInputOf } from "./input.ts";
import { sizeOf } from "./model.ts";
import type { Sizing, SizingInput } from "./types.ts";

export const WINDOWS = [1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 160, 192, 208, 224, 240, 256] as const;
/** A window that would come more often than this is none that anybody takes, and takes the model its time. */
const WINDOWS_COUNT_MAX = 100_000;
const TRIES_MAX = 30;
/** The time is used up but for this share of it. */
const CLOSE_SHARE = 1e-5;
const RATE_MIN_BYTES_PER_SECOND = 100;

export const sizeScenario = (scenario: Scenario): Sizing => sizeOf(sizingInputOf(scenario));

/**
 * Least OMCC budget of a port, bytes of GEM frames a second, with which the download takes at most so long.
 *
 * @returns null when it takes longer at any rate
 */
export const rateWithin = (scenario: Scenario, seconds: number): number | null =>
  rateOf(sizingInputOf(scenario), seconds);

/** The same of what the model looks at. */
export function rateOf(input: SizingInput, seconds: number): number | null {
  const at = (bytesPerSecond: number): number => sizeOf(withBudget(input, bytesPerSecond)).seconds;
  let fast = { rate: input.line.lineBytesPerSecond, seconds: at(input.line.lineBytesPerSecond) };
  let slow = { rate: RATE_MIN_BYTES_PER_SECOND, seconds: at(RATE_MIN_BYTES_PER_SECOND) };
  if (fast.seconds > seconds) return null;
  if (slow.seconds <= seconds) return slow.rate;
  // Of two tries on the same side the next is in the middle: where the time has steps a line through them leads nowhere.
  let [sameSide, wasFit] = [0, true];
  for (let turn = 0; turn < TRIES_MAX && fast.seconds < seconds * (1 - CLOSE_SHARE); turn++) {
    const rate =
      sameSide > 1 ? Math.sqrt(fast.rate * slow.rate) : betweenRates(fast, slow, seconds * (1 - CLOSE_SHARE / 2));
    const tried = { rate, seconds: at(rate) };
    const fits = tried.seconds <= seconds;
    sameSide = fits === wasFit ? sameSide + 1 : 1;
    wasFit = fits;
    if (fits) fast = tried;
    else slow = tried;
  }
  return fast.rate;
}

interface Tried {
  rate: number;
  seconds: number;
}

/** Where a time would be on the line through two others: it is about what waits, and bytes over the rate. */
function betweenRates(fast: Tried, slow: Tried, seconds: number): number {
  const share = (seconds - fast.seconds) / (slow.seconds - fast.seconds);
  return 1 / (1 / fast.rate + share * (1 / slow.rate - 1 / fast.rate));
}

const withBudget = (input: SizingInput, budgetBytesPerSecond: number): SizingInput => ({
  ...input,
  line: { ...input.line, budgetBytesPerSecond },
});

/** How many ONTs are done in time: on each port, and how many ports one after the other. */
export interface FittingOnts {
  onts: number;
  ports: number;
}

/** Most ONTs of each port that are done in so long, and how often the ports that the scenario has could be served so. */
export function ontsWithin(scenario: Scenario, seconds: number): FittingOnts {
  const at = (onts: number): number => sizeScenario({ ...scenario, onts }).seconds;
  let [fits, tooMany] = [0, LIMITS.ontsPerPon + 1];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (at(middle) <= seconds) fits = middle;
    else tooMany = middle;
  }
  return { onts: fits, ports: fits === 0 ? 0 : scenario.pons * Math.max(1, Math.floor(seconds / at(fits))) };
}

/** The window with the shortest download; of those within a hundredth of it the one with the fewest bytes. */
export function bestWindow(scenario: Scenario, onTried: () => void = () => undefined): Sizing {
  const limit = Math.max(...scenario.fleet.map((group) => group.maxWindowSections ?? scenario.ont.maxWindowSections));
  const { imageBytes, sectionBytes } = sizingInputOf(scenario);
  const leastSections = imageBytes / sectionBytes / WINDOWS_COUNT_MAX;
  const allowed = WINDOWS.filter((windowSections) => windowSections <= limit);
  const sensible = allowed.filter((windowSections) => windowSections >= leastSections);
  const tried = (sensible.length > 0 ? sensible : allowed.slice(-1)).map((windowSections) => {
    const sizing = sizeScenario({ ...scenario, olt: { ...scenario.olt, windowSections } });
    onTried();
    return sizing;
  });
  const shortest = Math.min(...tried.map(({ seconds }) => seconds));
  const close = tried.filter(({ seconds }) => seconds <= shortest * 1.01);
  return close.reduce((best, next) => (next.downstreamBytes < best.downstreamBytes ? next : best));
}
