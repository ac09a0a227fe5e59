import { PARITY_DEAF_MAX, strikesFor, STRIKES_MAX, TELLING_SECTIONS } from "./policy.ts";
import type { Session } from "./session.ts";

/** One ONT in a multicast group, for the window under way. */
export interface Member {
  session: Session;
  /** waiting: its answer is not in. done: it has the window. missing: it said what it lacks. */
  state: "waiting" | "done" | "missing";
  /** Sections it lacks, as far as told; the whole window when it did not tell. */
  missing: number;
  /** Whether `missing` is what it told. */
  hasTold: boolean;
  /** What it lacked before the last send, and how many sections of that send were of use to it. */
  lacked: number;
  offered: number;
  /** What became of that send has been looked at. */
  isJudged: boolean;
  /** Points against it for sends of which it lost far more than the others do; carried on from window to window. */
  strikes: number;
  /** Repairs in a row that brought it nothing. */
  stuck: number;
  /** Repairs of this window too small to tell anything. */
  smallRepairs: number;
  /** Repairs that it answered, in all windows so far, and those behind which it still missed something. */
  repairs: number;
  repairsFailed: number;
  /** Most sections of the window it told it lost before any repair. */
  lost: number;
  /** Repair rounds and silences of this window. */
  rounds: number;
  silences: number;
  /** Rounds in which it stayed deaf to parity although it answers Gets; -1 once it has answered a parity section. */
  parityDeaf: number;
  /** TCI its next answer has to carry to count as an answer to this round. */
  expectTci: number;
}

export const newMember = (session: Session): Member => ({
  session,
  state: "waiting",
  missing: 0,
  hasTold: false,
  lacked: 0,
  offered: 0,
  isJudged: false,
  strikes: 0,
  stuck: 0,
  smallRepairs: 0,
  repairs: 0,
  repairsFailed: 0,
  lost: 0,
  rounds: 0,
  silences: 0,
  parityDeaf: 0,
  expectTci: 0,
});

/** An ONT that answers Gets but never the parity sections gets data sections instead. */
export function noteParityDeaf(member: Member): void {
  if (member.parityDeaf < 0) return;
  if (++member.parityDeaf >= PARITY_DEAF_MAX) member.session.facts.parityAware = false;
}

/** A window begins: everything in it is new to the member. */
export function beginWindow(member: Member, sections: number): void {
  member.rounds = 0;
  member.silences = 0;
  member.missing = sections;
  member.hasTold = false;
  member.lacked = sections;
  member.offered = sections;
  member.isJudged = false;
  member.stuck = 0;
  member.smallRepairs = 0;
  member.lost = 0;
}

/** A repair of so many sections goes out. */
export function offer(member: Member, sections: number): void {
  if (member.state === "missing") {
    member.lacked = member.missing;
    member.offered = Math.min(member.missing, sections);
  } else {
    // What became of the send before is not known: this one comes on top of it.
    member.offered = Math.min(member.lacked, member.offered + sections);
  }
  if (sections < TELLING_SECTIONS) member.smallRepairs++;
  member.hasTold = false;
  member.isJudged = false;
}

/** It has the window. */
export function noteDone(member: Member): void {
  member.state = "done";
  if (member.rounds > 0) member.repairs++;
}

/**
 * Share of repairs that fail for the usual member: the median, so that one bad ONT does not excuse itself.
 *
 * @returns 0 as long as no repair has ever helped anybody: more of them would not either
 */
export function usualFailures(members: readonly Member[]): number {
  if (members.every(({ repairs, repairsFailed }) => repairs === repairsFailed)) return 0;
  const shares = members.map(({ repairs, repairsFailed }) => repairsFailed / (repairs + 1));
  return shares.toSorted((a, b) => a - b)[(shares.length - 1) >> 1] ?? 0;
}

/** It said what it lacks after a repair. */
export function noteProgress(member: Member): void {
  if (member.rounds > 0) {
    member.repairs++;
    member.repairsFailed++;
  }
  member.stuck = member.rounds > 0 && member.missing >= member.lacked ? member.stuck + 1 : 0;
}

/**
 * Looks at what has become of the last send to a member.
 *
 * @param groupLoss mean share of sections that the members lose
 * @returns whether it loses so much, send after send, that it is better served alone
 */
export function holdsUp(member: Member, groupLoss: number): boolean {
  const { state, missing, lacked, offered, hasTold, isJudged } = member;
  if (state === "done" || isJudged || offered < TELLING_SECTIONS) return false;
  if (state === "waiting") {
    // Silence alone is no strike; behind sends that make it nearly enough it is one more.
    if (member.strikes >= STRIKES_MAX - 1) member.strikes++;
  } else if (hasTold) {
    const more = strikesFor((missing - (lacked - offered)) / offered, groupLoss);
    member.strikes = more === 0 ? 0 : member.strikes + more;
  } else {
    return false;
  }
  member.isJudged = true;
  return member.strikes >= STRIKES_MAX;
}
