/** When a session of the port waits no longer: looked at only after one of them began, or ceased, to wait for something. */
import type { OltContext } from "./context.ts";
import type { Session } from "./session.ts";

/** Asked after each turn; while sections go out there are thousands of turns, and hardly a session that waits. */
export class SessionDeadlines {
  readonly #context: OltContext;
  readonly #sessions: ReadonlyMap<number, Session>;
  #nextNs = Infinity;

  constructor(context: OltContext, sessions: ReadonlyMap<number, Session>) {
    this.#context = context;
    this.#sessions = sessions;
  }

  get nextNs(): number {
    const context = this.#context;
    if (!context.sessionsChanged) return this.#nextNs;
    context.sessionsChanged = false;
    let nextNs = Infinity;
    for (const session of this.#sessions.values()) nextNs = Math.min(nextNs, session.nextTimeoutNs());
    this.#nextNs = nextNs;
    return nextNs;
  }

  handleTimeout(nowNs: number): void {
    if (this.nextNs <= nowNs) for (const session of this.#sessions.values()) session.handleTimeout(nowNs);
  }
}
