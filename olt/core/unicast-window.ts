/** One window to one ONT alone: sent, and sent again, until the ONT has it or it does not get through. */
import { RESULT, resultName, SOFTWARE_IMAGE, maskOf } from "../../omci/index.ts";
import { AnswerClock } from "./answer-clock.ts";
import type { OltContext } from "./context.ts";
import type { Outcome } from "./end-software-download.ts";
import type { SectionStretch } from "./held.ts";
import { queryMissing } from "./missing-query.ts";
import { countsAsSilent, FRUITLESS_TRIES_MAX, repeatFloorNs, TRIES_PER_SIZE } from "./policy.ts";
import { recoveryFacts } from "./recoveries.ts";
import type { Session, WindowAnswer } from "./session.ts";
import { lastSectionOf, missingRuns, paddingOf, type WindowInFlight, windowJobs } from "./window-jobs.ts";

/** The one attribute of the software image that is a byte: asked for its answer's sake. */
const MASK_IS_VALID = maskOf(SOFTWARE_IMAGE, "isValid");

/** What the windows of one download have in common: how large they are, and how long their answers are waited for. */
export class WindowPace {
  readonly session: Session;
  /** Repaired with what the ONT misses, instead of whole. */
  readonly isSelective: boolean;
  readonly clock: AnswerClock;
  /** How often the deadline was doubled; kept until a window is answered at its first send (Karn's algorithm). */
  doublings = 0;
  #sections: number;

  constructor({ config }: OltContext, session: Session, sections: number) {
    const { mode, recovery, limits } = config;
    this.session = session;
    const { usesBitmaps = false } = recoveryFacts(recovery);
    this.isSelective = mode === "multicast" && session.facts.extension !== "none" && usesBitmaps;
    const floorNs = repeatFloorNs(limits, this.isSelective);
    this.clock = new AnswerClock(floorNs, limits.answerTimeoutNs, limits.answerTimeoutNs);
    this.#sections = Math.min(sections, session.progress.windowLimit);
  }

  get sections(): number {
    return this.#sections;
  }

  /** An ONT that always loses the same, or the end of every window, may have no room for so many sections at once: it gets fewer from now on. */
  halve(): void {
    this.#sections = Math.max(1, this.#sections >> 1);
    this.session.progress.limitWindows(this.#sections);
  }
}

export class UnicastWindow {
  readonly #context: OltContext;
  readonly #session: Session;
  readonly #pace: WindowPace;
  readonly #firstSection: number;
  readonly #endSection: number;
  readonly #done: (outcome: Outcome, nowNs: number) => void;
  #inFlight: WindowInFlight;
  #sentNs = 0;
  #heardNs: number;
  #silentSends = 0;
  #refusals = 0;
  /** Tries that brought nothing since it last lacked less than ever before. */
  #fruitless = 0;
  #leastMissing = Infinity;

  /** Sends it. @param place what sections of the image that it may have. @param done the ONT has it, or the download cannot go on */
  constructor(
    context: OltContext,
    pace: WindowPace,
    { from: firstSection, to: endSection }: SectionStretch,
    nowNs: number,
    done: (outcome: Outcome, nowNs: number) => void,
  ) {
    this.#context = context;
    this.#session = pace.session;
    this.#pace = pace;
    this.#firstSection = firstSection;
    this.#endSection = endSection;
    this.#done = done;
    this.#heardNs = nowNs;
    context.counters.windows++;
    this.#inFlight = this.#begin("first");
  }

  /** The window under way, for going on at it later. */
  get inFlight(): WindowInFlight {
    return this.#inFlight;
  }

  get #number(): number {
    return Math.floor(this.#firstSection / this.#pace.sections);
  }

  handleAnswer(message: WindowAnswer, nowNs: number): void {
    const window = this.#inFlight;
    const last = lastSectionOf(window);
    if (message.tci !== window.baseTci + last || message.sectionNumber !== last) return;
    this.#session.cancelWait();
    this.#session.cancelRequest();
    this.#heardNs = nowNs;
    const answerNs = nowNs - this.#sentNs;
    if (this.#silentSends === 0) {
      this.#pace.clock.sample(answerNs);
      this.#pace.doublings = 0;
    }
    this.#context.emit({ type: "windowAnswered", window: this.#number, answerNs, onuId: this.#session.onuId });
    if (message.result === RESULT.ok) return this.#accepted(nowNs);
    if (message.result === RESULT.deviceBusy)
      return this.#session.wait(nowNs + this.#context.config.limits.busyPollNs, () => this.#repeat("silent"));
    this.#refused(message, nowNs);
  }

