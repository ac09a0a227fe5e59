/** The beginning of a group: Start to each member, until all have granted the same window. */
import { RESULT, resultName, type MessageSet } from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import { askWhy } from "./refusal.ts";
import type { Session } from "./session.ts";
import { noteStart, startRequest } from "./start-software-download.ts";

/** Why an ONT takes no part in the group's download. */
export interface StartFailure {
  kind: "straggler" | "refused" | "silent";
  cause: string;
}

export interface GroupStartCallbacks {
  onFailed: (session: Session, failure: StartFailure, nowNs: number) => void;
  /** All have answered or failed; the window that those who are left have granted. */
  onReady: (windowSections: number, nowNs: number) => void;
}

/**
 * Start software download to all members of a group, each on its own OMCC. The group's window is the smallest that one of
 * them grants; who granted more gets Start again with that size, until all have granted the same.
 */
export class GroupStart {
  readonly #context: OltContext;
  readonly #messageSet: MessageSet;
  readonly #startTci: number;
  readonly #callbacks: GroupStartCallbacks;
  /** Sections granted, of those who have answered and not failed. */
  readonly #granted = new Map<Session, number>();
  /** Whose Start is under way. */
  readonly #starting = new Set<Session>();
  #windowSections: number;

  /** @param startTci TCI that all Starts carry; the windows' TCIs follow it (chain rule). */
  constructor(context: OltContext, messageSet: MessageSet, startTci: number, callbacks: GroupStartCallbacks) {
    this.#context = context;
    this.#messageSet = messageSet;
    this.#startTci = startTci;
    this.#callbacks = callbacks;
    this.#windowSections = context.config.windowSections;
  }

  get isUnderWay(): boolean {
    return this.#starting.size > 0;
  }

  /** @param sessions one at least */
  begin(sessions: readonly Session[], nowNs: number): void {
    for (const session of sessions) this.#starting.add(session);
    for (const session of sessions) {
      noteStart(this.#context, session, this.#messageSet, nowNs);
      this.#send(session);
    }
  }

  /** An ONT is gone: its answer is not waited for. */
  forget(session: Session, nowNs: number): void {
    this.#granted.delete(session);
    this.#settled(session, nowNs);
  }

  #send(session: Session): void {
    const windowSections = this.#windowSections;
    const body = startRequest(session, windowSections);
    const header = { instanceId: session.targetInstance, tci: this.#startTci };
    session.request(body, header, {
      onSilent: (atNs) => this.#fail(session, { kind: "silent", cause: "no answer to Start" }, atNs),
      onAnswer: (message, atNs) => {
        if (message.type !== "startDownloadResponse") return;
        const { result } = message;
        if (result === RESULT.ok) {
          this.#granted.set(session, Math.min(message.windowSections, windowSections));
          this.#settled(session, atNs);
        } else {
          const kind = result === RESULT.deviceBusy ? "straggler" : "refused";
          const cause = `Start refused: ${resultName(result)} (${result})`;
          // Who is busy goes alone, and is asked there in the end.
          if (kind === "straggler") return this.#fail(session, { kind, cause }, atNs);
          askWhy(session, cause, atNs, (told, toldNs) => this.#fail(session, { kind, cause: told }, toldNs));
        }
      },
    });
  }

  #fail(session: Session, failure: StartFailure, nowNs: number): void {
    this.#callbacks.onFailed(session, failure, nowNs);
    this.forget(session, nowNs);
  }

  #settled(session: Session, nowNs: number): void {
    if (this.#starting.delete(session) && this.#starting.size === 0) this.#settle(nowNs);
  }

  #settle(nowNs: number): void {
    const smallest = Math.min(this.#windowSections, ...this.#granted.values());
    const again = [...this.#granted].filter(([, sections]) => sections > smallest).map(([session]) => session);
    this.#windowSections = smallest;
    if (again.length === 0) return this.#callbacks.onReady(smallest, nowNs);
    for (const session of again) this.#starting.add(session);
    for (const session of again) this.#send(session);
  }
}
