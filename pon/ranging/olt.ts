/** The OLT's half of ranging, pure: who is there, who asks to be, and who gets which ONU-ID. */
import { Lateness } from "../../base/clock/index.ts";
import { ALIVE_NS, type RangingMessage } from "./message.ts";
import { OnuIds } from "./onu-ids.ts";

const MS = 1e6;
/** Silence after which the OLT takes the signal for lost. */
const SIGNAL_LOST_NS = 3500 * MS;
/** An ONT whose serial number somebody else claims is asked whether it is there, and has this long to say so. */
const PROBE_NS = 300 * MS;
/** An ONT has this long to say that it has what was assigned. */
const ASSIGNED_NS = 2000 * MS;
/** ONTs that are asked to; more are not heard before. */
const ASSIGNED_MAX = 128;
/** That much every timer is late now and then. */
const LATENESS_USUAL_NS = 20 * MS;
/** And so many times the worst lateness seen: who waits for the processor has not lost the light. */
const LATENESS_TURNS = 4;

/** Why an ONT is not ranged; each is counted. */
export type RangingRefusal = "no-onu-id-left" | "serial-in-use" | "unexpected-serial" | "too-many-at-once";

export interface OltRangingOptions<Peer> {
  /** A number that no other life of this OLT has, nor one of the next. */
  nonce: number;
  samePeer: (one: Peer, other: Peer) => boolean;
  /** Serial numbers that come first: their ONU-IDs are kept for them. */
  expected?: readonly string[];
  /** Nobody else is ranged. */
  isClosed?: boolean;
}

export interface OltRangingCallbacks<Peer> {
  send: (message: RangingMessage, peer: Peer) => void;
  /** @param message in which the ONT said that it has its ONU-ID */
  onRanged: (onuId: number, message: RangingMessage, nowNs: number) => void;
  onLinkLost: (onuId: number, nowNs: number) => void;
  /** A sign of life, or the look for them, came so much later than it was due. */
  onLate: (lateNs: number) => void;
  onRefused: (cause: RangingRefusal) => void;
}

interface RangedOnt<Peer> {
  ontNonce: number;
  oltNonce: number;
  peer: Peer;
  heardNs: number;
  /** Since when it was asked whether it is there; Infinity: it was not, or has said so. */
  probedNs: number;
  up: boolean;
}

/** An ONU-ID is assigned; that the ONT has it, it has not said yet. */
interface Assigned<Peer> {
  ontNonce: number;
  oltNonce: number;
  peer: Peer;
  sinceNs: number;
}

/** `Peer` is whatever the driver addresses an ONT by. ONU-IDs stay with their serial number while there are others left. */
export class OltRanging<Peer> {
  readonly #ids: OnuIds<RangedOnt<Peer>>;
  readonly #assigned = new Map<string, Assigned<Peer>>();
  readonly #options: OltRangingOptions<Peer>;
  readonly #expected: Set<string>;
  readonly #callbacks: OltRangingCallbacks<Peer>;
  readonly #lateness = new Lateness();
  #nonce: number;
  #checkNs = Infinity;

  constructor(options: OltRangingOptions<Peer>, callbacks: OltRangingCallbacks<Peer>) {
    this.#options = options;
    this.#nonce = options.nonce;
    this.#expected = new Set(options.expected);
    this.#ids = new OnuIds(this.#expected, (ont) => (ont.up ? Infinity : ont.heardNs));
    this.#callbacks = callbacks;
  }

  /** These may come from now on, too. */
  admit(serials: readonly string[]): void {
    for (const serial of serials) this.#expected.add(serial);
  }

  /** Where it is closed, these are not ranged any more once their signal is lost. */
  release(serials: readonly string[]): void {
    for (const serial of serials) this.#expected.delete(serial);
  }

  /** Where an ONT is, while its signal is there. */
  peerOf(onuId: number): Peer | undefined {
    const ont = this.#ids.at(onuId);
    return ont?.up ? ont.peer : undefined;
  }

  nextTimeoutNs(): number {
    return this.#checkNs;
  }