  /** Sends it with fresh TCIs. */
  #begin(kind: "first" | "repair"): WindowInFlight {
    const session = this.#session;
    const sections = Math.min(this.#pace.sections, this.#endSection - this.#firstSection);
    const endSection = this.#firstSection + sections;
    const { payload, messageSet } = session;
    const padding = paddingOf(this.#context.config, payload, messageSet, endSection, this.#pace.sections - sections);
    this.#inFlight = {
      payload,
      messageSet,
      firstSection: this.#firstSection,
      sections,
      baseTci: session.takeTcis(sections + padding),
      instanceId: session.targetInstance,
      padding,
    };
    this.#silentSends = 0;
    this.#sendAll(kind);
    this.#context.emit({
      type: "windowSent",
      window: this.#number,
      sections,
      paritySections: 0,
      onuId: session.onuId,
    });
    return this.#inFlight;
  }

  #sendAll(kind: "first" | "repair"): void {
    this.#sendRuns(kind, [{ from: 0, count: lastSectionOf(this.#inFlight) + 1 }]);
  }

  #sendRuns(kind: "first" | "repair", runs: { from: number; count: number }[]): void {
    const session = this.#session;
    const jobs = runs.flatMap((run) => windowJobs(this.#inFlight, kind, run.from, run.count));
    jobs[jobs.length - 1].onSent = (nowNs) => {
      this.#sentNs = nowNs;
      const untilNs = nowNs + this.#pace.clock.deadlineNs(this.#pace.doublings);
      session.wait(untilNs, (atNs) => this.#handleSilence(atNs));
    };
    session.cancelWait();
    for (const job of jobs) this.#context.outbox.sections(session.onuId, job);
  }

  #accepted(nowNs: number): void {
    const session = this.#session;
    const { outbox, counters } = this.#context;
    if (this.#refusals > 0 || this.#silentSends > 0) {
      session.progress.repairWindow();
      counters.windowsRepaired++;
    }
    // What still waits to be sent is of no use to the ONT any more.
    session.cancelWait();
    outbox.drop(session.onuId, nowNs);
    this.#context.lastWindowAnsweredNs = nowNs;
    this.#context.emit({
      type: "windowDone",
      window: this.#number,
      rounds: 1 + this.#refusals,
      onuId: session.onuId,
    });
    this.#done({ ok: true }, nowNs);
  }

  #refused(message: WindowAnswer, nowNs: number): void {
    const { progress, facts } = this.#session;
    this.#refusals++;
    progress.loseSections(message.lostSections);
    const toldMissing = message.missingSections > 0;
    // An ONT that counts what it misses and misses nothing refuses the image, not the window.
    if (facts.extension !== "none" && !toldMissing) return this.#outOfStep(nowNs, message.result);
    if (this.#isFruitless(toldMissing ? message.missingSections : Infinity)) {
      if (!toldMissing) return this.#outOfStep(nowNs, message.result);
      return this.#incomplete(nowNs);
    }
    const repairs = toldMissing && this.#pace.isSelective;
    if (this.#fruitless % TRIES_PER_SIZE === 0) this.#pace.halve();
    else if (repairs) return this.#repairMissing(true);
    this.#countRepair("missing", this.#inFlight.sections);
    this.#afterCopies(nowNs, () => this.#begin("repair"));
  }

  /** Counts a try. @returns whether one too many of them brought nothing */
  #isFruitless(missingSections: number): boolean {
    if (missingSections < this.#leastMissing) {
      this.#leastMissing = missingSections;
      this.#fruitless = 0;
    }
    return ++this.#fruitless > FRUITLESS_TRIES_MAX;
  }

  #incomplete(nowNs: number): void {
    const cause = `window ${this.#number} does not get through`;
    this.#done({ ok: false, silent: false, incomplete: true, cause }, nowNs);
  }

  /** The ONT cannot place what it gets: abort, so that both sides are in S1, and report (docs/reference.md, 3). */
  #outOfStep(nowNs: number, result: number): void {
    const cause = `window ${this.#number} refused: ${resultName(result)} (${result})`;
    this.#done({ ok: false, silent: false, cause }, nowNs);
  }

  /**
   * Goes on once no copy of the window is on its way any more. Under new TCIs the window is another one to the ONT: had a
   * late copy completed this one meanwhile, it would take the same data for those of the next. Frames keep their order,
   * so that the answer to a Get comes behind those to all copies.
   */
  #afterCopies(nowNs: number, then: () => void): void {
    if (this.#silentSends === 0) return then();
    const session = this.#session;
    this.#context.outbox.drop(session.onuId, nowNs);
    session.request(
      { type: "getRequest", attributeMask: MASK_IS_VALID },
      { instanceId: session.targetInstance },
      {
        onAnswer: then,
        onSilent: (atNs) => this.#unlessLost(atNs, () => this.#afterCopies(atNs, then)),
      },
    );
  }

  /** @param isCounted the try was counted when its answer came; a silent one is counted here. */
  #repairMissing(isCounted: boolean): void {
    queryMissing(this.#session, this.#inFlight, undefined, (answer, atNs) => {
      // A bad link: asked again for as long as an ONT may be away.
      if (answer.kind === "silent") return this.#unlessLost(atNs, () => this.#repairMissing(isCounted));
      this.#heardNs = atNs;
      if (answer.kind === "accepted") return this.#accepted(atNs);
      const missingSections = answer.kind === "missing" ? answer.count : Infinity;
      if (!isCounted && this.#isFruitless(missingSections)) return this.#incomplete(atNs);
      if (answer.kind === "unaware") return this.#repeat("missing");
      answer.missing[lastSectionOf(this.#inFlight)] = true;
      const runs = missingRuns(answer.missing);
      this.#countRepair(
        "missing",
        runs.reduce((sum, run) => sum + run.count, 0),
      );
      this.#sendRuns("repair", runs);
    });
  }

  #unlessLost(nowNs: number, then: () => void): void {
    if (nowNs - this.#heardNs < this.#context.config.limits.returnWaitNs) return then();
    this.#done({ ok: false, silent: true, cause: "no answer" }, nowNs);
  }

  /** The whole window again with the same TCIs: the ONT can tell a repeat from a new window. */
  #repeat(reason: "missing" | "silent"): void {
    this.#countRepair(reason, this.#inFlight.sections);
    this.#sendAll("repair");
  }

  #handleSilence(nowNs: number): void {
    if (this.#context.config.asksBeforeRepeat === true) return this.#ask();
    this.#handleLoss(nowNs);
  }

  /**
   * Asks something that changes nothing. Frames keep their order: an ONT that answers this one has the window behind it, and
   * did not answer that. One that is only slow answers the window first.
   */
  #ask(): void {
    const session = this.#session;
    const giveUp = (nowNs: number): void =>
      this.#done({ ok: false, silent: true, cause: "no answer to a window, nor to questions after it" }, nowNs);
    session.request(
      { type: "getRequest", attributeMask: MASK_IS_VALID },
      { instanceId: session.targetInstance },
      { onAnswer: (_message, atNs) => this.#handleLoss(atNs), onSilent: giveUp },
    );
  }

  #handleLoss(nowNs: number): void {
    const { config, counters } = this.#context;
    this.#silentSends++;
    this.#pace.doublings++;
    counters.retries++;
    const allowanceNs = this.#context.allowanceNs(nowNs);
    if (countsAsSilent(this.#silentSends, nowNs - this.#heardNs, config.limits, allowanceNs)) {
      this.#pace.halve();
      return this.#done({ ok: false, silent: true, cause: "no answer to a window" }, nowNs);
    }
    if (this.#pace.isSelective) return this.#repairMissing(false);
    this.#repeat("silent");
  }

  #countRepair(reason: "missing" | "silent", sections: number): void {
    const { onuId } = this.#session;
    this.#context.emit({ type: "repair", window: this.#number, reason, sections, paritySections: 0, onuId });
  }
}
