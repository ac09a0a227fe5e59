/** OLT or ONT as the search sees them: what can be put in, what comes out, and what there is to know without looking inside. */

/** What can happen to one of them. */
export const INPUT = {
  /** Time passes; nothing is called. The argument is a number of `Durations`. */
  wait: 0,
  /** A message comes; the argument is its number. For an OLT, `FROM` tells whose. */
  message: 1,
  /** Its deadline is there. */
  timer: 2,
  /** The flash is done with what it does. */
  flash: 3,
  /** The power goes: before, in the middle of, or just after what the flash does. */
  cutBefore: 4,
  cutTorn: 5,
  cutAfter: 6,
} as const;

const KINDS = 8;
const ONTS = 8;
export const inputOf = (kind: number, argument = 0, from = 0): number => (argument * ONTS + from) * KINDS + kind;
export const kindOf = (input: number): number => input % KINDS;
export const fromOf = (input: number): number => Math.floor(input / KINDS) % ONTS;
export const argumentOf = (input: number): number => Math.floor(input / KINDS / ONTS);

/** What is known of a state, and has to be the same wherever the digest is. */
export interface Facts {
  /** From now until its deadline, ns; Infinity = none. */
  dueNs: number;
  /** Has power; an OLT always. */
  isOn: boolean;
  /** From now until what the flash does has to be done, ns; Infinity = it does nothing. */
  flashNs: number;
  /** What it has come to, for the end of a path. */
  outcome: PartyOutcome;
}

export type PartyOutcome =
  | { kind: "olt"; isFinished: boolean; onts: readonly { phase: string; cause: string }[] }
  | { kind: "ont"; isOnTarget: boolean; isOnOld: boolean; cause: string };

/** A message that goes out. */
export interface Sent {
  /** Of an OLT: to which ONT. */
  to: number;
  message: number;
}

/** One that runs: what it is put changes it. */
export interface Party {
  /** @throws Error a rule is broken, or a defect */
  apply(input: number): void;
  /** What it sent since the last call. */
  takeSent(): Sent[];
  facts(): Facts;
  digest(): string;
}

/** Lengths of time, each once. */
export class Durations {
  readonly #all: number[] = [];

  numberOf(durationNs: number): number {
    const known = this.#all.indexOf(durationNs);
    return known >= 0 ? known : this.#all.push(durationNs) - 1;
  }

  get(number: number): number {
    return this.#all[number];
  }
}
