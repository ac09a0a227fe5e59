import { nextWindowBase, RECOVERY, RESULT, resultName, type Message, type MessageSet } from "../../omci/index.ts";
import { RoundClock } from "./answer-clock.ts";
import type { OltContext } from "./context.ts";
import { beginWindow, holdsUp, type Member, newMember, noteDone, noteProgress, usualFailures } from "./group-member.ts";
import { GroupRepair } from "./group-repair.ts";
import { GroupStart } from "./group-start.ts";
import { ParityFeed, parityInstance } from "./parity-feed.ts";
import { GROUP_ANSWER_FACTOR, GROUP_MIN, LOSS_SMOOTHING, TRIES_MAX, triesMax } from "./policy.ts";
import type { Session } from "./session.ts";
import { BROADCAST } from "../../pon/types.ts";
import { lastSectionOf, type WindowInFlight, windowJobs } from "./window-jobs.ts";

type WindowAnswer = Extract<Message, { type: "downloadSectionResponse" }>;

/** How a member leaves before the end; with `resumeSection` it can go on alone where the group stands. */
export interface Departure {
  cause: string;
  kind: "straggler" | "refused" | "silent";
  /** Section of the image where the window under way begins; -1 = no window was under way. */
  resumeSection: number;
  /** The window under way, for finding out whether the ONT has it. */
  window: WindowInFlight | null;
}

export interface GroupCallbacks {
  onDeparture: (session: Session, departure: Departure, nowNs: number) => void;
  /** All windows are answered by all who are still members. */
  onComplete: (sessions: Session[], nowNs: number) => void;
}

/**
 * Whether an answer is about this window. TCIs alone do not tell: those of parity sections run on into the next
 * window's, and ONTs that were done early still answer the last parity section of the window before.
 */
function answersWindow(message: WindowAnswer, window: WindowInFlight): boolean {
  const last = lastSectionOf(window);
  if (message.classId !== RECOVERY) return message.tci === window.baseTci + last && message.sectionNumber === last;
  const instance = parityInstance(window);
  return message.instanceId === instance && message.tci === window.baseTci + window.sections + message.sectionNumber;
}

/**
 * A multicast download (extension, see the README): the sections go out once on the broadcast GEM port; Start and the
 * answers stay on each OMCC. One window at a time: send, collect the answers, repair until every member has it.
 */
export class Group {
  readonly context: OltContext;
  readonly messageSet: MessageSet;
  readonly instanceId: number;
  readonly members = new Map<number, Member>();
  readonly parity: ParityFeed;
  window: WindowInFlight | null = null;
  /** Sends of the window under way: the first, and each repair. */
  rounds = 0;
  readonly #callbacks: GroupCallbacks;
  readonly #repair: GroupRepair;
  readonly #answers: RoundClock;
  #lastTci = 0;
  #windowSections: number;
  #nextSection = 0;
  #windowNumber = 0;
  #start: GroupStart | null = null;
  #collecting = false;
  #deadlineNs = Infinity;
  #lossMean = 0;

  constructor(
    context: OltContext,
    sessions: readonly Session[],
    target: { messageSet: MessageSet; instanceId: number },
    callbacks: GroupCallbacks,
  ) {
    const { limits, windowSections } = context.config;
    this.context = context;
    this.messageSet = target.messageSet;
    this.instanceId = target.instanceId;
    this.#windowSections = windowSections;
    this.#callbacks = callbacks;
    this.parity = new ParityFeed(context);
    this.#repair = new GroupRepair(this);
    const initialNs = GROUP_ANSWER_FACTOR * context.requestClock.deadlineNs();
    this.#answers = new RoundClock(limits.answerTimeoutMinNs, limits.answerTimeoutNs, initialNs);
    for (const session of sessions) this.members.set(session.onuId, newMember(session));
  }

  /** TCI of the last section sent: a later group's Starts go on from here. */
  get lastTci(): number {
    return this.#lastTci;
  }