  handleTimeout(nowNs: number): void {
    if (nowNs < this.#checkNs) return;
    this.#noteLate(nowNs, nowNs - this.#checkNs);
    this.#checkNs = nowNs + ALIVE_NS;
    this.#forget(nowNs);
    const lostNs = SIGNAL_LOST_NS + this.#allowanceNs(nowNs);
    for (const [onuId, ont] of this.#ids.all())
      if (ont.up && nowNs - ont.heardNs > lostNs) this.#lose(onuId, ont, nowNs);
  }

  handle(nowNs: number, message: RangingMessage, peer: Peer): void {
    const ont = this.#ids.of(message.serial);
    switch (message.kind) {
      case "request":
        return this.#handleRequest(nowNs, message, peer, ont);
      case "alive":
        return this.#handleAlive(nowNs, message, peer, ont);
      case "signalLost":
        if (this.#isOf(ont, message, peer)) this.#lose(this.#ids.idOf(message.serial), ont, nowNs);
        return;
      case "assign":
      case "unknown":
      case "probe":
        return;
    }
  }

  /** It is what this ONT says, of the ranging that counts, from where it was then. */
  #isOf(ont: RangedOnt<Peer> | undefined, { ontNonce }: RangingMessage, peer: Peer): ont is RangedOnt<Peer> {
    return ont !== undefined && ont.up && ont.ontNonce === ontNonce && this.#options.samePeer(ont.peer, peer);
  }

  #handleRequest(nowNs: number, message: RangingMessage, peer: Peer, ont: RangedOnt<Peer> | undefined): void {
    if (this.#checkNs === Infinity) this.#checkNs = nowNs + ALIVE_NS;
    const { serial, ontNonce } = message;
    if (this.#options.isClosed === true && !this.#expected.has(serial)) return this.#refuse("unexpected-serial");
    // Sent before it heard.
    if (ont?.up && ont.ontNonce === ontNonce) return;
    if (ont?.up && !this.#options.samePeer(ont.peer, peer) && this.#mayBeThere(nowNs, message, ont))
      return this.#refuse("serial-in-use");
    const onuId = this.#assign(nowNs, serial, ontNonce, peer);
    if (onuId === undefined) return;
    const { oltNonce } = this.#assigned.get(serial)!;
    this.#callbacks.send({ ...message, kind: "assign", onuId, oltNonce }, peer);
  }

  /** Somebody else has its serial number: it is asked whether it is there. @returns false once it has not answered */
  #mayBeThere(nowNs: number, { serial }: RangingMessage, ont: RangedOnt<Peer>): boolean {
    if (nowNs - ont.probedNs > PROBE_NS + this.#allowanceNs(nowNs)) return false;
    ont.probedNs = Math.min(ont.probedNs, nowNs);
    const { ontNonce, oltNonce, peer } = ont;
    const onuId = this.#ids.idOf(serial);
    this.#callbacks.send({ kind: "probe", serial, onuId, ontNonce, oltNonce, groupFlow: 0, groupCount: 0 }, peer);
    return true;
  }

  /** Notes what a request is answered with: the same to the same. @returns the ONU-ID, unless there is none */
  #assign(nowNs: number, serial: string, ontNonce: number, peer: Peer): number | undefined {
    const before = this.#assigned.get(serial);
    if (before?.ontNonce === ontNonce && this.#options.samePeer(before.peer, peer)) return this.#ids.idOf(serial);
    this.#forget(nowNs);
    if (before === undefined && this.#assigned.size >= ASSIGNED_MAX && !this.#expected.has(serial))
      return this.#refuse("too-many-at-once");
    const onuId = this.#ids.take(serial, (other) => this.#assigned.has(other));
    if (onuId === undefined) return this.#refuse("no-onu-id-left");
    this.#nonce = (this.#nonce + 1) >>> 0;
    this.#assigned.set(serial, { ontNonce, oltNonce: this.#nonce, peer, sinceNs: nowNs });
    return onuId;
  }

  #handleAlive(nowNs: number, message: RangingMessage, peer: Peer, ont: RangedOnt<Peer> | undefined): void {
    const { serial, ontNonce } = message;
    if (this.#isOf(ont, message, peer)) return this.#heard(ont, nowNs);
    const assigned = this.#assigned.get(serial);
    const isAnswer = assigned?.ontNonce === ontNonce && assigned.oltNonce === message.oltNonce;
    if (assigned && isAnswer && this.#options.samePeer(assigned.peer, peer))
      return this.#range(nowNs, message, assigned, ont);
    if (this.#options.isClosed === true && !this.#expected.has(serial)) return this.#refuse("unexpected-serial");
    this.#callbacks.send({ ...message, kind: "unknown" }, peer);
  }

  #range(
    nowNs: number,
    message: RangingMessage,
    { ontNonce, oltNonce, peer }: Assigned<Peer>,
    before?: RangedOnt<Peer>,
  ): void {
    const onuId = this.#ids.idOf(message.serial);
    this.#assigned.delete(message.serial);
    // Another life than before: the link was lost.
    if (before?.up) this.#lose(onuId, before, nowNs);
    this.#ids.keep(message.serial, { ontNonce, oltNonce, peer, heardNs: nowNs, probedNs: Infinity, up: true });
    this.#callbacks.onRanged(onuId, message, nowNs);
  }

  /** An ONT says once a second that it is there: what is beyond that is how late it runs, or we. */
  #heard(ont: RangedOnt<Peer>, nowNs: number): void {
    this.#noteLate(nowNs, nowNs - ont.heardNs - ALIVE_NS);
    ont.heardNs = nowNs;
    ont.probedNs = Infinity;
  }

  /** Who does not say that he has what was assigned has lost it. */
  #forget(nowNs: number): void {
    const allowedNs = ASSIGNED_NS + this.#allowanceNs(nowNs);
    for (const [serial, { sinceNs }] of this.#assigned) {
      if (nowNs - sinceNs <= allowedNs) continue;
      this.#assigned.delete(serial);
      this.#ids.giveBack(serial);
    }
  }

  #allowanceNs(nowNs: number): number {
    return LATENESS_TURNS * this.#lateness.worstNs(nowNs);
  }

  #noteLate(nowNs: number, lateNs: number): void {
    if (lateNs <= LATENESS_USUAL_NS) return;
    this.#lateness.note(nowNs, lateNs);
    this.#callbacks.onLate(lateNs);
  }

  #lose(onuId: number, ont: RangedOnt<Peer>, nowNs: number): void {
    ont.up = false;
    this.#callbacks.onLinkLost(onuId, nowNs);
  }

  #refuse(cause: RangingRefusal): undefined {
    this.#callbacks.onRefused(cause);
    return undefined;
  }
}
