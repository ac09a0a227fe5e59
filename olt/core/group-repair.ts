import type { Group } from "./group.ts";
import { type Member, noteParityDeaf, noteProgress, offer } from "./group-member.ts";
import { queryMissing } from "./missing-query.ts";
import type { SectionJob } from "./outbox.ts";
import { ALONE_MAX, lengthening, TELLING_SECTIONS } from "./policy.ts";
import type { Session } from "./session.ts";
import { BROADCAST } from "../../pon/types.ts";
import { type Lack, sectionsFor } from "./union.ts";
import { lastSectionOf, missingRuns, type WindowInFlight, windowJobs } from "./window-jobs.ts";

/** How many times as long, and at least how long, a repair has to be for those whom the last ones brought nothing. */
const lengtheningFor = (members: readonly Member[]): number =>
  lengthening(Math.max(0, ...members.map(({ stuck }) => stuck)));

/** The strategies by which a group's window is completed after its first send. */
export class GroupRepair {
  readonly #group: Group;
  /** Queries under way: members whose bitmap was asked for. */
  readonly #asked = new Set<Member>();
  #afterQueries: ((nowNs: number) => void) | null = null;
  #unsent = 0;

  constructor(group: Group) {
    this.#group = group;
  }

  /** A repair round for those who miss sections; those who stayed silent hear its acknowledged section as well. */
  repair(missing: readonly Member[], waiting: readonly Member[], nowNs: number): void {
    const { recovery } = this.#group.context.config;
    if (recovery === "unicast") return this.#resendAlone(missing, waiting);
    if (recovery === "window") return this.#resendAll(missing, waiting);
    const aware = missing.filter((member) => member.session.facts.recoveryAware);
    const unaware = missing.filter((member) => !member.session.facts.recoveryAware);
    const takeParity = recovery === "parity" && aware.every((member) => member.session.facts.parityAware);
    const need = Math.max(0, ...aware.map((member) => member.missing));
    if (aware.length === 0) {
      if (unaware.length > ALONE_MAX) this.#resendAll(unaware, waiting);
      else this.#resendAlone(unaware, waiting);
    } else if (takeParity && this.#group.parity.rowsLeft > 0) {
      // Where the rows are too few for the worst, they still serve the others; the rest is sent as it is missing.
      this.#sendParity(Math.min(need * lengtheningFor(aware), this.#group.parity.rowsLeft), aware, waiting);
      for (const member of unaware) offer(member, this.#group.window!.sections);
      this.#addAlone(unaware);
    } else {
      this.#askAndSendUnion(aware, unaware, waiting, nowNs);
    }
  }

  /** Asks members that were silent: by a Get where they know it, by the window's last section where not. */
  poll(silent: readonly Member[], doublings: number, nowNs: number): void {
    const window = this.#group.window!;
    const aware = silent.filter((member) => member.session.facts.recoveryAware);
    const unaware = silent.filter((member) => !member.session.facts.recoveryAware);
    this.#group.context.counters.polls += aware.length;
    this.#pollBySection(unaware, window);
    if (aware.length > 0) {
      this.#query(aware, window, { doublings }, nowNs, (atNs) => {
        if (unaware.length > 0) this.#group.pollsSent(atNs, doublings);
        else this.#group.pollsDone(atNs);
      });
    } else {
      this.#group.pollsSent(nowNs, doublings);
    }
  }

  /** A member is gone: what was asked of it is not waited for. */
  forget(session: Session, nowNs: number): void {
    for (const member of this.#asked) if (member.session === session) this.#settle(member, nowNs);
  }

  #sendParity(rows: number, aware: readonly Member[], waiting: readonly Member[]): void {
    const { context, parity } = this.#group;
    const job = parity.job(rows, true);
    for (const member of [...aware, ...waiting]) offer(member, rows);
    this.#group.expectAnswers([...aware, ...waiting], job.run.firstTci + rows - 1);
    this.#sendRound([{ to: BROADCAST, job }]);
    this.#note("missing", 0, rows, BROADCAST);
    context.counters.repairsByReason.missing += rows;
  }

  #resendAll(missing: readonly Member[], waiting: readonly Member[]): void {
    const window = this.#group.window!;
    for (const member of [...missing, ...waiting]) offer(member, window.sections);
    this.#group.expectAnswers([...missing, ...waiting], window.baseTci + lastSectionOf(window));
    const jobs = windowJobs(this.#group.context, window, "repair");
    this.#sendRound(jobs.map((job) => ({ to: BROADCAST, job })));
    this.#countMissing(lastSectionOf(window) + 1, BROADCAST);
  }

  #resendAlone(missing: readonly Member[], waiting: readonly Member[]): void {
    const window = this.#group.window!;
    for (const member of missing) offer(member, window.sections);
    this.#group.expectAnswers(missing, window.baseTci + lastSectionOf(window));
    this.#sendRound(missing.flatMap((member) => this.#wholeWindowTo(member, window)));
    for (const member of missing) this.#countMissing(window.sections, member.session.onuId);
    this.#pollBySection(waiting, window);
  }

  /** Beside a parity round: members that know nothing of it get the window alone. */
  #addAlone(members: readonly Member[]): void {
    const window = this.#group.window!;
    for (const member of members) {
      member.state = "waiting";
      member.expectTci = window.baseTci + lastSectionOf(window);
      for (const { to, job } of this.#wholeWindowTo(member, window)) this.#group.context.outbox.sections(to, job);
      this.#countMissing(window.sections, member.session.onuId);
    }
  }

  #wholeWindowTo(member: Member, window: WindowInFlight): { to: number; job: SectionJob }[] {
    const own = { ...window, instanceId: member.session.targetInstance };
    return windowJobs(this.#group.context, own, "repair").map((job) => ({
      to: member.session.onuId,
      job,
    }));
  }

  #pollBySection(members: readonly Member[], window: WindowInFlight): void {
    const last = lastSectionOf(window);
    this.#group.context.counters.polls += members.length;
    for (const member of members) {
      member.expectTci = window.baseTci + last;
      const own = { ...window, instanceId: member.session.targetInstance };
      for (const job of windowJobs(this.#group.context, own, "repair", last, 1)) {
        this.#group.context.outbox.sections(member.session.onuId, job);
      }
      this.#note("silent", 1, 0, member.session.onuId);
    }
  }

  /**
   * Asks each for its bitmap, then sends what is missing: without parity all of it, beside parity as many sections as
   * each still lacks. The window's last section carries AR.
   */
  #askAndSendUnion(
    aware: readonly Member[],
    unaware: readonly Member[],
    waiting: readonly Member[],
    nowNs: number,
  ): void {
    const window = this.#group.window!;
    const lacks: Lack[] = [];
    const onBitmap = (member: Member, missing: readonly boolean[]): void =>
      void lacks.push({ missing, count: member.missing });
    const asked = [...aware, ...waiting.filter((member) => member.session.facts.recoveryAware)];
    this.#query(asked, window, undefined, nowNs, () => this.#sendUnion(window, lacks, unaware), onBitmap);
  }

  #sendUnion(window: WindowInFlight, lacks: readonly Lack[], unaware: readonly Member[]): void {
    const union = sectionsFor(lacks, lastSectionOf(window) + 1);
    const open = [...this.#group.members.values()].filter((member) => member.state !== "done");
    union.fill(true, Math.max(0, union.length - lengtheningFor(open)));
    for (const member of open) offer(member, member.missing);
    this.#group.expectAnswers(open, window.baseTci + lastSectionOf(window));
    const runs = missingRuns(union);
    const jobs = runs.flatMap((run) => windowJobs(this.#group.context, window, "repair", run.from, run.count));
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
    nowNs: number,
    then: (nowNs: number) => void,
    onBitmap?: (member: Member, missing: readonly boolean[]) => void,
  ): void {
    this.#afterQueries = then;
    for (const member of members) this.#asked.add(member);
    for (const member of members) {
      queryMissing(member.session, window, nowNs, once, (answer, atNs) => {
        if (answer.kind === "accepted" && member.state !== "done") this.#group.markDone(member, 0);
        if (answer.kind === "unaware") member.session.facts.recoveryAware = false;
        if (answer.kind === "missing" && member.state !== "done") {
          const wasSilent = member.state === "waiting";
          if (wasSilent && this.#group.rounds > 1 && this.#group.parity.rowsSent >= TELLING_SECTIONS)
            noteParityDeaf(member);
          // The bitmap knows nothing of the parity sections that the ONT holds; its answers to sections count with them.
          const lacks = Math.max(1, answer.count - this.#group.parity.rowsSent);
          member.missing = wasSilent ? lacks : Math.min(member.missing, answer.count);
          member.hasTold ||= this.#group.parity.rowsSent === 0;
          // Who answers is not silent, though sections may still be lost on their way.
          member.silences = 0;
          member.state = "missing";
          if (wasSilent) noteProgress(member);
          onBitmap?.(member, answer.missing);
        }
        this.#settle(member, atNs);
      });
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
  #sendRound(sends: readonly { to: number; job: SectionJob }[]): void {
    this.#unsent = sends.length;
    for (const { to, job } of sends) {
      job.onSent = (nowNs) => {
        if (--this.#unsent === 0) this.#group.roundSent(nowNs);
      };
      // An ONT that is gone takes its sections out of the queue; the round does not wait for them.
      job.onDropped = job.onSent;
      this.#group.context.outbox.sections(to, job);
    }
  }

  #countMissing(sections: number, onuId: number): void {
    this.#group.context.counters.repairsByReason.missing += sections;
    this.#note("missing", sections, 0, onuId);
  }

  #note(reason: "missing" | "silent", sections: number, paritySections: number, onuId: number): void {
    if (reason === "silent") this.#group.context.counters.repairsByReason.silent += sections;
    this.#group.context.emit({
      type: "repair",
      window: this.#group.windowNumber,
      reason,
      sections,
      paritySections,
      onuId,
    });
  }
}
