/** One ONT in a multicast group: what it has of the window under way, and what speaks against it. */
import { RECOVERY } from "../../omci/index.ts";
import { PARITY_DEAF_MAX, strikesFor, STRIKES_MAX, TELLING_SECTIONS } from "./policy.ts";
import type { Session, WindowAnswer } from "./session.ts";

export class Member {
  readonly session: Session;
  /** waiting: its answer is not in. done: it has the window. missing: it said what it lacks. */
  #state: "waiting" | "done" | "missing" = "waiting";
  /** TCI its next answer has to carry to count as an answer to this round. */
  #expectTci = 0;
  /** Sections it lacks, as far as told; the whole window when it did not tell. */
  #missing = 0;
  /** Whether `missing` is what it told. */
  #hasTold = false;
  /** What it lacked before the last send, and how many sections of that send were of use to it. */
  #lacked = 0;
  #offered = 0;
  /** What became of that send has been looked at. */
  #isJudged = false;
  /** Repairs in a row that brought it nothing. */
  #stuck = 0;
  /** Repairs of this window, those of them too small to tell anything, and silences. */
  #rounds = 0;
  #smallRepairs = 0;
  #silences = 0;
  /** Most sections of the window it told it lost before any repair. */
  #lost = 0;
  /** Points against it for sends of which it lost far more than the others do; carried on from window to window. */
  #strikes = 0;
  /** Repairs that it answered, in all windows so far, and those behind which it still missed something. */
  #repairs = 0;
  #repairsFailed = 0;
  /** Rounds in which it stayed deaf to parity although it answers Gets; -1 once it has answered a parity section. */
  #parityDeaf = 0;
  #calledDeaf = false;

  constructor(session: Session) {
    this.session = session;
  }

  get state(): "waiting" | "done" | "missing" {
    return this.#state;
  }

  get missing(): number {
    return this.#missing;
  }

  get stuck(): number {
    return this.#stuck;
  }

  get rounds(): number {
    return this.#rounds;
  }

  /** Repairs of this window that were long enough to tell something. */
  get tellingRounds(): number {
    return this.#rounds - this.#smallRepairs;
  }

  get silences(): number {
    return this.#silences;
  }

  get lost(): number {
    return this.#lost;
  }

  get repairs(): number {
    return this.#repairs;
  }

  get repairsFailed(): number {
    return this.#repairsFailed;
  }

  /** A window begins: everything in it is new to the member. */
  beginWindow(sections: number): void {
    this.#missing = sections;
    this.#hasTold = false;
    this.#lacked = sections;
    this.#offered = sections;
    this.#isJudged = false;
    this.#stuck = 0;
    this.#rounds = 0;
    this.#smallRepairs = 0;
    this.#silences = 0;
    this.#lost = 0;
  }

  /** It has to answer the section with this TCI. */
  expect(tci: number): void {
    this.#state = "waiting";
    this.#expectTci = tci;
  }

  /** A repair of so many sections goes out. */
  offer(sections: number): void {
    if (this.#state === "missing") {
      this.#lacked = this.#missing;
      this.#offered = Math.min(this.#missing, sections);
    } else {
      // What became of the send before is not known: this one comes on top of it.
      this.#offered = Math.min(this.#lacked, this.#offered + sections);
    }
    if (sections < TELLING_SECTIONS) this.#smallRepairs++;
    this.#hasTold = false;
    this.#isJudged = false;
  }

  /** A round is over in which it did not get the whole window. */
  noteRound(): void {
    this.#rounds++;
  }

  /** It was silent, once more. @returns how often it was before */
  noteSilence(): number {
    return this.#silences++;
  }

  /** An answer of it, good or not. @returns whether it answers the last send, not one before */
  hear(answer: WindowAnswer): boolean {
    if (answer.classId === RECOVERY) this.#parityDeaf = -1;
    this.#lost = Math.max(this.#lost, answer.lostSections);
    return answer.tci === this.#expectTci;
  }

  /** It has the window. @returns whether that took more than the first send */
  accept(): boolean {
    this.#state = "done";
    if (this.#rounds > 0) this.#repairs++;
    return this.#rounds > 0 || this.#silences > 0;
  }

  /** It lacks so many sections of the window, or, where it did not tell (0), any. */
  lack(told: number, windowSections: number): void {
    this.#state = "missing";
    this.#hasTold = told > 0;
    this.#missing = told || windowSections;
    this.#noteProgress();
  }

  /**
   * Asked for its bitmap, it told that it lacks so many data sections. The bitmap knows nothing of the parity sections that
   * the ONT holds; its answers to sections count with them.
   *
   * @param rows parity sections of the window that were sent so far
   */
  lackByBitmap(count: number, rows: number, isFirstRound: boolean): void {
    const wasSilent = this.#state === "waiting";
    if (wasSilent && !isFirstRound && rows >= TELLING_SECTIONS) this.#noteParityDeaf();
    this.#missing = wasSilent ? Math.max(1, count - rows) : Math.min(this.#missing, count);
    this.#hasTold ||= rows === 0;
    // Who answers is not silent, though sections may still be lost on their way.
    this.#silences = 0;
    this.#state = "missing";
    if (wasSilent) this.#noteProgress();
  }

  /**
   * Looks at what has become of the last send to it.
   *
   * @param groupLoss mean share of sections that the members lose
   * @returns whether it loses so much, send after send, that it is better served alone
   */
  holdsUp(groupLoss: number): boolean {
    if (this.#state === "done" || this.#isJudged || this.#offered < TELLING_SECTIONS) return false;
    if (this.#state === "waiting") {
      // Silence alone is no strike; behind sends that make it nearly enough it is one more.
      if (this.#strikes >= STRIKES_MAX - 1) this.#strikes++;
    } else if (this.#hasTold) {
      const lost = this.#missing - (this.#lacked - this.#offered);
      const more = strikesFor(lost / this.#offered, groupLoss);
      this.#strikes = more === 0 ? 0 : this.#strikes + more;
    } else {
      return false;
    }
    this.#isJudged = true;
    return this.#strikes >= STRIKES_MAX;
  }

  /** It said what it lacks after a repair. */
  #noteProgress(): void {
    if (this.#rounds > 0) {
      this.#repairs++;
      this.#repairsFailed++;
    }
    this.#stuck = this.#rounds > 0 && this.#missing >= this.#lacked ? this.#stuck + 1 : 0;
  }

  /** An ONT that answers Gets but never the parity sections gets data sections instead. */
  #noteParityDeaf(): void {
    if (this.#parityDeaf < 0) return;
    // Silence of one that is known to lose much proves nothing.
    if (this.session.poorLinkLoss > 0) return;
    if (++this.#parityDeaf < PARITY_DEAF_MAX || this.session.facts.extension !== "parity") return;
    this.session.learn({ extension: "recovery" });
    this.#calledDeaf = true;
  }

  /** It leaves because it loses much: that it did not answer parity sections was no deafness either. */
  leaveForLosses(): void {
    if (this.#calledDeaf && this.session.facts.extension === "recovery") this.session.learn({ extension: "parity" });
  }
}
