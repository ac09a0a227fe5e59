/**
 * What the End of a download costs: flash that is still busy, answers that get lost, and polls until all have stored
 * the image.
 */
import { askAgainNs, DOUBLINGS_MAX, explainedSends, repeatWaitNs } from "../../olt/index.ts";
import { exchangeLoss, requestDeadlineNs } from "./edges.ts";
import type { LinkTimes } from "./link.ts";
import { all, type Members } from "./member.ts";
import type { SizingInput } from "./types.ts";

/** An ONT lets an End wait so long for its flash, then answers "device busy" (ont/core/end-software-download.ts). */
const HELD_NS = 250_000_000;
/** Writing the boot record. */
const RECORD_NS = 1_000_000;
/** Courses of events that are rarer are left out. */
const CHANCE_MIN = 1e-8;
const SENDS_MAX = 30;
/** Polls before the image is stored whose courses are followed; those before them only pass the time. */
const POLLS_FOLLOWED = 8;

export interface EndCost {
  /** From the Ends' leaving until the last good answer. */
  ns: number;
  /** Ends sent to one ONT, and answers it gives, in the mean. */
  sends: number;
  answers: number;
}

/** Where an ONT's flash is when the End comes, counted from the first End's leaving. */
export interface FlashState {
  /** All windows are written. */
  writtenNs: number;
  /** Reading the image back, once it is written and the End is there. */
  syncNs: number;
}

/**
 * The End of all ONTs. Each ONT begins to read the image back when the End is there and lets it wait until the image is
 * stored, or, after 250 ms, answers "device busy" and is asked again. The OLT repeats an End without an answer, each time
 * later, as olt/core/busy.ts says. All courses of these events are followed with their chances.
 */
export function endCost(members: readonly Members[], input: SizingInput, times: LinkTimes, flash: FlashState): EndCost {
  const facts = { input, flash, deadlineNs: requestDeadlineNs(input, times), travelNs: times.answersNs(1) };
  const ends = members.map((one) => new OneEnd(one, facts));
  const instants = [...new Set(ends.flatMap(({ done }) => [...done.keys()]))].toSorted((a, b) => a - b);
  const below = ends.map(() => 0);
  let mean = 0;
  let before = 0;
  for (const instant of instants) {
    ends.forEach(({ done }, at) => (below[at] += done.get(instant) ?? 0));
    const now = all(members, (_one, at) => below[at]);
    mean += (now - before) * instant;
    before = now;
  }
  const onts = Math.max(
    1,
    members.reduce((sum, one) => sum + one.onts, 0),
  );
  const over = (of: (end: OneEnd) => number): number =>
    members.reduce((sum, one, at) => sum + one.onts * of(ends[at]), 0) / onts;
  const ns = mean / Math.max(1e-9, before) + times.answersNs(onts) - facts.travelNs;
  return { ns, sends: over(({ sends }) => sends), answers: over(({ answers }) => answers) };
}

interface EndFacts {
  input: SizingInput;
  flash: FlashState;
  deadlineNs: number;
  travelNs: number;
}

/**
 * The End of one ONT of a kind: when its good answer is there, as chances. A course of events up to a send of the End is
 *
 * - its `chance`,
 * - `askedNs`, when this request was sent first, and `send`, how often it has been sent before,
 * - `storedNs`, when the image is stored; Infinity = the ONT does not know of an End yet,
 * - `heldUntilNs`, until when it lets the End wait; -1 = none waits.
 *
 * There are so many courses that these are handed on as they are: an object for each took most of the time.
 */
class OneEnd {
  readonly done = new Map<number, number>();
  sends = 0;
  answers = 0;
  readonly #one: Members;
  readonly #facts: EndFacts;
  /** Sends in a row without an answer that the loss explains. */
  readonly #steady: number;
  constructor(one: Members, facts: EndFacts) {
    this.#one = one;
    this.#facts = facts;
    this.#steady = explainedSends(exchangeLoss(one));
    this.#follow(1, 0, 0, 0, Infinity, -1);
  }

