/** ONTs that join a group in its middle: each gets its own Start, then waits for the next window to begin. */
import { type MessageSet, RESULT } from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import { JOIN_TRIES_MAX } from "./policy.ts";
import type { Session } from "./session.ts";
import { noteStart, startRequest } from "./start-software-download.ts";

export class Joiners {
  readonly #context: OltContext;
  readonly #onRefused: (session: Session, nowNs: number) => void;
  /** Their Start is under way. */
  readonly #starting = new Set<Session>();
  /** Their Start was answered; how often they were told a place without an answer. */
  readonly #ready = new Map<Session, number>();

  /** @param onRefused it cannot join: it did not answer, or takes no such windows */
  constructor(context: OltContext, onRefused: (session: Session, nowNs: number) => void) {
    this.#context = context;
    this.#onRefused = onRefused;
  }

  /** All of them, wherever they stand. */
  get all(): Session[] {
    return [...this.#starting, ...this.#ready.keys()];
  }

  /** Those who can be told a place. */
  get ready(): Session[] {
    return [...this.#ready.keys()];
  }

  /** @param windowSections of the group: who grants less cannot follow it */
  add(session: Session, messageSet: MessageSet, windowSections: number, nowNs: number): void {
    this.#starting.add(session);
    noteStart(this.#context, session, messageSet, nowNs);
    const head = { instanceId: session.targetInstance };
    session.request(startRequest(session, windowSections), head, {
      onSilent: (atNs) => this.#refuse(session, atNs),
      onAnswer: (message, atNs) => {
        const isGood =
          message.type === "startDownloadResponse" &&
          message.result === RESULT.ok &&
          message.windowSections >= windowSections;
        if (!isGood) return this.#refuse(session, atNs);
        if (this.#starting.delete(session)) this.#ready.set(session, 0);
      },
    });
  }

  /** It is a member now, or gone. */
  forget(session: Session): void {
    this.#starting.delete(session);
    this.#ready.delete(session);
  }

  /** It did not say that it knows its place. */
  notTold(session: Session, nowNs: number): void {
    const tries = (this.#ready.get(session) ?? JOIN_TRIES_MAX) + 1;
    if (tries >= JOIN_TRIES_MAX) this.#refuse(session, nowNs);
    else this.#ready.set(session, tries);
  }

  #refuse(session: Session, nowNs: number): void {
    this.forget(session);
    this.#onRefused(session, nowNs);
  }
}
