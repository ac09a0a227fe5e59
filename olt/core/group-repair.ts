/** The strategies by which a group's window is completed after its first send. */
import { BROADCAST } from "../../pon/types.ts";
import { isRepairedAlone } from "./few.ts";
import type { Member } from "./group-member.ts";
import type { GroupRounds } from "./group-rounds.ts";
import { type MissingAnswer, queryMissing } from "./missing-query.ts";
import type { SectionJob } from "./outbox.ts";
import { ALONE_MAX, lengthening } from "./policy.ts";
import { recoveryFacts } from "./recoveries.ts";
import type { Session } from "./session.ts";
import { type Lack, sectionsFor } from "./union.ts";
import { lastSectionOf, missingRuns, type WindowInFlight, windowJobs } from "./window-jobs.ts";

type BitmapTaker = (member: Member, missing: readonly boolean[]) => void;

/** How many times as long, and at least how long, a repair has to be for those whom the last ones brought nothing. */
const lengtheningFor = (members: readonly Member[], loss: number): number =>
  lengthening(Math.max(0, ...members.map(({ stuck }) => stuck)), loss);

const isAware = ({ session }: Member): boolean => session.facts.extension !== "none";

export class GroupRepair {
  readonly #rounds: GroupRounds;
  /** Queries under way: members whose bitmap was asked for. */
  readonly #asked = new Set<Member>();
  /** Members that were silent and, as their bitmaps say, lack nothing but a section that asks. */
  readonly #lackLast = new Set<Member>();
  #afterQueries: ((nowNs: number) => void) | null = null;
  #unsent = 0;

  constructor(rounds: GroupRounds) {
    this.#rounds = rounds;
  }

  /** A repair round for those who miss sections; those who stayed silent hear its acknowledged section as well. */
  repair(missing: readonly Member[], waiting: readonly Member[]): void {
    const { resends, usesParity } = recoveryFacts(this.#rounds.context.config.recovery);
    if (resends === "alone") return this.#resendAlone(missing, waiting);
    if (resends === "all") {
      const isEnough = missing.every((member) => this.#lackLast.has(member));
      this.#lackLast.clear();
      return isEnough ? this.#resendLast(missing, waiting) : this.#resendAll(missing, waiting);
    }
    const aware = missing.filter(isAware);
    const unaware = missing.filter((member) => !isAware(member));
    const takeParity = usesParity === true && aware.every(({ session }) => session.facts.extension === "parity");
    const need = Math.max(0, ...aware.map((member) => member.missing));
    if (aware.length === 0) {
      if (unaware.length > ALONE_MAX) this.#resendAll(unaware, waiting);
      else this.#resendAlone(unaware, waiting);
    } else if (takeParity && this.#rounds.parity.rowsLeft > 0) {
      // Where the rows are too few for the worst, they still serve the others; the rest is sent as it is missing.
      const rows = Math.min(need * lengtheningFor(aware, this.#rounds.loss), this.#rounds.parity.rowsLeft);
      if (this.#isForOne(missing, waiting)) return this.#sendParityAlone(rows, missing[0], waiting);
      this.#sendParity(rows, aware, waiting);
      for (const member of unaware) member.offer(this.#rounds.openWindow.sections);
      this.#addAlone(unaware);
    } else {
      this.#askAndSendUnion(aware, unaware, waiting);
    }
  }

  /** Asks members that were silent: by a Get where they know it, by the window's last section where not. */
  poll(silent: readonly Member[], doublings: number, nowNs: number): void {
    const window = this.#rounds.openWindow;
    const aware = silent.filter(isAware);
    const unaware = silent.filter((member) => !isAware(member));
    this.#rounds.context.counters.polls += aware.length;
    this.#pollBySection(unaware, window);
    if (aware.length > 0) {
      this.#lackLast.clear();
      const then = (atNs: number): void => {
        if (unaware.length > 0) this.#rounds.pollsSent(atNs, doublings);
        else this.#rounds.pollsDone(atNs);
      };
      this.#query(aware, window, { doublings }, then, (member, bitmap) => {
        // Whole from an earlier send, or whole but for that section.
        if (bitmap.every((isMissing, section) => !isMissing || section === lastSectionOf(window)))
          this.#lackLast.add(member);
      });
    } else {
      this.#rounds.pollsSent(nowNs, doublings);
    }
  }

  /** A member is gone: what was asked of it is not waited for. */
  forget(session: Session, nowNs: number): void {
    for (const member of this.#asked) if (member.session === session) this.#settle(member, nowNs);
  }

  #isForOne(missing: readonly Member[], waiting: readonly Member[]): boolean {
    const rounds = this.#rounds;
    if (missing.length > 1 || !waiting.every(isAware) || rounds.wasServedAlone(missing[0])) return false;
    // In baseline those silent ones would take two questions, each as long as a section that serves them as well.
    if (waiting.length > 0 && missing[0].session.messageSet === "baseline") return false;
    return isRepairedAlone(missing.length + waiting.length, rounds.members.size);
  }

  #sendParity(rows: number, aware: readonly Member[], waiting: readonly Member[]): void {
    const { parity } = this.#rounds;
    const job = parity.job(rows, true);
    for (const member of [...aware, ...waiting]) member.offer(rows);
    this.#rounds.expectAnswers([...aware, ...waiting], job.span.firstTci + rows - 1);
    this.#sendRound([{ to: BROADCAST, job }]);
    this.#emit("missing", 0, rows, BROADCAST);
  }

  /**
   * To the one that lacks them, on its OMCC: as many sections as to all, and nobody is woken, or answers, that has the window.
   * Those that were silent are asked meanwhile.
   */
  #sendParityAlone(rows: number, member: Member, silent: readonly Member[]): void {
    const rounds = this.#rounds;
    const { onuId } = member.session;
    const job = rounds.parity.job(rows, true);
    rounds.serveAlone(member, rows);
    member.offer(rows);
    rounds.expectAnswers([member], job.span.firstTci + rows - 1);
    let open = silent.length > 0 ? 2 : 1;
    const done = (nowNs: number): void => {
      if (--open > 0) return;
      if (member.state === "waiting") rounds.collect(nowNs);
      else rounds.pollsDone(nowNs);
    };
    this.#sendRound([{ to: onuId, job }], (nowNs) => {
      rounds.left(nowNs);
      done(nowNs);
    });
    this.#emit("missing", 0, rows, onuId);
    if (silent.length === 0) return;
    rounds.context.counters.polls += silent.length;
    // This silence is counted already.
    const doublings = Math.max(...silent.map(({ silences }) => silences)) - 1;
    this.#query(silent, rounds.openWindow, { doublings }, done);
  }

