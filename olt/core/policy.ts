/** How the OLT decides, in one place, each figure with its why; what an operator chooses is in `OltConfig`. Sizing reads here. */
import { CODE_POINTS } from "../../base/kernel/index.ts";
import { PARITY_ROWS_MAX } from "../../omci/index.ts";
import { recoveryFacts } from "./recoveries.ts";
import type { OltConfig, OltLimits } from "./types.ts";

// Waiting for answers ------------------------------------------------------------------------------------------------

/** First guess of how long an answer takes, before any was seen: far above a PON's way there and back. */
export const INITIAL_ANSWER_NS = 200_000_000;
/**
 * How answer times are smoothed, and the deadline that follows: mean + 4 deviations, as retransmission timers are commonly
 * set (RFC 6298). A new time counts for an eighth of the mean and a quarter of the deviation; the first one's deviation is
 * taken for half of it.
 */
export const CLOCK_MEAN_GAIN = 1 / 8;
export const CLOCK_DEVIATION_GAIN = 1 / 4;
export const CLOCK_DEVIATIONS = 4;
export const CLOCK_FIRST_DEVIATION = 1 / 2;
/** Repeats grow apart up to this: on a bad link it is better to ask often than to wait long. */
export const DOUBLINGS_MAX = 6;
/** Standard answer deadlines for which an ONT has to stay silent: early repeats are cheap, so that they prove nothing. */
const SILENT_DEADLINES = 2;

/** Whether an ONT asked so often, for so long, counts as silent. @param allowanceNs given to a late machine, see `late.ts` */
export const countsAsSilent = (
  sends: number,
  elapsedNs: number,
  { sendsMax, answerTimeoutNs }: Pick<OltLimits, "sendsMax" | "answerTimeoutNs">,
  allowanceNs = 0,
): boolean => sends >= sendsMax && elapsedNs >= SILENT_DEADLINES * answerTimeoutNs + allowanceNs;

/** Least wait before a whole window is repeated, as a share of the longest: an ONT that is only slow is worth waiting for. */
export const REPEAT_FLOOR_SHARE = 0.25;

/** Least wait for the answer to a window of one ONT alone. @param isCheap a repeat is a small question, not the window */
export const repeatFloorNs = ({ answerTimeoutMinNs, answerTimeoutNs }: OltLimits, isCheap: boolean): number =>
  isCheap ? answerTimeoutMinNs : Math.max(answerTimeoutMinNs, Math.round(answerTimeoutNs * REPEAT_FLOOR_SHARE));

/** A group's first answers are waited for so many times as long as one request's: many ONTs take in a whole window for the first time. */
export const GROUP_ANSWER_FACTOR = 16;
/** A pause between answers, in units of the longest so far, that ends a round at the earliest. */
export const GAP_FACTOR = 2;
/** Answers that took long have others as long behind them, up to this: more than that is seen by the pauses. */
export const SPREAD_PAUSE_MAX_NS = 20_000_000;
/** Answers that came so late are still to be expected: silence counts only after so many times the longest wait. */
export const QUIET_FACTOR = 2;

/** How long an ONT that is lost in the middle of its activation may stay away: at least as long as for any reboot. */
export const activationReturnNs = ({ returnWaitNs, rebootWaitNs }: OltLimits): number =>
  Math.max(returnWaitNs, rebootWaitNs);

// Who leaves a group -------------------------------------------------------------------------------------------------

/** Answers over which the group's share of lost sections is smoothed: half a round of a full PON. */
export const LOSS_SMOOTHING = 64;
/** In a smaller group nobody can be told from the others by its losses. */
export const GROUP_MIN = 3;
/** Fewer sections than this tell nothing about a link: a burst of losses may still go on while they pass. */
export const TELLING_SECTIONS = 8;
/** Share of a send that has to be lost for a strike, and how many times the others' share: bad luck is neither. */
export const POOR_SHARE = 0.25;
export const POOR_TIMES = 4;
/** Share of a send that has to be lost for two strikes at once. */
const BAD_SHARE = 0.5;
/** A burst of losses spoils one send, not the next: it takes two sends, one of them bad, or three poor ones. */
export const STRIKES_MAX = 3;

