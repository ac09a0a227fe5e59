/** The rounds of a multicast group: a send to its members, and their answers, until each has the window under way. */
import { RECOVERY, RESULT, resultName, parityInstance, parityTci } from "../../omci/index.ts";
import { RoundClock } from "./answer-clock.ts";
import type { OltContext } from "./context.ts";
import { areLostRather } from "./few.ts";
import type { Member } from "./group-member.ts";
import { ParityFeed } from "./parity-feed.ts";
import { areLateTogether } from "./late.ts";
import { GROUP_ANSWER_FACTOR, LOSS_SMOOTHING, POOR_SHARE } from "./policy.ts";
import type { WindowAnswer } from "./session.ts";
import { lastSectionOf, type WindowInFlight } from "./window-jobs.ts";

export interface RoundCallbacks {
  /** Everybody has answered, or it is time to look at who has not. */
  onDue: (nowNs: number) => void;
  /** A member takes none of the image. */
  onRefused: (member: Member, cause: string, nowNs: number) => void;
}

/**
 * Whether an answer is about this window. TCIs alone do not tell: those of parity sections run on into the next
 * window's, and ONTs that were done early still answer the last parity section of the window before.
 */
function answersWindow(message: WindowAnswer, window: WindowInFlight): boolean {
  const last = lastSectionOf(window);
  if (message.classId !== RECOVERY) return message.tci === window.baseTci + last && message.sectionNumber === last;
  const { baseTci, sections } = window;
  const isOfWindow = message.instanceId === parityInstance(baseTci, sections);
  return isOfWindow && message.tci === parityTci(baseTci, sections, message.sectionNumber);
}

/** Shared by the group, which sends windows one after the other, and its repairs, which send the rounds behind each first. */
export class GroupRounds {
  readonly context: OltContext;
  readonly members: ReadonlyMap<number, Member>;
  /** Share of sections that the members are known to lose from the beginning; 0 = nothing known. */
  #loss: number;
  readonly parity: ParityFeed;
  readonly #callbacks: RoundCallbacks;
  readonly #answers: RoundClock;
  #window: WindowInFlight | null = null;
  #windowNumber = 0;
  #rounds = 0;
  /** Members that had a round of the window for themselves, with how many parity sections, and how many these are in all. */
  readonly #servedAlone = new Map<Member, number>();
  #rowsAlone = 0;
  #lossMean = 0;
  /** Until when answers are collected; Infinity = the round has not left yet, or is over. */
  #deadlineNs = Infinity;
  /** The same of a round that has left, for when questions beside it are answered. */
  #leftDeadlineNs = Infinity;

  constructor(context: OltContext, members: ReadonlyMap<number, Member>, loss: number, callbacks: RoundCallbacks) {
    const { limits } = context.config;
    this.#loss = loss;
    this.context = context;
    this.members = members;
    this.parity = new ParityFeed(context);
    this.#callbacks = callbacks;
    const initialNs = GROUP_ANSWER_FACTOR * context.requestClock.deadlineNs();
    this.#answers = new RoundClock(limits.answerTimeoutMinNs, limits.answerTimeoutNs, initialNs);
  }

  /** The window under way; null before the first one, and between two. */
  get window(): WindowInFlight | null {
    return this.#window;
  }

