/** Whether all ONTs of a port have come to their end: asked at each step, and until then one that has not is answer enough. */
import type { Session } from "./session.ts";

export class AllEnded {
  readonly #sessions: ReadonlyMap<number, Session>;
  /** Whoever has the image stored is still to be activated. */
  readonly #activate: boolean;
  /** One that had not ended when all were looked at. */
  #undone: Session | undefined;

  constructor(sessions: ReadonlyMap<number, Session>, activate: boolean) {
    this.#sessions = sessions;
    this.#activate = activate;
  }

  get isSo(): boolean {
    const before = this.#undone;
    // Another may have its ONU-ID since.
    if (before !== undefined && this.#sessions.get(before.onuId) === before && !this.#isEnded(before)) return false;
    this.#undone = undefined;
    for (const session of this.#sessions.values()) {
      if (this.#isEnded(session)) continue;
      this.#undone = session;
      return false;
    }
    return true;
  }

  #isEnded(session: Session): boolean {
    return session.is("isSettled") || (session.phase === "stored" && !this.#activate);
  }
}
