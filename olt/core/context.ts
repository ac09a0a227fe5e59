/** What the parts of one OLT share: settings, image, what waits to be sent, counters, events. */
import { Lateness } from "../../base/clock/index.ts";
import { AnswerClock } from "./answer-clock.ts";
import { PassLedger } from "./pass-ledger.ts";
import { Outbox } from "./outbox.ts";
import { Pacer } from "./pacer.ts";
import type { ImageSource } from "../../image/index.ts";
import { Payload } from "./payload.ts";
import type { OltConfig, OltCounters, OltEvent } from "./types.ts";
import { allowanceNs, latePauseNs } from "./late.ts";
import { INITIAL_ANSWER_NS } from "./policy.ts";

/** What the parts of one OLT share. */
export class OltContext {
  readonly config: OltConfig;
  /** What may be sent: first the image that all are to run. */
  readonly payloads: readonly Payload[];
  readonly pacer: Pacer;
  readonly outbox: Outbox;
  readonly counters: OltCounters = {
    sections: 0,
    repairSections: 0,
    paritySections: 0,
    sectionPayloadBytes: 0,
    windows: 0,
    windowsRepaired: 0,
    polls: 0,
    retries: 0,
  };
  /** Answer time of single requests, all ONTs together. */
  readonly requestClock: AnswerClock;
  readonly ledger: PassLedger;
  /** How late the machine runs that ONTs and OLT live on, as far as the driver tells. */
  readonly lateness = new Lateness();
  /** ONU-IDs of sessions that wait for something else than before: when they are due has to be looked at again. */
  readonly changedSessions = new Set<number>();
  readonly #events: OltEvent[] = [];
  #reported = 0;
  firstStartNs = -1;
  lastWindowAnsweredNs = -1;
  lastEndNs = -1;
  firstActivateNs = -1;
  lastCommitNs = -1;

  constructor(config: OltConfig, images: readonly ImageSource[]) {
    const { limits } = config;
    this.config = config;
    this.payloads = images.map((image, index) => new Payload(index, image, config));
    this.pacer = new Pacer(config.rateBytesPerSecond);
    this.outbox = new Outbox(this.pacer, this.counters);
    this.ledger = new PassLedger((to) => this.outbox.payloadBytesTo(to));
    this.requestClock = new AnswerClock(limits.answerTimeoutMinNs, limits.answerTimeoutNs, INITIAL_ANSWER_NS);
  }

  /** The image that all are to run; what it says of itself holds for every payload, but for sizes and sums. */
  get image(): ImageSource {
    return this.payloads[0].image;
  }

  /** How much longer than usual a silence has to be before it counts: nothing unless the driver told of lateness. */
  allowanceNs(nowNs: number): number {
    return allowanceNs(this.lateness.worstNs(nowNs));
  }

  /** How long any answer is waited for at least: 0 unless the driver told of lateness. */
  latePauseNs(nowNs: number): number {
    return latePauseNs(this.lateness.worstNs(nowNs));
  }

  emit(event: OltEvent): void {
    this.#events.push(event);
  }

  /** The next one that nobody was told of. */
  takeEvent(): OltEvent | undefined {
    if (this.#reported < this.#events.length) return this.#events[this.#reported++];
    this.#events.length = 0;
    this.#reported = 0;
    return undefined;
  }
}
