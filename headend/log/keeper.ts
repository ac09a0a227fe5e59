/** Sees to it that what a core has decided is on the disk before anybody is answered by it. */
import type { EventLog } from "./event-log.ts";

export class EventKeeper<Event, Snapshot> {
  readonly #core: { pollEvent(): Event | undefined };
  readonly #log: EventLog<Event, Snapshot>;
  readonly #onKept: (event: Event) => void;
  #count = 0;

  /** @param onKept hears of each event once, in order */
  constructor(
    core: { pollEvent(): Event | undefined },
    log: EventLog<Event, Snapshot>,
    onKept: (event: Event) => void,
  ) {
    this.#core = core;
    this.#log = log;
    this.#onKept = onKept;
  }

  /** Since it was made. */
  get count(): number {
    return this.#count;
  }

  /**
   * To be called in the same turn in which the core decided. Who has nothing of his own to keep may have been answered by what another's
   * request led to: he waits for that.
   *
   * @throws system errors, a full disk for example
   */
  async keep(): Promise<void> {
    const events: Event[] = [];
    for (let event = this.#core.pollEvent(); event !== undefined; event = this.#core.pollEvent()) events.push(event);
    await this.#log.append(events);
    this.#count += events.length;
    for (const event of events) this.#onKept(event);
  }
}
