/** Those that are served alone: who waits, and a bounded number at a time under way. */
import type { Waiting } from "./catch-up.ts";
import type { OltContext } from "./context.ts";
import type { Outcome } from "./end-software-download.ts";
import { findPlace } from "./find-place.ts";
import type { LedgerEntry } from "./pass-ledger.ts";
import type { Session } from "./session.ts";
import { UnicastDownload } from "./unicast-download.ts";
import { lastSectionOf, type WindowInFlight } from "./window-jobs.ts";

/** How far a download came before it failed. */
export interface Reached {
  progressed: boolean;
  window: WindowInFlight | null;
  /** It failed on the way; else at End, where all of a group may fail together. */
  alone: boolean;
}

export class SingleDownloads {
  readonly #context: OltContext;
  readonly #done: (session: Session, outcome: Outcome, reached: Reached, nowNs: number) => void;
  #queue: Waiting[] = [];
  /** Under way, by ONU-ID. */
  readonly #underWay = new Map<number, LedgerEntry>();

  /** @param done one is over; it is not under way any more */
  constructor(
    context: OltContext,
    done: (session: Session, outcome: Outcome, reached: Reached, nowNs: number) => void,
  ) {
    this.#context = context;
    this.#done = done;
  }

  /** Nobody waits, none is under way. */
  get isIdle(): boolean {
    return this.#queue.length === 0 && !this.isUnderWay;
  }

  get isUnderWay(): boolean {
    return this.#underWay.size > 0;
  }

  /** It waits for its turn. */
  add(...waiting: readonly Waiting[]): void {
    this.#queue.push(...waiting);
  }

  /** Begins as many as may be under way. */
  pump(nowNs: number): void {
    while (this.#queue.length > 0 && this.#underWay.size < this.#context.config.concurrency) {
      const waiting = this.#queue.shift()!;
      const { onuId, payload } = waiting.session;
      this.#underWay.set(onuId, this.#context.ledger.open({ why: "alone", payload }, [onuId], nowNs));
      this.#start(waiting, nowNs);
    }
  }

  /** The ONT is gone. @returns whether it was under way */
  remove(session: Session, nowNs: number): boolean {
    this.#queue = this.#queue.filter((waiting) => waiting.session !== session);
    return this.#end(session, nowNs);
  }

  #start({ session, left }: Waiting, nowNs: number): void {
    const download = new UnicastDownload(this.#context, session, (outcome, atNs) => {
      const progressed = session.progress.cameFurther();
      this.#end(session, atNs);
      this.#done(session, outcome, { progressed, window: download.window, alone: true }, atNs);
    });
    if (!left) return download.start(nowNs);
    findPlace(this.#context, session, left, nowNs, (section, atNs) => {
      if (section < 0) download.start(atNs);
      else download.resume(atNs, section, Math.min(lastSectionOf(left) + 1, this.#context.config.windowSections));
    });
  }

  #end({ onuId }: Session, nowNs: number): boolean {
    this.#underWay.get(onuId)?.close(nowNs);
    return this.#underWay.delete(onuId);
  }
}
