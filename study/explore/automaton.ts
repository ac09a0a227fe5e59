/**
 * One party as an automaton that grows while it is looked at: its states by their digest, and what each input makes of a
 * state. The real core runs once for each pair of state and input; however often a search comes by again, it is looked up.
 */
import type { Facts, Party, Sent } from "./party.ts";

interface Step {
  /** The state then; -1 where a rule was broken or an exception thrown. */
  to: number;
  sent: readonly Sent[];
  problem: string;
}

interface State {
  /** State and input that led to it first: by these it is brought about again. */
  parent: number;
  input: number;
  facts: Facts;
}

const INPUTS_MAX = 2 ** 32;
/** Parties that wait in the state they were left in, so that the next input need not begin at the beginning. */
const WAITING_MAX = 400;

export class Automaton {
  readonly #create: () => Party;
  readonly #merges: boolean;
  readonly #states: State[] = [];
  readonly #byDigest = new Map<string, number>();
  readonly #steps = new Map<number, Step>();
  /** By the state they are in, those used last at the end. */
  readonly #waiting = new Map<number, Party>();
  /** Inputs that a core was put, the repeats included. */
  runs = 0;
  /** What was sent at the very beginning. */
  readonly firstSent: readonly Sent[];

  /** @param merges false: no two states are one, so that a path is gone as any run goes, whatever digests say */
  constructor(create: () => Party, merges: boolean) {
    this.#create = create;
    this.#merges = merges;
    const first = create();
    this.firstSent = first.takeSent();
    this.#numberOf(first, -1, 0);
    this.#wait(0, first);
  }

  get states(): number {
    return this.#states.length;
  }

  get steps(): number {
    return this.#steps.size;
  }

  facts(state: number): Facts {
    return this.#states[state].facts;
  }

  step(state: number, input: number): Step {
    const key = state * INPUTS_MAX + input;
    let step = this.#steps.get(key);
    if (step === undefined) this.#steps.set(key, (step = this.#run(state, input)));
    return step;
  }

  #run(state: number, input: number): Step {
    const party = this.#bring(state);
    this.runs++;
    try {
      party.apply(input);
      const sent = party.takeSent();
      const to = this.#numberOf(party, state, input);
      this.#wait(to, party);
      return { to, sent, problem: "" };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { to: -1, sent: [], problem: `${error.name}: ${error.message}` };
    }
  }

  /** A party in this state: one that waits in it or in one before it, else from the beginning. */
  #bring(state: number): Party {
    const inputs: number[] = [];
    let at = state;
    while (at > 0 && !this.#waiting.has(at)) {
      inputs.push(this.#states[at].input);
      at = this.#states[at].parent;
    }
    const party = this.#waiting.get(at) ?? this.#create();
    this.#waiting.delete(at);
    party.takeSent();
    for (const input of inputs.reverse()) party.apply(input);
    party.takeSent();
    this.runs += inputs.length;
    return party;
  }

  #wait(state: number, party: Party): void {
    this.#waiting.delete(state);
    this.#waiting.set(state, party);
    if (this.#waiting.size <= WAITING_MAX) return;
    const [oldest] = this.#waiting.keys();
    this.#waiting.delete(oldest);
  }

  #numberOf(party: Party, parent: number, input: number): number {
    const digest = this.#merges ? party.digest() : String(this.#states.length);
    let number = this.#byDigest.get(digest);
    if (number === undefined) {
      number = this.#states.push({ parent, input, facts: party.facts() }) - 1;
      this.#byDigest.set(digest, number);
    }
    return number;
  }
}