/** Whether a link that loses this share is far worse than those of the others. @param groupLoss mean share they lose */
export const isPoor = (share: number, groupLoss: number): boolean =>
  share > Math.max(POOR_SHARE, POOR_TIMES * groupLoss);

/** Strikes for losing a share of a send of which the others lose `groupLoss`; none: the ones before are forgotten. */
export function strikesFor(share: number, groupLoss: number): 0 | 1 | 2 {
  if (!isPoor(share, groupLoss)) return 0;
  return share > BAD_SHARE ? 2 : 1;
}

/** Chance that a whole download costs some ONT the group by bad luck alone. */
const BAD_LUCK = 0.01;
/** Losses are taken for no less and no more than this: nothing seen yet is not "nothing lost", and half is hopeless. */
const TRY_FAILS_MIN = 0.001;
const TRY_FAILS_MAX = 0.5;
/** Tries in a row that a bad link alone never earns more of. */
export const TRIES_MAX = 16;
/** And tries that nobody gets more of, however many fail for all. */
const TRIES_LIMIT = 256;
/** Tries that fail more often than this are as good as hopeless: they earn no more. */
const USUAL_FAILS_MAX = 0.95;

/**
 * Tries in a row after which an ONT is not one of the group any more: so many that, at the losses of the others, one that
 * is no worse would fail all of them once in a hundred downloads. One bad ONT then never holds up the rest, and bad luck
 * costs nobody the group.
 *
 * @param patience tries that everybody has
 * @param loss mean share of sections that the members lose; twice that is still ordinary
 * @param cases what may go wrong in a download: once for each ONT and window, or for each ONT and section
 * @param usual share of tries that fail for the usual member, when it is known: ONTs that drop a refused window fail most of
 *   them, all alike
 */
export function triesMax(patience: number, loss: number, cases: number, usual = 0): number {
  const chance = Math.log(BAD_LUCK / Math.max(1, cases));
  const byLoss = Math.ceil(chance / Math.log(Math.min(TRY_FAILS_MAX, Math.max(TRY_FAILS_MIN, 2 * loss))));
  const byUse = usual > 0 ? Math.ceil(chance / Math.log(Math.min(USUAL_FAILS_MAX, usual))) : 0;
  return Math.max(patience, Math.min(TRIES_MAX, byLoss), Math.min(TRIES_LIMIT, byUse));
}

/**
 * Share of repairs that fail for the usual member: the median, so that one bad ONT does not excuse itself.
 *
 * @returns 0 as long as no repair has ever helped anybody: more of them would not either
 */
export function usualFailures(members: readonly { repairs: number; repairsFailed: number }[]): number {
  if (members.every(({ repairs, repairsFailed }) => repairs === repairsFailed)) return 0;
  const shares = members.map(({ repairs, repairsFailed }) => repairsFailed / (repairs + 1));
  return shares.toSorted((a, b) => a - b)[(shares.length - 1) >> 1] ?? 0;
}

// Repairs of a group -------------------------------------------------------------------------------------------------

/** Members without the recovery ME that get the window alone; more of them get it together. */
export const ALONE_MAX = 2;
/** Rounds of deafness after which an ONT counts as one that does not know parity sections. */
export const PARITY_DEAF_MAX = 3;
/** Repairs that bring nothing get longer, up to so many times as long: a burst of losses may swallow a short one whole. */
const LENGTHENED_MAX = 64;

/** Repairs that bring nothing by a known loss alone are more than so many in a row only this seldom. */
const USUAL_STUCK = 0.05;

/**
 * How many times as long a repair has to be for one whom so many in a row brought nothing.
 *
 * @param loss known of the members: what it alone explains is no burst; 0: nothing known
 */
