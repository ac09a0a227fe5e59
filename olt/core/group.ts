/** One multicast group: its members, its windows one after the other, and who leaves on the way. */
import { nextWindowBase } from "../../omci/index.ts";
import { BROADCAST } from "../../pon/types.ts";
import type { OltContext } from "./context.ts";
import { Course, courseFor } from "./course.ts";
import type { LedgerEntry } from "./pass-ledger.ts";
import { Member } from "./group-member.ts";
import { GroupPlaces } from "./group-places.ts";
import { GroupRepair } from "./group-repair.ts";
import { GroupRounds } from "./group-rounds.ts";
import { GroupStart } from "./group-start.ts";
import { type GroupTarget, keyOf } from "./group-target.ts";
import { noteHeld } from "./held.ts";
import { stragglersOf } from "./group-stragglers.ts";
import { JOIN_WINDOWS_MIN, lossyWindowLimit } from "./policy.ts";
import { recoveryFacts } from "./recoveries.ts";
import type { Session } from "./session.ts";
import { lastSectionOf, paddingOf, type WindowInFlight, windowJobs, windowWithParity } from "./window-jobs.ts";

/** How a member leaves before the end. */
export interface Departure {
  cause: string;
  kind: "straggler" | "refused" | "silent";
  /** It left because it loses far more than the others. */
  forLosses: boolean;
  /** The window under way, at which it may go on alone, if it has not got it; null = it left before the first one. */
  window: WindowInFlight | null;
}

export interface GroupCallbacks {
  onDeparture: (session: Session, departure: Departure, nowNs: number) => void;
  /** An ONT that was to join cannot: it is as before. */
  onNotJoined: (session: Session, nowNs: number) => void;
  /** All windows are answered by all who are still members. */
  onComplete: (sessions: Session[], nowNs: number) => void;
}

/**
 * A multicast download (docs/extension.md): the sections go out once on the broadcast GEM port; Start and the
 * answers stay on each OMCC. One window at a time: send, collect the answers, repair until every member has it.
 */
export class Group {
  readonly #context: OltContext;
  readonly #target: GroupTarget;
  readonly #callbacks: GroupCallbacks;
  readonly #members = new Map<number, Member>();
  readonly #rounds: GroupRounds;
  readonly #repair: GroupRepair;
  #start: GroupStart | null = null;
  #entry: LedgerEntry | null = null;
  readonly #places: GroupPlaces;
  #course = new Course([]);
  #lastTci = 0;
  #windowSections: number;
  /** Where the members take the next window for, by the chain rule alone. */
  #nextSection = 0;

