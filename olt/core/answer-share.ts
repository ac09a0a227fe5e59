/** How often an ONT answers what it is asked: how bad its link is, before any section has told. */
import { POOR_SHARE } from "./policy.ts";

/** An ONT has so many answers to its credit, so that bad luck with its first ones makes no link a bad one. */
const CREDIT = 6;
/** Answers after which the older ones count half. */
const REMEMBERED = 64;
/** All sends to an ONT that is there may get lost this seldom; and no ONT is sent more than so many. */
const SENDS_FAIL = 0.01;
const SENDS_LIMIT = 64;
/** So many sends in a row without an answer are more than the link explains only this seldom. */
const USUAL_FAIL = 0.05;

/** What is known of a bad link is known from few answers: it may answer so much more seldom. */
const ANSWERED_LEAST = 0.75;
/** Share of questions that get no answer from those who lose much, both ways alike. @param loss known of them; 0: nothing */
export const unansweredShare = (loss: number): number => (loss > 0 ? 1 - ANSWERED_LEAST * (1 - loss) ** 2 : 0);

function poorLossOf(unanswered: number): number {
  const loss = 1 - Math.sqrt(1 - unanswered);
  return loss > POOR_SHARE ? loss : 0;
}

const sendsFor = (chance: number, unanswered: number): number =>
  poorLossOf(unanswered) === 0 ? 0 : Math.ceil(Math.log(chance) / Math.log(unanswered));

/** Sends after which an ONT counts as silent. @param usual of any ONT. @param unanswered share of sends */
export const sendsMaxFor = (usual: number, unanswered: number): number =>
  Math.max(usual, Math.min(SENDS_LIMIT, sendsFor(SENDS_FAIL, unanswered)));

/** Sends in a row without an answer that a bad link explains: they follow each other at a steady pace. */
export const explainedSends = (unanswered: number): number => sendsFor(USUAL_FAIL, unanswered);

export class AnswerShare {
  /** Sends, and those of them that were answered, up to the last answer. */
  #sends = 0;
  #answers = 0;
  /** Sends since then: whether the ONT is there at all is not known. */
  #open = 0;
  #hasAnswered = false;

  sent(): void {
    this.#open++;
  }

  answered(): void {
    // Before its first answer it may not have been ready: that tells nothing of its link.
    this.#sends += this.#hasAnswered ? this.#open : 1;
    this.#hasAnswered = true;
    this.#open = 0;
    this.#answers++;
    if (this.#answers < REMEMBERED) return;
    this.#sends /= 2;
    this.#answers /= 2;
  }

  /** One more send of a request that is answered already was, too: the ONT is only slow, and no frame got lost. */
  answeredAgain(): void {
    this.#answers = Math.min(this.#sends, this.#answers + 1);
  }

  /** It was off. */
  forgive(): void {
    this.#open = 0;
    this.#hasAnswered = false;
  }

  /** Share of frames that its link loses each way, if both lose alike, where that is much; else, and if nothing is known, 0. */
  get poorLoss(): number {
    return poorLossOf(this.#unanswered);
  }

  /** Sends after which it counts as silent. @param usual of any ONT */
  sendsMax(usual: number): number {
    return sendsMaxFor(usual, this.#unanswered);
  }

  /** Of so many sends without an answer, those that the link does not explain. */
  unexplained(sends: number): number {
    return Math.max(0, sends - explainedSends(this.#unanswered));
  }

  get #unanswered(): number {
    return 1 - (this.#answers + CREDIT) / (this.#sends + CREDIT);
  }
}