export function lengthening(stuck: number, loss: number): number {
  const usual = loss > 0 ? Math.ceil(Math.log(USUAL_STUCK) / Math.log(Math.min(loss, LOSS_MAX))) : 0;
  return Math.min(LENGTHENED_MAX, 2 ** Math.max(0, stuck - 1 - usual));
}

/** Parity sections always left possible behind a full window. */
const ROWS_RESERVED = 16;
/** Room for parity beside what the worst ONT usually loses: what the worst of one window loses spreads by about so much. */
const RESERVE_FACTOR = 1.6;
const RESERVE_MORE = 4;
/** Windows over which the losses of the worst ONT are smoothed; the first ones count more, so that it settles among them. */
const WORST_WINDOWS = 8;

/** Windows among which a new one counts as one in those losses. @param seen windows so far, the new one included */
export const worstLostWindows = (seen: number): number => Math.min(seen, WORST_WINDOWS);

/**
 * Parity sections to send unasked with a window of `sections`: what the worst ONT is likely to lose of it.
 *
 * @param worstLost sections that the worst ONT loses in a full window
 */
export function proactiveRows(
  { proactive, windowSections }: Pick<OltConfig, "proactive" | "windowSections">,
  sections: number,
  worstLost: number,
): number {
  const wanted = proactive === "auto" ? Math.round((worstLost * sections) / windowSections) : proactive;
  return Math.min(wanted, CODE_POINTS - sections, PARITY_ROWS_MAX);
}

/**
 * Longest window that leaves room for the parity its losses will need.
 *
 * @param worstLost undefined before the first window: nothing is known of the losses, so that room is left for many
 */
export function parityWindowLimit(granted: number, worstLost: number | undefined): number {
  const wanted =
    worstLost === undefined
      ? PARITY_ROWS_MAX
      : Math.max(ROWS_RESERVED, Math.ceil(RESERVE_FACTOR * worstLost) + RESERVE_MORE);
  return Math.max(1, Math.min(granted, CODE_POINTS - Math.min(PARITY_ROWS_MAX, wanted)));
}

/** Room for what the worst of a few lossy ONTs loses beyond its mean. */
const LOSSY_SPREAD = 1.25;
/**
 * Longest window of a group whose members all lose much: so short that the parity sections one window may have complete it
 * for the worst of them. A longer one falls back on data sections, of which each misses others.
 *
 * @param loss share of sections that they are known to lose; 0: as long as granted
 */
export function lossyWindowLimit(granted: number, loss: number): number {
  if (loss <= 0) return granted;
  const rowsEach = (LOSSY_SPREAD * loss) / (1 - Math.min(loss, LOSS_MAX));
  return Math.max(1, Math.min(granted, Math.floor(PARITY_ROWS_MAX / rowsEach)));
}

// Catch-up groups ----------------------------------------------------------------------------------------------------

/**
 * Who was late, came back, or left the group shares the next pass, as the scenario's `olt.catchUp` says. Its defaults:
 * - `when: ended`. A pass serves any number for the price of one; who takes the image in its order cannot join one that runs
 *   (G.988 9.1.4: a Start of its own, sections from 0). `never` is for ONTs that do not take the broadcast port.
 * - `waitSeconds: 30`, as the beginning waits for who is missing: an ONT boots and ranges in less. With nobody known to be
 *   away it begins at once. Where ONTs come back over hours, longer is cheaper: each wait spared costs a whole pass.
 * - `onts: 128`, the full port: numbers alone are no reason to begin.
 */
export function isCatchUpDue(
  { onts, waitNs }: Pick<OltConfig["catchUp"], "onts" | "waitNs">,
  { waiting, away, waitedNs }: { waiting: number; away: number; waitedNs: number },
): boolean {
  return waiting > 0 && (away === 0 || waiting >= onts || waitedNs >= waitNs);
}

