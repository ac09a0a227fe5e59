import { RESULT, resultName, type Message } from "../../omci/index.ts";
import { AnswerClock } from "./answer-clock.ts";
import type { OltContext } from "./context.ts";
import { type Outcome, requestUntilNotBusy } from "./end.ts";
import { queryMissing } from "./missing-query.ts";
import { countsAsSilent, FRUITLESS_TRIES_MAX, repeatFloorNs, TRIES_PER_SIZE } from "./policy.ts";
import type { Session } from "./session.ts";
import { lastSectionOf, missingRuns, type WindowInFlight, windowJobs } from "./window-jobs.ts";

type WindowAnswer = Extract<Message, { type: "downloadSectionResponse" }>;

/** The one attribute of the software image that is a byte: asked for its answer's sake. */
const MASK_IS_VALID = 0x1000;

/**
 * The download of one ONT alone, as G.988 9.1.4 and I.3 have it: windows of sections, the last one acknowledged; a
 * refused window is sent again from section 0 with new TCIs, an unanswered one with the same TCIs. In multicast mode an
 * ONT that knows the recovery ME gets only what it misses.
 */
export class UnicastDownload {
  readonly #context: OltContext;
  readonly #session: Session;
  readonly #done: (outcome: Outcome, nowNs: number) => void;
  readonly #clock: AnswerClock;
  #windowSections = 1;
  #window: WindowInFlight | null = null;
  #sentNs = 0;
  #heardNs = 0;
  #silentSends = 0;
  /** How often the deadline was doubled; kept until a window is answered at its first send (Karn's algorithm). */
  #doublings = 0;
  #refusals = 0;
  #fruitless = 0;
  #leastMissing = Infinity;

  constructor(context: OltContext, session: Session, done: (outcome: Outcome, nowNs: number) => void) {
    const { limits } = context.config;
    this.#context = context;
    this.#session = session;
    this.#done = done;
    const floorNs = repeatFloorNs(limits, this.#repairsSelectively());
    this.#clock = new AnswerClock(floorNs, limits.answerTimeoutNs, limits.answerTimeoutNs);
  }

  /** The window under way, for going on at it later. */
  get window(): WindowInFlight | null {
    return this.#window;
  }

  /** From the beginning, with a Start. */
  start(nowNs: number): void {
    const session = this.#session;
    const { config, image } = this.#context;
    session.setPhase("starting");
    session.messageSet = config.messageSet === "extended" && session.facts.extended ? "extended" : "baseline";
    const windowSections = Math.min(config.windowSections, session.windowLimit);
    const body = {
      type: "startDownloadRequest" as const,
      windowSections,
      imageBytes: image.imageBytes,
      instances: [session.targetInstance],
    };
    session.acceptedTci = 0;
    if (session.startedNs < 0) session.startedNs = nowNs;
    if (this.#context.firstStartNs < 0) this.#context.firstStartNs = nowNs;
    let granted = 1;
    requestUntilNotBusy(
      this.#context,
      session,
      nowNs,
      "Start",
      body,
      (outcome, atNs) => {
        if (!outcome.ok) return this.#finish(outcome, atNs);
        this.resume(atNs, 0, Math.min(granted, windowSections));
      },
      (message) => {
        if (message.type === "startDownloadResponse") granted = message.windowSections;
      },
    );
  }

  /** Goes on at a section of the image; the ONT waits for the window that begins there. */
  resume(nowNs: number, firstSection: number, windowSections: number): void {
    const session = this.#session;
    this.#windowSections = Math.min(windowSections, session.windowLimit);
    session.setPhase("downloading");
    session.onWindowAnswer = (message, atNs) => this.#handleAnswer(message, atNs);
    this.#nextWindow(nowNs, firstSection);
  }

  #finish(outcome: Outcome, nowNs: number): void {
    this.#session.onWindowAnswer = null;
    this.#dropUnsent(nowNs);
    this.#done(outcome, nowNs);
  }

  #nextWindow(nowNs: number, firstSection: number): void {
    const layout = this.#context.layout(this.#session.messageSet);
    this.#session.bytesDone = Math.min(firstSection * layout.sectionBytes, this.#context.image.imageBytes);
    if (firstSection >= layout.sectionsTotal) return this.#finish({ ok: true }, nowNs);
    this.#context.counters.windows++;
    this.#refusals = 0;
    this.#fruitless = 0;
    this.#leastMissing = Infinity;
    this.#heardNs = nowNs;
    this.#begin(firstSection, "first");
  }