  /** How long a send is waited for that has so many before it. */
  #waitNs(askedNs: number, send: number): number {
    const { input, deadlineNs } = this.#facts;
    const doublings = Math.min(DOUBLINGS_MAX, Math.max(0, send - this.#steady));
    return repeatWaitNs(deadlineNs, Math.min(input.answerCeilingNs, deadlineNs * 2 ** doublings), askedNs, input);
  }

  /** A send of the End; what comes before the next one follows from whether it arrives. */
  #follow(chance: number, askedNs: number, send: number, nowNs: number, storedNs: number, heldUntilNs: number): void {
    if (chance < CHANCE_MIN || send >= SENDS_MAX) return;
    const { flash } = this.#facts;
    const { loss } = this.#one;
    this.sends += chance;
    this.#wait(chance * loss, askedNs, send, nowNs, storedNs, heldUntilNs);
    const arrives = chance * (1 - loss);
    const nextNs = nowNs + this.#waitNs(askedNs, send);
    if (storedNs <= nowNs) return this.#answer(arrives, askedNs, send, nextNs, storedNs, nowNs);
    if (heldUntilNs >= 0) return this.#wait(arrives, askedNs, send, nowNs, storedNs, heldUntilNs);
    const readBackNs = Math.max(flash.writtenNs, nowNs) + flash.syncNs + RECORD_NS;
    this.#wait(arrives, askedNs, send, nowNs, Math.min(storedNs, readBackNs), nowNs + HELD_NS);
  }

  /** Until the next send: an End that waits may be answered before. */
  #wait(chance: number, askedNs: number, send: number, sentNs: number, storedNs: number, heldUntilNs: number): void {
    const nextNs = sentNs + this.#waitNs(askedNs, send);
    const answerNs = Math.min(storedNs, heldUntilNs);
    if (heldUntilNs >= 0 && answerNs + this.#facts.travelNs <= nextNs)
      return this.#answer(chance, askedNs, send, nextNs, storedNs, answerNs);
    this.#follow(chance, askedNs, send + 1, nextNs, storedNs, heldUntilNs);
  }

  /**
   * An image that takes minutes to be stored is asked for hundreds of times. What gets lost of all that is forgotten by the end:
   * it moves the instants at which the ONT is asked, and these are anyhow as they come.
   *
   * @returns when it is asked first of those times that are followed
   */
  #nearEnd(chance: number, askedNs: number, storedNs: number): number {
    const { input, travelNs } = this.#facts;
    const pollNs = askAgainNs(0, HELD_NS + travelNs, input);
    const polls = Math.floor((storedNs - askedNs) / pollNs) - POLLS_FOLLOWED;
    if (!(polls > 0)) return askedNs;
    const repeats = Math.floor((HELD_NS + travelNs) / this.#waitNs(storedNs, 0));
    this.sends += (chance * polls * (1 + repeats)) / (1 - exchangeLoss(this.#one));
    this.answers += (chance * polls) / (1 - this.#one.kind.lossUp);
    return askedNs + polls * pollNs;
  }

  /** The ONT answers: good, or that it is busy. */
  #answer(chance: number, askedNs: number, send: number, nextNs: number, storedNs: number, atNs: number): void {
    const { input, travelNs } = this.#facts;
    const { lossUp } = this.#one.kind;
    const heard = chance * (1 - lossUp);
    this.answers += heard;
    if (storedNs <= atNs) {
      const instant = Math.round(atNs + travelNs);
      this.done.set(instant, (this.done.get(instant) ?? 0) + heard);
    } else {
      const againNs = this.#nearEnd(heard, askAgainNs(askedNs, atNs + travelNs, input), storedNs);
      this.#follow(heard, againNs, 0, againNs, storedNs, -1);
    }
    this.#follow(chance * lossUp, askedNs, send + 1, nextNs, storedNs, -1);
  }
}