  get windowNumber(): number {
    return this.#windowNumber;
  }

  /**
   * Starts to every member.
   *
   * @param startTci TCI that all of them carry; the windows' TCIs follow it (chain rule).
   */
  start(nowNs: number, startTci: number): void {
    this.#lastTci = startTci;
    if (this.members.size === 0) return this.#callbacks.onComplete([], nowNs);
    this.#start = new GroupStart(this.context, this.messageSet, startTci, {
      onFailed: (session, failure, atNs) =>
        this.#depart(session, { ...failure, resumeSection: -1, window: null }, atNs),
      onReady: (windowSections, atNs) => this.#begin(windowSections, atNs),
    });
    this.#start.begin(
      [...this.members.values()].map(({ session }) => session),
      nowNs,
    );
  }

  /** An ONT is gone (power cut, new ranging): the group goes on without it. */
  remove(session: Session, nowNs: number): void {
    if (!this.members.delete(session.onuId)) return;
    session.onWindowAnswer = null;
    if (this.#start?.isUnderWay === true) return this.#start.forget(session, nowNs);
    this.#repair.forget(session, nowNs);
    this.#checkRound(nowNs);
  }

  handleTimeout(nowNs: number): void {
    if (this.#deadlineNs <= nowNs) this.#evaluate(nowNs);
  }

  nextTimeoutNs(): number {
    return this.#deadlineNs;
  }

  /** Image bytes that every member has. */
  get bytesDone(): number {
    return Math.min(
      this.#nextSection * this.context.layout(this.messageSet).sectionBytes,
      this.context.image.imageBytes,
    );
  }

  #begin(windowSections: number, nowNs: number): void {
    this.#windowSections = windowSections;
    for (const member of this.members.values()) {
      const { session } = member;
      session.setPhase("downloading");
      session.onWindowAnswer = (message, atNs) => this.#handleAnswer(member, message, atNs);
    }
    this.#nextWindow(nowNs);
  }

  #nextWindow(nowNs: number): void {
    const layout = this.context.layout(this.messageSet);
    for (const { session } of this.members.values()) session.bytesDone = this.bytesDone;
    if (this.#nextSection >= layout.sectionsTotal || this.members.size === 0) return this.#complete(nowNs);
    const usesParity = this.context.config.recovery === "parity";
    const limit = usesParity ? this.parity.windowLimit(this.#windowSections) : this.#windowSections;
    const sections = Math.min(limit, layout.sectionsTotal - this.#nextSection);
    const pad = this.context.config.padLastWindow && this.messageSet === "baseline" && !usesParity;
    const window: WindowInFlight = {
      messageSet: this.messageSet,
      firstSection: this.#nextSection,
      sections,
      baseTci: nextWindowBase(this.#lastTci),
      instanceId: this.instanceId,
      padding: pad ? this.#windowSections - sections : 0,
    };
    this.window = window;
    this.rounds = 1;
    this.#lastTci = window.baseTci + lastSectionOf(window);
    this.context.counters.windows++;
    for (const member of this.members.values()) beginWindow(member, lastSectionOf(window) + 1);
    this.#sendWindow(window);
  }

  /** The sections once, parity in front of the last one, so that the answer to AR already counts with it. */
  #sendWindow(window: WindowInFlight): void {
    const { outbox } = this.context;
    const last = lastSectionOf(window);
    this.parity.begin(window);
    const rows = this.context.config.recovery === "parity" ? this.parity.proactiveRows(window.sections) : 0;
    const jobs =
      rows === 0
        ? windowJobs(this.context, window, "first")
        : [
            ...windowJobs(this.context, window, "first", 0, last),
            this.parity.job(rows, false),
            ...windowJobs(this.context, window, "first", last, 1),
          ];
    this.expectAnswers([...this.members.values()], window.baseTci + last);
    jobs[jobs.length - 1].onSent = (nowNs) => this.roundSent(nowNs);
    for (const job of jobs) outbox.sections(BROADCAST, job);
    this.context.emit({
      type: "windowSent",
      window: this.#windowNumber,
      sections: window.sections,
      paritySections: rows,
      onuId: BROADCAST,
    });
  }

  /** A round begins: these members have to answer the section with this TCI. */
  expectAnswers(members: readonly Member[], tci: number): void {
    this.#collecting = false;
    this.#deadlineNs = Infinity;
    for (const member of members) {
      member.state = "waiting";
      member.expectTci = tci;
    }
  }

  /** The last section of the round has left: the answers' clock starts. */
  roundSent(nowNs: number): void {
    if (this.window === null) return;
    this.#collecting = true;
    this.#deadlineNs = this.#answers.sent(nowNs, this.rounds === 1);
    this.#checkRound(nowNs);
  }

  /** All polls of silent members are answered or given up. */
  pollsDone(nowNs: number): void {
    this.#collecting = true;
    this.#answers.polled(nowNs, 0);
    this.#evaluate(nowNs);
  }

  /** Silent members were asked by a section: wait for them, longer each time. */
  pollsSent(nowNs: number, doublings: number): void {
    this.#collecting = true;
    this.#deadlineNs = this.#answers.polled(nowNs, doublings);
  }

  #handleAnswer(member: Member, message: WindowAnswer, nowNs: number): void {
    const { window } = this;
    if (!window || member.state === "done") return;
    if (!answersWindow(message, window)) return;
    const { session } = member;
    const fresh = message.tci === member.expectTci;
    if (message.classId === RECOVERY) member.parityDeaf = -1;
    if (fresh) {
      this.context.emit({
        type: "windowAnswered",
        window: this.#windowNumber,
        answerNs: nowNs - this.#answers.sentNs,
        onuId: session.onuId,
      });
    }
    member.lost = Math.max(member.lost, message.lostSections);
    this.#noteLoss(message.lostSections || message.missingSections);
    if (message.result === RESULT.ok) {
      this.markDone(member, message.lostSections);
    } else if (!fresh) {
      return;
    } else if (session.facts.recoveryAware && message.missingSections === 0) {
      const cause = `window ${this.#windowNumber} refused: ${resultName(message.result)} (${message.result})`;
      this.#departNow(member, "refused", cause, nowNs);
      // Nor is anything else waited for that it was asked.
      this.#repair.forget(session, nowNs);
      if (this.window !== window) return;
    } else {
      member.state = "missing";
      member.hasTold = message.missingSections > 0;
      member.missing = message.missingSections || lastSectionOf(window) + 1;
      noteProgress(member);
    }
    const deadlineNs = this.#answers.answered(nowNs);
    if (this.#collecting) this.#deadlineNs = deadlineNs;
    this.#checkRound(nowNs);
  }

  /** Mean share of sections lost, smoothed over the answers of all members. */
  #noteLoss(sections: number): void {
    this.#lossMean += (sections / (lastSectionOf(this.window!) + 1) - this.#lossMean) / LOSS_SMOOTHING;
  }

  markDone(member: Member, lostSections: number): void {
    noteDone(member);
    member.session.acceptedTci = this.window!.baseTci + lastSectionOf(this.window!);
    member.session.sectionsLost += lostSections;
    if (member.rounds > 0 || member.silences > 0 || lostSections > 0) member.session.windowsRepaired++;
  }

  #checkRound(nowNs: number): void {
    if (!this.#collecting) return;
    for (const member of this.members.values()) if (member.state === "waiting") return;
    this.#evaluate(nowNs);
  }

  /** Everybody answered, or the deadline passed: next window, repair, or ask the silent ones. */
  #evaluate(nowNs: number): void {
    this.#deadlineNs = Infinity;
    this.#collecting = false;
    this.#dropStragglers(nowNs);
    const members = [...this.members.values()];
    if (members.every((member) => member.state !== "waiting")) this.#answers.allAnswered();
    const missing = members.filter((member) => member.state === "missing");
    const waiting = members.filter((member) => member.state === "waiting");
    if (missing.length > 0) {
      this.rounds++;
      for (const member of missing) member.rounds++;
      for (const member of waiting) member.silences++;
      this.#repair.repair(missing, waiting, nowNs);
    } else if (waiting.length > 0) {
      const silences = Math.max(...waiting.map((member) => member.silences++));
      this.#repair.poll(waiting, silences, nowNs);
    } else {
      this.#windowDone(nowNs);
    }
  }

  /** An ONT leaves for what it does again and again; one long burst of losses is repaired within the group. */
  #dropStragglers(nowNs: number): void {
    const { patience } = this.context.config;
    const { sectionsTotal } = this.context.layout(this.messageSet);
    const members = [...this.members.values()];
    const windows = Math.max(1, sectionsTotal / this.#windowSections);
    const isQuiet = this.#answers.isQuiet(nowNs, patience);
    const silencesMax = isQuiet ? triesMax(patience, this.#lossMean, members.length * windows) : Infinity;
    const usual = members.length >= GROUP_MIN ? usualFailures(members) : 0;
    const roundsMax = triesMax(patience, this.#lossMean, members.length * sectionsTotal, usual);
    const number = this.#windowNumber;
    for (const member of members) {
      const { state, missing, silences } = member;
      const rounds = member.rounds - member.smallRepairs;
      let cause = "";
      if (members.length >= GROUP_MIN && holdsUp(member, this.#lossMean))
        cause = `misses ${missing} sections of window ${number}, and loses what is repaired as well`;
      else if (state === "missing" && (rounds >= roundsMax || member.rounds >= Math.max(TRIES_MAX, roundsMax)))
        cause = `window ${number} not complete after ${member.rounds} repairs`;
      else if (state === "waiting" && silences >= silencesMax) cause = `silent in window ${number}`;
      if (cause !== "") this.#departNow(member, "straggler", cause, nowNs);
    }
  }

  #departNow(member: Member, kind: Departure["kind"], cause: string, nowNs: number): void {
    const resumeSection = this.window!.firstSection;
    this.#depart(member.session, { cause, kind, resumeSection, window: this.window }, nowNs);
  }

  #depart(session: Session, departure: Departure, nowNs: number): void {
    if (!this.members.delete(session.onuId)) return;
    session.onWindowAnswer = null;
    session.leftGroup = true;
    this.context.emit({
      type: "leftGroup",
      onuId: session.onuId,
      window: this.#windowNumber,
      cause: departure.cause,
    });
    this.#callbacks.onDeparture(session, departure, nowNs);
  }

  #windowDone(nowNs: number): void {
    const window = this.window!;
    const { counters } = this.context;
    const worstLost = Math.max(0, ...[...this.members.values()].map(({ lost }) => lost));
    if (this.context.config.recovery === "parity") this.parity.observe(worstLost, window.sections);
    if (this.rounds > 1) counters.windowsRepaired++;
    this.context.lastWindowAnsweredNs = nowNs;
    this.context.emit({
      type: "windowDone",
      window: this.#windowNumber,
      rounds: this.rounds,
      onuId: BROADCAST,
    });
    this.window = null;
    // Copies for single members that nobody needs any more: behind the next window they would pass for parts of it.
    for (const { session } of this.members.values()) this.context.outbox.dropSections(session.onuId, nowNs);
    this.#windowNumber++;
    this.#nextSection = window.firstSection + window.sections;
    this.#nextWindow(nowNs);
  }

  #complete(nowNs: number): void {
    const sessions = [...this.members.values()].map((member) => member.session);
    for (const session of sessions) session.onWindowAnswer = null;
    this.members.clear();
    this.#callbacks.onComplete(sessions, nowNs);
  }
}