  /** Sends the window that begins at a section, with fresh TCIs. */
  #begin(firstSection: number, kind: "first" | "repair"): void {
    const session = this.#session;
    const layout = this.#context.layout(session.messageSet);
    const sections = Math.min(this.#windowSections, layout.sectionsTotal - firstSection);
    const pad = this.#context.config.padLastWindow && session.messageSet === "baseline";
    const padding = pad ? this.#windowSections - sections : 0;
    this.#window = {
      messageSet: session.messageSet,
      firstSection,
      sections,
      baseTci: session.takeTcis(sections + padding),
      instanceId: session.targetInstance,
      padding,
    };
    this.#silentSends = 0;
    this.#sendAll(kind);
    const window = Math.floor(firstSection / this.#windowSections);
    this.#context.emit({
      type: "windowSent",
      window,
      sections,
      paritySections: 0,
      onuId: session.onuId,
    });
  }

  /** What of the window still waits to be sent is of no use to the ONT any more. */
  #dropUnsent(nowNs: number): void {
    this.#session.cancelWait();
    this.#context.outbox.drop(this.#session.onuId, nowNs);
  }

  #sendAll(kind: "first" | "repair"): void {
    const window = this.#window!;
    this.#sendRuns(kind, [{ from: 0, count: lastSectionOf(window) + 1 }]);
  }

  #sendRuns(kind: "first" | "repair", runs: { from: number; count: number }[]): void {
    const window = this.#window!;
    const jobs = runs.flatMap((run) => windowJobs(this.#context, window, kind, run.from, run.count));
    jobs[jobs.length - 1].onSent = (nowNs) => {
      this.#sentNs = nowNs;
      const untilNs = nowNs + this.#clock.deadlineNs(this.#doublings);
      this.#session.wait(untilNs, (atNs) => this.#handleSilence(atNs));
    };
    this.#session.cancelWait();
    for (const job of jobs) this.#context.outbox.sections(this.#session.onuId, job);
  }

  #handleAnswer(message: WindowAnswer, nowNs: number): void {
    const window = this.#window;
    const last = window ? lastSectionOf(window) : -1;
    if (!window || message.tci !== window.baseTci + last || message.sectionNumber !== last) return;
    this.#session.cancelWait();
    this.#session.cancelRequest();
    this.#heardNs = nowNs;
    const { onuId } = this.#session;
    const number = Math.floor(window.firstSection / this.#windowSections);
    if (this.#silentSends === 0) {
      this.#clock.sample(nowNs - this.#sentNs);
      this.#doublings = 0;
    }
    this.#context.emit({
      type: "windowAnswered",
      window: number,
      answerNs: nowNs - this.#sentNs,
      onuId,
    });
    if (message.result === RESULT.ok) return this.#accepted(nowNs);
    if (message.result === RESULT.deviceBusy) {
      this.#session.wait(nowNs + this.#context.config.limits.busyPollNs, () => this.#repeat("silent"));
      return;
    }
    this.#refused(message, nowNs);
  }

  #accepted(nowNs: number): void {
    const window = this.#window!;
    const session = this.#session;
    if (this.#refusals > 0 || this.#silentSends > 0) {
      session.windowsRepaired++;
      this.#context.counters.windowsRepaired++;
    }
    this.#dropUnsent(nowNs);
    this.#context.lastWindowAnsweredNs = nowNs;
    this.#context.emit({
      type: "windowDone",
      window: Math.floor(window.firstSection / this.#windowSections),
      rounds: 1 + this.#refusals,
      onuId: session.onuId,
    });
    this.#window = null;
    session.acceptedTci = window.baseTci + lastSectionOf(window);
    this.#nextWindow(nowNs, window.firstSection + window.sections);
  }

  #refused(message: WindowAnswer, nowNs: number): void {
    const window = this.#window!;
    const { facts } = this.#session;
    this.#refusals++;
    this.#session.sectionsLost += message.lostSections;
    const toldMissing = message.missingSections > 0;
    // An ONT that counts what it misses and misses nothing refuses the image, not the window.
    if (facts.recoveryAware && !toldMissing) return this.#outOfStep(nowNs, message.result);
    if (this.#isFruitless(toldMissing ? message.missingSections : Infinity)) {
      if (!toldMissing) return this.#outOfStep(nowNs, message.result);
      return this.#incomplete(nowNs);
    }
    const repairs = toldMissing && this.#repairsSelectively();
    if (this.#fruitless % TRIES_PER_SIZE === 0) this.#halveWindow();
    else if (repairs) return this.#repairMissing(nowNs, true);
    this.#countRepair("missing", window.sections);
    this.#afterCopies(nowNs, () => this.#begin(window.firstSection, "repair"));
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
    const number = Math.floor(this.#window!.firstSection / this.#windowSections);
    const cause = `window ${number} does not get through`;
    this.#finish({ ok: false, silent: false, incomplete: true, cause }, nowNs);
  }

  /** An ONT that always loses the same, or the end of every window, may have no room for so many sections at once: it gets fewer from now on. */
  #halveWindow(): void {
    this.#windowSections = Math.max(1, this.#windowSections >> 1);
    this.#session.windowLimit = this.#windowSections;
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
      nowNs,
      { type: "getRequest", attributeMask: MASK_IS_VALID },
      { instanceId: session.targetInstance },
      {
        onAnswer: then,
        onSilent: (atNs) => {
          if (atNs - this.#heardNs < this.#context.config.limits.returnWaitNs) return this.#afterCopies(atNs, then);
          this.#finish({ ok: false, silent: true, cause: "no answer" }, atNs);
        },
      },
    );
  }

  #repairsSelectively(): boolean {
    const { mode, recovery } = this.#context.config;
    return (
      mode === "multicast" && this.#session.facts.recoveryAware && (recovery === "selective" || recovery === "parity")
    );
  }

  /** @param isCounted the try was counted when its answer came; a silent one is counted here. */
  #repairMissing(nowNs: number, isCounted: boolean): void {
    const window = this.#window!;
    queryMissing(this.#session, window, nowNs, undefined, (answer, atNs) => {
      if (answer.kind === "silent") {
        // A bad link: asked again for as long as an ONT may be away.
        if (atNs - this.#heardNs < this.#context.config.limits.returnWaitNs)
          return this.#repairMissing(atNs, isCounted);
        return this.#finish({ ok: false, silent: true, cause: "no answer" }, atNs);
      }
      this.#heardNs = atNs;
      if (answer.kind === "accepted") return this.#accepted(atNs);
      const missingSections = answer.kind === "missing" ? answer.count : Infinity;
      if (!isCounted && this.#isFruitless(missingSections)) return this.#incomplete(atNs);
      if (answer.kind === "unaware") return this.#repeat("missing");
      const last = lastSectionOf(window);
      answer.missing[last] = true;
      const runs = missingRuns(answer.missing);
      this.#countRepair(
        "missing",
        runs.reduce((sum, run) => sum + run.count, 0),
      );
      this.#sendRuns("repair", runs);
    });
  }

  /** The whole window again with the same TCIs: the ONT can tell a repeat from a new window. */
  #repeat(reason: "missing" | "silent"): void {
    this.#countRepair(reason, this.#window!.sections);
    this.#sendAll("repair");
  }

  #handleSilence(nowNs: number): void {
    const { config, counters } = this.#context;
    const { limits } = config;
    this.#silentSends++;
    this.#doublings++;
    counters.retries++;
    if (countsAsSilent(this.#silentSends, nowNs - this.#heardNs, limits)) {
      this.#halveWindow();
      return this.#finish({ ok: false, silent: true, cause: "no answer to a window" }, nowNs);
    }
    if (this.#repairsSelectively()) return this.#repairMissing(nowNs, false);
    this.#repeat("silent");
  }

  /** The ONT cannot place what it gets: abort, so that both sides are in S1, and report (docs/reference.md, 3). */
  #outOfStep(nowNs: number, result: number): void {
    const number = Math.floor(this.#window!.firstSection / this.#windowSections);
    const cause = `window ${number} refused: ${resultName(result)} (${result})`;
    this.#finish({ ok: false, silent: false, cause }, nowNs);
  }

  #countRepair(reason: "missing" | "silent", sections: number): void {
    this.#context.counters.repairsByReason[reason] += sections;
    const window = Math.floor(this.#window!.firstSection / this.#windowSections);
    const { onuId } = this.#session;
    this.#context.emit({ type: "repair", window, reason, sections, paritySections: 0, onuId });
  }
}
