/** The download of one ONT alone: Start, then its windows one after the other. */
import type { OltContext } from "./context.ts";
import { messageSetFor } from "./eligibility.ts";
import { type Outcome, requestUntilNotBusy } from "./end-software-download.ts";
import { lacksOf, noteHeld, type SectionStretch, tellPlace } from "./held.ts";
import type { Session } from "./session.ts";
import { noteStart, startRequest } from "./start-software-download.ts";
import { UnicastWindow, WindowPace } from "./unicast-window.ts";
import type { WindowInFlight } from "./window-jobs.ts";

/**
 * As G.988 9.1.4 and I.3 have it: windows of sections, the last one acknowledged; a refused window is sent again from
 * section 0 with new TCIs, an unanswered one with the same TCIs. In multicast mode an ONT that knows the recovery ME gets
 * only what it misses.
 */
export class UnicastDownload {
  readonly #context: OltContext;
  readonly #session: Session;
  readonly #done: (outcome: Outcome, nowNs: number) => void;
  #window: UnicastWindow | null = null;

  constructor(context: OltContext, session: Session, done: (outcome: Outcome, nowNs: number) => void) {
    this.#context = context;
    this.#session = session;
    this.#done = done;
  }

  /** The window under way, for going on at it later. */
  get window(): WindowInFlight | null {
    return this.#window?.inFlight ?? null;
  }

  /** From the beginning, with a Start. */
  start(nowNs: number): void {
    const session = this.#session;
    const { config } = this.#context;
    noteStart(this.#context, session, messageSetFor(config, session.facts), nowNs);
    const windowSections = Math.min(config.windowSections, session.progress.windowLimit);
    let granted = 1;
    requestUntilNotBusy(
      this.#context,
      session,
      nowNs,
      "Start",
      startRequest(session, windowSections),
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
    const pace = new WindowPace(this.#context, this.#session, windowSections);
    this.#session.enter({
      phase: "downloading",
      onWindowAnswer: (message, atNs) => this.#window?.handleAnswer(message, atNs),
    });
    this.#nextWindow(pace, firstSection, nowNs);
  }

  /** @param firstSection the one that the ONT takes the next window for */
  #nextWindow(pace: WindowPace, firstSection: number, nowNs: number): void {
    const { sectionBytes, sectionsTotal } = this.#session.payload.layout(this.#session.messageSet);
    const session = this.#session;
    this.#window = null;
    if (!session.facts.canPlace) {
      session.progress.reach(Math.min(firstSection * sectionBytes, session.payload.imageBytes));
      if (firstSection >= sectionsTotal) return this.#finish({ ok: true }, nowNs);
      return this.#sendWindow(pace, { from: firstSection, to: sectionsTotal }, nowNs);
    }
    const [lack] = lacksOf(session, session.messageSet);
    if (lack === undefined) return this.#finish({ ok: true }, nowNs);
    if (lack.from === firstSection) return this.#sendWindow(pace, lack, nowNs);
    // No chain of TCIs leads through a download that is served alone: base 0.
    tellPlace(session, { baseTci: 0, offsetBytes: lack.from * sectionBytes }, false, (told, atNs) => {
      if (told) this.#sendWindow(pace, lack, atNs);
      else this.#finish({ ok: false, silent: true, cause: "did not take its place in the image" }, atNs);
    });
  }

  #sendWindow(pace: WindowPace, place: SectionStretch, nowNs: number): void {
    const window = new UnicastWindow(this.#context, pace, place, nowNs, (outcome, atNs) => {
      const { sections } = window.inFlight;
      if (!outcome.ok) return this.#finish(outcome, atNs);
      noteHeld(this.#session, place.from, sections);
      this.#nextWindow(pace, place.from + sections, atNs);
    });
    this.#window = window;
  }

  #finish(outcome: Outcome, nowNs: number): void {
    this.#session.cancelWait();
    this.#context.outbox.drop(this.#session.onuId, nowNs);
    this.#done(outcome, nowNs);
  }
}