/** Windows at whose beginning an ONT that joins may fail to say that it knows its place; windows that it joins for at least. */
export const JOIN_TRIES_MAX = 3;
export const JOIN_WINDOWS_MIN = 2;
/** Groups that an ONT may leave, being there, before it is served alone: the first for bad company, the second for good. */
const DEPARTURES_MAX = 2;
/** Whether an ONT may share a pass at all. */
export const mayCatchUp = ({ mode, catchUp }: Pick<OltConfig, "mode" | "catchUp">, departures: number): boolean =>
  mode === "multicast" && catchUp.when !== "never" && departures < DEPARTURES_MAX;

/** Losses are taken for no more than this in estimates, and what they leave out. */
const LOSS_MAX = 0.95;
const NEGLIGIBLE = 1e-3;

/** One ONT that waits: the share of the image it still needs when served alone, and the share of sections it loses. */
export interface Share {
  left: number;
  loss: number;
}

/** Image copies to serve one alone: what it loses is sent again until it has it. */
const aloneCopies = ({ left, loss }: Share): number => left / (1 - Math.min(loss, LOSS_MAX));

/**
 * Image copies of one more pass for all of them, from the beginning. Parity serves whatever each lost, so that the worst
 * decides; without it each section is sent until the last of them has it.
 */
export function passCopies({ recovery }: Pick<OltConfig, "recovery">, shares: readonly Share[]): number {
  const losses = shares.map(({ loss }) => Math.min(loss, LOSS_MAX));
  if (recoveryFacts(recovery).usesParity) return 1 / (1 - Math.max(0, ...losses));
  let copies = 0;
  let chances = losses.map(() => 1);
  for (let lacking = 1; lacking > NEGLIGIBLE;) {
    copies += lacking;
    chances = chances.map((chance, index) => chance * losses[index]);
    lacking = 1 - chances.reduce((all, chance) => all * (1 - chance), 1);
  }
  return copies;
}

/**
 * Whether those who wait are served alone, because that sends no more than one more pass would: always with one, seldom
 * with more, unless they can go on where they stand and have little left.
 *
 * @param passShare share of the image that a pass for them would send: what at least one of them lacks
 */
export function areCheaperAlone(config: Pick<OltConfig, "recovery">, shares: readonly Share[], passShare = 1): boolean {
  if (shares.length <= 1) return true;
  return shares.reduce((sum, share) => sum + aloneCopies(share), 0) <= passShare * passCopies(config, shares);
}

// One ONT alone ------------------------------------------------------------------------------------------------------

/** Tries of one window without any progress before the download counts as out of step. */
export const FRUITLESS_TRIES_MAX = 24;
/**
 * Tries of a window at one size that bring nothing before it is halved: so many that a lossy link alone, on which the one
 * section that is left is lost again now and then, does not shrink the windows of a whole image one after the other.
 */
export const TRIES_PER_SIZE = 4;

// Pace ---------------------------------------------------------------------------------------------------------------

/** Sections one destination may send before the next has its turn. */
export const LANE_QUANTUM_SECTIONS = 64;
/** GEM header and OMCI trailer around each PDU, as the budget counts them whatever the line is. */
export const BUDGET_OVERHEAD_BYTES = 5 + 4;
/** Budget is collected for at most this long, so that an idle spell does not turn into a burst. */
export const BUDGET_BURST_NS = 2_000_000;
/** Share of that for which the next frame waits, so that a wake-up is worth its cost. */
export const BUDGET_WAKE_SHARE = 1 / 2;

// Activation ---------------------------------------------------------------------------------------------------------

/** Activations of one ONT that was cut off in the middle of one. */
export const ACTIVATIONS_MAX = 4;
/** Returns to the old image without a reason that do not count as a roll-back yet. */
export const UNEXPLAINED_MAX = 1;

/** ONTs activated together: the canaries first, then waves. */
export function stageSize(
  { canary, wave }: Pick<OltConfig, "canary" | "wave">,
  stagesDone: number,
  ready: number,
): number {
  if (stagesDone === 0 && canary > 0) return canary;
  return wave > 0 ? wave : ready;
}