  #resendAll(missing: readonly Member[], waiting: readonly Member[]): void {
    const window = this.#rounds.openWindow;
    for (const member of [...missing, ...waiting]) member.offer(window.sections);
    this.#rounds.expectAnswers([...missing, ...waiting], window.baseTci + lastSectionOf(window));
    const jobs = windowJobs(window, "repair");
    this.#sendRound(jobs.map((job) => ({ to: BROADCAST, job })));
    this.#countMissing(lastSectionOf(window) + 1, BROADCAST);
  }

  /** To all whose window is whole but for the section with AR: that one alone. */
  #resendLast(missing: readonly Member[], waiting: readonly Member[]): void {
    const window = this.#rounds.openWindow;
    const last = lastSectionOf(window);
    for (const member of [...missing, ...waiting]) member.offer(1);
    this.#rounds.expectAnswers([...missing, ...waiting], window.baseTci + last);
    const jobs = windowJobs(window, "repair", last, 1);
    this.#sendRound(jobs.map((job) => ({ to: BROADCAST, job })));
    this.#countMissing(1, BROADCAST);
  }

  #resendAlone(missing: readonly Member[], waiting: readonly Member[]): void {
    const window = this.#rounds.openWindow;
    for (const member of missing) member.offer(window.sections);
    this.#rounds.expectAnswers(missing, window.baseTci + lastSectionOf(window));
    this.#sendRound(missing.flatMap((member) => this.#wholeWindowTo(member, window)));
    for (const member of missing) this.#countMissing(window.sections, member.session.onuId);
    this.#pollBySection(waiting, window);
  }

  /** Beside a parity round: members that know nothing of it get the window alone. */
  #addAlone(members: readonly Member[]): void {
    const window = this.#rounds.openWindow;
    for (const member of members) {
      member.expect(window.baseTci + lastSectionOf(window));
      for (const { to, job } of this.#wholeWindowTo(member, window)) this.#rounds.context.outbox.sections(to, job);
      this.#countMissing(window.sections, member.session.onuId);
    }
  }

  #wholeWindowTo(member: Member, window: WindowInFlight): { to: number; job: SectionJob }[] {
    const own = { ...window, instanceId: member.session.targetInstance };
    return windowJobs(own, "repair").map((job) => ({
      to: member.session.onuId,
      job,
    }));
  }

  #pollBySection(members: readonly Member[], window: WindowInFlight): void {
    const last = lastSectionOf(window);
    this.#rounds.context.counters.polls += members.length;
    for (const member of members) {
      member.expect(window.baseTci + last);
      const own = { ...window, instanceId: member.session.targetInstance };
      for (const job of windowJobs(own, "repair", last, 1)) {
        this.#rounds.context.outbox.sections(member.session.onuId, job);
      }
      this.#emit("silent", 1, 0, member.session.onuId);
    }
  }

  /**
   * Asks each for its bitmap, then sends what is missing: without parity all of it, beside parity as many sections as
   * each still lacks. The window's last section carries AR.
   */
  #askAndSendUnion(aware: readonly Member[], unaware: readonly Member[], waiting: readonly Member[]): void {
    const window = this.#rounds.openWindow;
    const lacks: Lack[] = [];
    const onBitmap: BitmapTaker = (member, missing) => void lacks.push({ missing, count: member.missing });
    const asked = [...aware, ...waiting.filter(isAware)];
    this.#query(asked, window, undefined, () => this.#sendUnion(window, lacks, unaware), onBitmap);
  }

  #sendUnion(window: WindowInFlight, lacks: readonly Lack[], unaware: readonly Member[]): void {
    const union = sectionsFor(lacks, lastSectionOf(window) + 1);
    const open = [...this.#rounds.members.values()].filter(({ state }) => state !== "done");
    union.fill(true, Math.max(0, union.length - lengtheningFor(open, this.#rounds.loss)));
    for (const member of open) member.offer(member.missing);
    this.#rounds.expectAnswers(open, window.baseTci + lastSectionOf(window));
    const runs = missingRuns(union);
    const jobs = runs.flatMap((run) => windowJobs(window, "repair", run.from, run.count));
    this.#countMissing(
      runs.reduce((sum, run) => sum + run.count, 0),
      BROADCAST,
    );
    this.#sendRound(jobs.map((job) => ({ to: BROADCAST, job })));
    this.#addAlone(unaware);
  }

  /** Queries members at once; `then` runs when each has answered or been given up. */
  #query(
    members: readonly Member[],
    window: WindowInFlight,
    once: { doublings: number } | undefined,
    then: (nowNs: number) => void,
    onBitmap?: BitmapTaker,
  ): void {
    this.#afterQueries = then;
    for (const member of members) this.#asked.add(member);
    for (const member of members) {
      queryMissing(member.session, window, once, (answer, atNs) => {
        this.#note(member, answer, onBitmap);
        this.#settle(member, atNs);
      });
    }
  }

  #note(member: Member, answer: MissingAnswer, onBitmap?: BitmapTaker): void {
    switch (answer.kind) {
      case "accepted":
        if (member.state !== "done") this.#rounds.accept(member, 0);
        return;
      case "unaware":
        return member.session.learn({ extension: "none" });
      case "missing":
        if (member.state === "done") return;
        member.lackByBitmap(answer.count, this.#rounds.rowsTo(member), this.#rounds.roundsTo(member) === 1);
        return onBitmap?.(member, answer.missing);
      case "silent":
        return;
    }
  }

  #settle(member: Member, nowNs: number): void {
    this.#asked.delete(member);
    if (this.#asked.size > 0 || !this.#afterQueries) return;
    const then = this.#afterQueries;
    this.#afterQueries = null;
    then(nowNs);
  }

  /** Sends the jobs of a round; the answers' clock starts when the last of them has left. */
  #sendRound(
    sends: readonly { to: number; job: SectionJob }[],
    then = (nowNs: number): void => this.#rounds.sent(nowNs),
  ): void {
    this.#unsent = sends.length;
    for (const { to, job } of sends) {
      job.onSent = (nowNs) => {
        if (--this.#unsent === 0) then(nowNs);
      };
      // An ONT that is gone takes its sections out of the queue; the round does not wait for them.
      job.onDropped = job.onSent;
      this.#rounds.context.outbox.sections(to, job);
    }
  }

  #countMissing(sections: number, onuId: number): void {
    this.#emit("missing", sections, 0, onuId);
  }

  #emit(reason: "missing" | "silent", sections: number, paritySections: number, onuId: number): void {
    this.#rounds.context.emit({
      type: "repair",
      window: this.#rounds.windowNumber,
      reason,
      sections,
      paritySections,
      onuId,
    });
  }
}
