/** How the OLT decides on a late machine: beside `policy.ts`, what has a meaning in real time only. */

/**
 * Where OLT and ONTs are processes of one machine, an ONT that does not answer may only have to wait for the processor: what
 * comes late takes several turns of it (to read, to compute, to send), so that silence means something after so many times
 * the worst lateness seen.
 */
const LATENESS_TURNS = 4;
/** And no lateness is worth waiting longer than this. */
const ALLOWANCE_MAX_NS = 60e9;

/** How much longer than usual a silence has to be before it counts. @param latenessNs worst of late; 0 in virtual time */
export const allowanceNs = (latenessNs: number): number => Math.min(ALLOWANCE_MAX_NS, LATENESS_TURNS * latenessNs);

/** Longer pauses than this are left to what is seen of the answers. */
const LATE_PAUSE_MAX_NS = 20e6;

/** Least wait for an answer: what is not longer than the machine itself is late tells nothing. */
export const latePauseNs = (latenessNs: number): number => Math.min(LATE_PAUSE_MAX_NS, latenessNs);

/** So many answers of a round, or so many times those that losses explain, may be missing before it is the machine. */
const LATE_TOGETHER_MIN = 3;
const LATE_TOGETHER_TIMES = 4;

/** Whether more members are silent together than losses explain: what they have in common is not their fibres. */
export const areLateTogether = (silent: number, members: number, loss: number): boolean =>
  silent > Math.max(LATE_TOGETHER_MIN, LATE_TOGETHER_TIMES * loss * members);
