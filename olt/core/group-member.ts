import type { Session } from "./session.ts";

/** One ONT in a multicast group, for the window under way. */
export interface Member {
  session: Session;
  /** waiting: its answer is not in. done: it has the window. missing: it said what it lacks. */
  state: "waiting" | "done" | "missing";
  /** Sections it lacks, as far as told; the whole window when it did not tell. */
  missing: number;
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
  rounds: 0,
  silences: 0,
  parityDeaf: 0,
  expectTci: 0,
});

/** Rounds of deafness after which an ONT counts as one that does not know parity sections. */
const PARITY_DEAF_MAX = 3;

/** An ONT that answers Gets but never the parity sections gets data sections instead. */
export function noteParityDeaf(member: Member): void {
  if (member.parityDeaf < 0) return;
  if (++member.parityDeaf >= PARITY_DEAF_MAX) member.session.facts.parityAware = false;
}

/**
 * Members whose losses are out of all proportion to the others': repairing them for all would cost more than serving
 * them alone. Nobody is out of proportion in a group of a few.
 *
 * @param capacity missing sections that one repair round can always serve.
 */
export function outOfProportion(members: readonly Member[], capacity: number): Member[] {
  if (members.length < 3) return [];
  const mean =
    members.reduce((sum, member) => sum + (member.state === "missing" ? member.missing : 0), 0) / members.length;
  const limit = Math.max(capacity, 4 * mean + 8);
  return members.filter((member) => member.state === "missing" && member.missing > limit);
}