  constructor(context: OltContext, sessions: readonly Session[], target: GroupTarget, callbacks: GroupCallbacks) {
    this.#context = context;
    this.#target = target;
    this.#windowSections = context.config.windowSections;
    this.#callbacks = callbacks;
    for (const session of sessions) this.#members.set(session.onuId, new Member(session));
    this.#rounds = new GroupRounds(context, this.#members, target.loss, {
      onDue: (nowNs) => this.#evaluate(nowNs),
      onRefused: (member, cause, nowNs) => {
        this.#depart(member.session, "refused", cause, nowNs);
        if (this.#members.size === 0) return this.#giveUpWindow(nowNs);
        // Nor is anything else waited for that it was asked.
        this.#repair.forget(member.session, nowNs);
      },
    });
    this.#repair = new GroupRepair(this.#rounds);
    this.#places = new GroupPlaces(context, {
      onJoined: (session) => this.#join(session),
      onNotJoined: callbacks.onNotJoined,
      onLost: (session, nowNs) => this.#depart(session, "straggler", "did not take its place in the image", nowNs),
      onReady: (nowNs) => (this.#members.size === 0 ? this.#complete(nowNs) : this.#openWindow()),
    });
  }

  /** TCI of the last section sent: a later group's Starts go on from here. */
  get lastTci(): number {
    return this.#lastTci;
  }

  /** Whether an ONT that comes now, alike to the members, may still join. */
  takes(target: GroupTarget): boolean {
    const isAlike = keyOf(target) === keyOf(this.#target);
    const isUnderWay = this.#start?.isUnderWay === false && !this.#course.isOver;
    return isAlike && isUnderWay && this.#course.left >= JOIN_WINDOWS_MIN * this.#windowSections;
  }

  /** It joins with the next window that begins once it has answered its Start. */
  join(session: Session, nowNs: number): void {
    this.#places.joiners.add(session, this.#target.messageSet, this.#windowSections, nowNs);
  }

  /** Share of its payload that every member has. */
  get shareDone(): number {
    return this.bytesDone / this.#target.payload.imageBytes;
  }

  /** Bytes of its payload that every member has. */
  get bytesDone(): number {
    const { sectionBytes } = this.#target.payload.layout(this.#target.messageSet);
    return Math.min(this.#nextSection * sectionBytes, this.#target.payload.imageBytes);
  }

  /**
   * Starts to every member.
   *
   * @param startTci TCI that all of them carry; the windows' TCIs follow it (chain rule).
   */
  start(nowNs: number, startTci: number): void {
    this.#lastTci = startTci;
    if (this.#members.size === 0) return this.#callbacks.onComplete([], nowNs);
    this.#entry = this.#context.ledger.open(this.#target, [...this.#members.keys()], nowNs);
    this.#start = new GroupStart(this.#context, this.#target.messageSet, startTci, {
      onFailed: (session, { kind, cause }, atNs) => this.#depart(session, kind, cause, atNs),
      onReady: (windowSections, atNs) => this.#begin(windowSections, atNs),
    });
    this.#start.begin(
      [...this.#members.values()].map(({ session }) => session),
      nowNs,
    );
  }

  /** An ONT is gone (power cut, new ranging): the group goes on without it. */
  remove(session: Session, nowNs: number): void {
    const wasMember = this.#members.delete(session.onuId);
    if (wasMember) this.#entry?.leave(session.onuId);
    this.#places.forget(session, nowNs);
    if (!wasMember) return;
    if (this.#start?.isUnderWay === true) return this.#start.forget(session, nowNs);
    if (this.#members.size === 0) return this.#giveUpWindow(nowNs);
    this.#repair.forget(session, nowNs);
    this.#rounds.check(nowNs);
  }

  handleTimeout(nowNs: number): void {
    this.#rounds.handleTimeout(nowNs);
  }

  nextTimeoutNs(): number {
    return this.#rounds.nextTimeoutNs();
  }

  #begin(windowSections: number, nowNs: number): void {
    this.#windowSections = windowSections;
    for (const member of this.#members.values()) this.#follow(member);
    const sessions = [...this.#members.values()].map(({ session }) => session);
    this.#course = courseFor(sessions, this.#target.messageSet);
    this.#nextWindow(nowNs);
  }

  #follow(member: Member): void {
    member.session.enter({
      phase: "downloading",
      onWindowAnswer: (message, atNs) => this.#rounds.handleAnswer(member, message, atNs),
    });
  }

  #nextWindow(nowNs: number): void {
    for (const { session } of this.#members.values())
      if (!session.facts.canPlace) session.progress.reach(this.bytesDone);
    if (this.#course.isOver || this.#members.size === 0) return this.#complete(nowNs);
    const { section } = this.#course;
    const isNext = section === this.#nextSection;
    if (isNext && this.#places.joiners.ready.length === 0) return this.#openWindow();
    this.#nextSection = section;
    const offsetBytes = section * this.#target.payload.layout(this.#target.messageSet).sectionBytes;
    const others = isNext ? [] : [...this.#members.values()].map((member) => member.session);
    this.#places.tell({ baseTci: nextWindowBase(this.#lastTci), offsetBytes }, others, nowNs);
  }

  #join(session: Session): void {
    const member = new Member(session);
    this.#members.set(session.onuId, member);
    this.#entry?.join(session.onuId);
    this.#follow(member);
  }

  #openWindow(): void {
    const { config } = this.#context;
    const usesParity = recoveryFacts(config.recovery).usesParity === true;
    this.#rounds.learnLoss();
    const granted = usesParity ? lossyWindowLimit(this.#windowSections, this.#rounds.loss) : this.#windowSections;
    const limit = usesParity ? this.#rounds.parity.windowLimit(granted) : granted;
    const sections = Math.min(limit, this.#course.room);
    const { payload, messageSet } = this.#target;
    const endSection = this.#nextSection + sections;
    const missing = this.#windowSections - sections;
    const window: WindowInFlight = {
      payload,
      messageSet,
      firstSection: this.#nextSection,
      sections,
      baseTci: nextWindowBase(this.#lastTci),
      instanceId: this.#target.instanceId,
      padding: usesParity ? 0 : paddingOf(config, payload, messageSet, endSection, missing),
    };
    this.#lastTci = window.baseTci + lastSectionOf(window);
    this.#rounds.beginWindow(window);
    this.#sendWindow(window);
  }

  #sendWindow(window: WindowInFlight): void {
    const { config, outbox } = this.#context;
    const { parity, windowNumber } = this.#rounds;
    const rows = recoveryFacts(config.recovery).usesParity ? parity.proactiveRows(window.sections) : 0;
    const jobs = rows === 0 ? windowJobs(window, "first") : windowWithParity(window, parity.job(rows, false));
    this.#rounds.expectAnswers([...this.#members.values()], this.#lastTci);
    jobs[jobs.length - 1].onSent = (nowNs) => this.#rounds.sent(nowNs);
    for (const job of jobs) outbox.sections(BROADCAST, job);
    this.#context.emit({
      type: "windowSent",
      window: windowNumber,
      sections: window.sections,
      paritySections: rows,
      onuId: BROADCAST,
    });
  }

  /** Everybody answered, or the deadline passed: next window, repair, or ask the silent ones. */
  #evaluate(nowNs: number): void {
    this.#dropStragglers(nowNs);
    const missing = this.#rounds.in("missing");
    const waiting = this.#rounds.in("waiting");
    if (missing.length > 0) {
      this.#rounds.beginRepair();
      this.#repair.repair(missing, waiting);
    } else if (waiting.length > 0) {
      const silences = Math.max(...waiting.map((member) => member.noteSilence()));
      this.#repair.poll(waiting, silences, nowNs);
    } else {
      this.#windowDone(nowNs);
    }
  }

  #dropStragglers(nowNs: number): void {
    const { sectionsTotal } = this.#target.payload.layout(this.#target.messageSet);
    const isQuiet = this.#rounds.isQuiet(nowNs);
    const stragglers = stragglersOf(this.#rounds, this.#windowSections, sectionsTotal, isQuiet);
    for (const { member, cause, forLosses } of stragglers) {
      member.session.progress.noteWindow(member.lost, lastSectionOf(this.#rounds.openWindow) + 1);
      if (forLosses) member.leaveForLosses();
      this.#depart(member.session, "straggler", cause, nowNs, forLosses);
    }
  }

  #depart(session: Session, kind: Departure["kind"], cause: string, nowNs: number, forLosses = false): void {
    if (!this.#members.delete(session.onuId)) return;
    this.#entry?.leave(session.onuId);
    session.progress.leaveGroup(forLosses);
    const { window, windowNumber } = this.#rounds;
    this.#context.emit({ type: "leftGroup", onuId: session.onuId, window: windowNumber, cause });
    this.#callbacks.onDeparture(session, { cause, kind, forLosses, window }, nowNs);
  }

  #windowDone(nowNs: number): void {
    const { windowNumber, rounds, parity } = this.#rounds;
    const window = this.#rounds.endWindow();
    const { config, counters, outbox } = this.#context;
    const worstLost = Math.max(0, ...[...this.#members.values()].map(({ lost }) => lost));
    if (recoveryFacts(config.recovery).usesParity) parity.observe(worstLost, window.sections);
    if (rounds > 1) counters.windowsRepaired++;
    this.#context.lastWindowAnsweredNs = nowNs;
    this.#context.emit({ type: "windowDone", window: windowNumber, rounds, onuId: BROADCAST });
    // Copies for single members that nobody needs any more: behind the next window they would pass for parts of it.
    for (const { session } of this.#members.values()) {
      outbox.dropSections(session.onuId, nowNs);
      noteHeld(session, window.firstSection, window.sections);
    }
    this.#nextSection = window.firstSection + window.sections;
    this.#course.advance(window.sections);
    this.#nextWindow(nowNs);
  }

  /** The last member is gone: what is left of its window is for nobody. */
  #giveUpWindow(nowNs: number): void {
    if (this.#rounds.window === null) return;
    this.#rounds.endWindow();
    this.#context.outbox.dropSections(BROADCAST, nowNs);
    this.#complete(nowNs);
  }

  #complete(nowNs: number): void {
    const sessions = [...this.#members.values()].map(({ session }) => session);
    this.#members.clear();
    this.#entry?.close(nowNs);
    this.#callbacks.onComplete(sessions, nowNs);
    this.#places.end(nowNs);
  }
}
