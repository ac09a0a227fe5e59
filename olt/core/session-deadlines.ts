/** When a session of the port waits no longer: of each only looked at after it began, or ceased, to wait for something. */
import type { OltContext } from "./context.ts";
import type { Session } from "./session.ts";

/** ONU-IDs that there is room for at first; a power of two. */
const ONU_IDS = 128;

/** Asked after each turn, and in most turns one session of 128 waits for something else than before. */
export class SessionDeadlines {
  readonly #context: OltContext;
  readonly #sessions: ReadonlyMap<number, Session>;
  /** The second half is when each session is due, by ONU-ID; each place before is the earlier of the two at twice its number. */
  #dueNs = new Float64Array(2 * ONU_IDS).fill(Infinity);

  constructor(context: OltContext, sessions: ReadonlyMap<number, Session>) {
    this.#context = context;
    this.#sessions = sessions;
  }

  get nextNs(): number {
    const { changedSessions } = this.#context;
    if (changedSessions.size > 0) {
      for (const onuId of changedSessions) this.#look(onuId);
      changedSessions.clear();
    }
    return this.#dueNs[1];
  }

  handleTimeout(nowNs: number): void {
    if (this.nextNs <= nowNs) for (const session of this.#sessions.values()) session.handleTimeout(nowNs);
  }

  #look(onuId: number): void {
    while (2 * onuId >= this.#dueNs.length) this.#grow();
    const dueNs = this.#dueNs;
    let place = dueNs.length / 2 + onuId;
    dueNs[place] = this.#sessions.get(onuId)?.nextTimeoutNs() ?? Infinity;
    while (place > 1) {
      const earlierNs = Math.min(dueNs[place], dueNs[place ^ 1]);
      place >>= 1;
      if (dueNs[place] === earlierNs) return;
      dueNs[place] = earlierNs;
    }
  }

  #grow(): void {
    this.#dueNs = new Float64Array(2 * this.#dueNs.length).fill(Infinity);
    for (const onuId of this.#sessions.keys()) if (2 * onuId < this.#dueNs.length) this.#look(onuId);
  }
}