  /** The window under way, where there has to be one. */
  get openWindow(): WindowInFlight {
    if (this.#window === null) throw new Error("no window is under way");
    return this.#window;
  }

  get windowNumber(): number {
    return this.#windowNumber;
  }

  /** Sends of the window under way: the first, and each repair. */
  get rounds(): number {
    return this.#rounds;
  }

  /** Those of them that a member was sent, with all or alone. */
  roundsTo(member: Member): number {
    return this.#rounds - this.#servedAlone.size + (this.#servedAlone.has(member) ? 1 : 0);
  }

  /** Parity sections of the window that a member was sent, with all or alone. */
  rowsTo(member: Member): number {
    return this.parity.rowsSent - this.#rowsAlone + (this.#servedAlone.get(member) ?? 0);
  }

  get loss(): number {
    return this.#loss;
  }

  /** Of those who lose much, each answer tells better how much. */
  learnLoss(): void {
    if (this.#loss === 0) return;
    this.#loss = Math.max(POOR_SHARE, ...[...this.members.values()].map(({ session }) => session.poorLinkLoss));
  }

  /** Mean share of sections lost, smoothed over the answers of all members, and no less than what was known. */
  get lossMean(): number {
    return Math.max(this.loss, this.#lossMean);
  }

  in(state: Member["state"]): Member[] {
    return [...this.members.values()].filter((member) => member.state === state);
  }

  beginWindow(window: WindowInFlight): void {
    this.#window = window;
    this.#rounds = 1;
    this.#servedAlone.clear();
    this.#rowsAlone = 0;
    this.context.counters.windows++;
    this.parity.begin(window);
    for (const member of this.members.values()) member.beginWindow(lastSectionOf(window) + 1);
  }

  /** All have it. @returns what is over */
  endWindow(): WindowInFlight {
    const window = this.openWindow;
    this.#window = null;
    this.#windowNumber++;
    return window;
  }

  /** What was sent was not enough: a repair follows. */
  beginRepair(): void {
    this.#rounds++;
    for (const member of this.members.values()) {
      if (member.state === "missing") member.noteRound();
      else if (member.state === "waiting") member.noteSilence();
    }
  }

  /** Once in each window: who does not take parity on its OMCC gets it with all. */
  wasServedAlone(member: Member): boolean {
    return this.#servedAlone.has(member);
  }

  /** The round is for one member alone, with so many parity sections. */
  serveAlone(member: Member, rows: number): void {
    this.#servedAlone.set(member, rows);
    this.#rowsAlone += rows;
  }

  /** A round begins: these members have to answer the section with this TCI. */
  expectAnswers(members: readonly Member[], tci: number): void {
    this.#deadlineNs = Infinity;
    this.#answers.begin();
    for (const member of members) member.expect(tci);
  }

  /** The last section of the round has left: the answers' clock starts, and they are waited for. */
  sent(nowNs: number): void {
    this.left(nowNs);
    this.collect(nowNs);
  }

  /** The last section of the round has left. Nobody goes on before its answers are waited for. */
  left(nowNs: number): void {
    if (this.#window !== null) this.#leftDeadlineNs = this.#answers.sent(nowNs, this.#rounds === 1);
  }

  /** The answers of a round that has left are waited for. */
  collect(nowNs: number): void {
    if (this.#window === null) return;
    this.#deadlineNs = this.#leftDeadlineNs;
    this.#leftDeadlineNs = Infinity;
    this.check(nowNs);
  }

  /** Silent members were asked by a section: wait for them, longer each time. */
  pollsSent(nowNs: number, doublings: number): void {
    this.#deadlineNs = this.#answers.repeated(nowNs, doublings);
  }

  /** All polls of silent members are answered or given up. */
  pollsDone(nowNs: number): void {
    if (this.#window !== null) this.#due(nowNs);
  }

  handleAnswer(member: Member, message: WindowAnswer, nowNs: number): void {
    const window = this.#window;
    if (!window || member.state === "done" || !answersWindow(message, window)) return;
    const { session } = member;
    const isFresh = member.hear(message);
    if (isFresh) {
      const answerNs = nowNs - this.#answers.sentNs;
      this.context.emit({ type: "windowAnswered", window: this.#windowNumber, answerNs, onuId: session.onuId });
    }
    this.#noteLoss(message.lostSections || message.missingSections);
    if (message.result === RESULT.ok) {
      this.accept(member, message.lostSections);
    } else if (!isFresh) {
      return;
    } else if (session.facts.extension !== "none" && message.missingSections === 0) {
      const cause = `window ${this.#windowNumber} refused: ${resultName(message.result)} (${message.result})`;
      this.#callbacks.onRefused(member, cause, nowNs);
      if (this.#window !== window) return;
    } else {
      member.lack(message.missingSections, lastSectionOf(window) + 1);
    }
    const deadlineNs = this.#answers.answered(nowNs);
    if (this.#deadlineNs === Infinity) return;
    this.#deadlineNs = Math.min(deadlineNs, this.#soonNs(nowNs));
    this.check(nowNs);
  }

  /** Until when those are waited for whose answers were lost rather than late: whom a question wakes, and nobody else, is asked soon. */
  #soonNs(nowNs: number): number {
    if (!this.#areRestLost()) return Infinity;
    return nowNs + Math.max(this.context.config.limits.answerTimeoutMinNs, this.context.latePauseNs(nowNs));
  }

  /** A member has the window. */
  accept(member: Member, lostSections: number): void {
    const tookMore = member.accept();
    const { progress } = member.session;
    progress.loseSections(lostSections);
    progress.noteWindow(member.lost, lastSectionOf(this.openWindow) + 1);
    if (tookMore || lostSections > 0) progress.repairWindow();
  }

  /** Goes on at once where nobody is waited for any more. */
  check(nowNs: number): void {
    if (this.#deadlineNs === Infinity) return;
    for (const member of this.members.values()) if (member.state === "waiting") return;
    this.#due(nowNs);
  }

  /** Whether it has been quiet for so long that silence means something. */
  isQuiet(nowNs: number): boolean {
    const { context } = this;
    return this.#answers.isQuiet(nowNs, context.config.patience, context.allowanceNs(nowNs));
  }

  handleTimeout(nowNs: number): void {
    if (this.#deadlineNs > nowNs) return;
    const lateUntilNs = this.#lateUntilNs(nowNs);
    if (lateUntilNs > nowNs) this.#deadlineNs = lateUntilNs;
    else this.#due(nowNs);
  }

  nextTimeoutNs(): number {
    return this.#deadlineNs;
  }

  /** Until when a round is waited for on a late machine: nobody is asked again for that, least of all many who are late together. */
  #lateUntilNs(nowNs: number): number {
    const { context } = this;
    const allowanceNs = context.allowanceNs(nowNs);
    if (allowanceNs === 0) return nowNs;
    if (this.#areRestLost()) return nowNs;
    const areMany = areLateTogether(this.#silent, this.members.size, this.#lossMean);
    return this.#answers.roundHeardNs + (areMany ? allowanceNs : context.latePauseNs(nowNs));
  }

  /** Whether whoever is still waited for was lost rather than late. */
  #areRestLost(): boolean {
    return areLostRather(this.#silent, this.members.size, this.#lossMean);
  }

  /** How many are waited for. */
  get #silent(): number {
    let silent = 0;
    for (const { state } of this.members.values()) if (state === "waiting") silent++;
    return silent;
  }

  #due(nowNs: number): void {
    this.#deadlineNs = Infinity;
    this.#leftDeadlineNs = Infinity;
    this.#callbacks.onDue(nowNs);
  }

  #noteLoss(sections: number): void {
    this.#lossMean += (sections / (lastSectionOf(this.openWindow) + 1) - this.#lossMean) / LOSS_SMOOTHING;
  }
}
