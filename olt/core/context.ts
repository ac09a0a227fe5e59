/** What the parts of one OLT share: settings, image, what waits to be sent, counters, events. */
import { type MessageSet, imageIdentity, ImageLayout, sectionDataBytes } from "../../omci/index.ts";
import { Lateness } from "../../base/clock/index.ts";
import { AnswerClock } from "./answer-clock.ts";
import { PassLedger } from "./pass-ledger.ts";
import { Outbox } from "./outbox.ts";
import { Pacer } from "./pacer.ts";
import type { ImageSource } from "../../image/index.ts";
import type { OltConfig, OltCounters, OltEvent } from "./types.ts";
import { allowanceNs } from "./late.ts";
import { INITIAL_ANSWER_NS } from "./policy.ts";

/** What the parts of one OLT share. */
export class OltContext {
  readonly config: OltConfig;
  readonly image: ImageSource;
  /** By which an ONT knows the image again (docs/extension.md, 7). */
  readonly identity: Uint8Array;
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
  readonly events: OltEvent[] = [];
  firstStartNs = -1;
  lastWindowAnsweredNs = -1;
  lastEndNs = -1;
  firstActivateNs = -1;
  lastCommitNs = -1;
  readonly #layouts = new Map<MessageSet, ImageLayout>();

  constructor(config: OltConfig, image: ImageSource) {
    const { limits } = config;
    this.config = config;
    this.image = image;
    this.identity = imageIdentity(image.crc32, image.imageBytes, image.sha256);
    this.pacer = new Pacer(config.rateBytesPerSecond);
    this.outbox = new Outbox(this.pacer, this.counters);
    this.ledger = new PassLedger((to) => this.outbox.payloadBytesTo(to));
    this.requestClock = new AnswerClock(limits.answerTimeoutMinNs, limits.answerTimeoutNs, INITIAL_ANSWER_NS);
  }

  /** How the image falls into sections for a message set; a legacy ONT gets baseline sections whatever the run asks for. */
  layout(messageSet: MessageSet): ImageLayout {
    let layout = this.#layouts.get(messageSet);
    if (!layout) {
      const bytes = messageSet === this.config.messageSet ? this.config.sectionBytes : sectionDataBytes(messageSet);
      layout = new ImageLayout(this.image.imageBytes, bytes);
      this.#layouts.set(messageSet, layout);
    }
    return layout;
  }

  /** How much longer than usual a silence has to be before it counts: nothing unless the driver told of lateness. */
  allowanceNs(nowNs: number): number {
    return allowanceNs(this.lateness.worstNs(nowNs));
  }

  emit(event: OltEvent): void {
    this.events.push(event);
  }
}
