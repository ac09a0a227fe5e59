/**
 * Ranging, the stand-in for PLOAM: an ONT announces its serial number until the OLT assigns an ONU-ID, again after each
 * restart. Both sides carry a number of their own life (nonce), so that a restarted ONT and a new OLT are noticed. While
 * it is up an ONT says so once a second; a loss of signal is said at once, as an OLT sees it at once.
 */
import { Lateness } from "../base/clock/index.ts";
import { messageCodec, type ProtoEnum, type ProtoMessage } from "../base/protobuf/index.ts";
import { RANGING } from "./ranging.pb.ts";

/** First bytes of a ranging datagram; no GEM header and no OMCI frame begins like this. */
const MARK = Uint8Array.from(Buffer.from("PONR", "latin1"));

export type RangingKind = ProtoEnum<typeof RANGING, "Ranging.Kind">;
/** `ontNonce` and `oltNonce` are numbers of the ONT's present life and of the OLT's. */
export type RangingMessage = Required<ProtoMessage<typeof RANGING, "Ranging">>;

const MESSAGE = messageCodec(RANGING, "Ranging");
/** What absent fields read as. */
const ABSENT: RangingMessage = { kind: "request", serial: "", onuId: 0, ontNonce: 0, oltNonce: 0 };

export function encodeRanging(message: RangingMessage): Uint8Array {
  return Uint8Array.from([...MARK, ...MESSAGE.encode(message)]);
}

/** @returns undefined for anything that is no ranging message, or one of a kind that is not known. */
export function decodeRanging(bytes: Uint8Array): RangingMessage | undefined {
  if (bytes.length < MARK.length || !MARK.every((byte, at) => byte === bytes[at])) return undefined;
  try {
    const message = { ...ABSENT, ...MESSAGE.decode(bytes.subarray(MARK.length)) };
    const isKnown = (message.kind as RangingKind | undefined) !== undefined;
    return isKnown ? message : undefined;
  } catch {
    return undefined;
  }
}

const MS = 1e6;
/** An ONT asks again after this, twice as long each time up to the most. */
const REQUEST_FIRST_NS = 50 * MS;
const REQUEST_MOST_NS = 1000 * MS;
const ALIVE_NS = 1000 * MS;
/** Silence after which the OLT takes the signal for lost. */
const SIGNAL_LOST_NS = 3500 * MS;
/** That much every timer is late now and then. */
const LATENESS_USUAL_NS = 20 * MS;
/** And so many times the worst lateness seen: who waits for the processor has not lost the light. */
const LATENESS_TURNS = 4;

export type RangingSend = (message: RangingMessage) => void;

/** The ONT's half, pure: the driver sends what it is handed and calls it at its deadline. */
export class OntRanging {
  readonly serial: string;
  onuId = -1;
  #nonce = 0;
  #oltNonce = 0;
  #state: "down" | "asking" | "up" = "down";
  #pauseNs = REQUEST_FIRST_NS;
  #deadlineNs = Infinity;
  readonly #send: RangingSend;
  readonly #onRanged: (onuId: number, nowNs: number) => void;

  constructor(serial: string, send: RangingSend, onRanged: (onuId: number, nowNs: number) => void) {
    this.serial = serial;
    this.#send = send;
    this.#onRanged = onRanged;
  }

  /** The ONT has booted. @param nonce a number that no other life of this ONT has. */
  begin(nowNs: number, nonce: number): void {
    this.#nonce = nonce;
    this.#ask(nowNs);
  }

  /** Restart or power-off: the signal goes. */
  end(): void {
    if (this.#state !== "down") this.#tell("signalLost");
    this.#state = "down";
    this.onuId = -1;
    this.#deadlineNs = Infinity;
  }

  nextTimeoutNs(): number {
    return this.#deadlineNs;
  }

  handleTimeout(nowNs: number): void {
    if (nowNs < this.#deadlineNs) return;
    if (this.#state === "up") {
      this.#tell("alive");
      this.#deadlineNs = nowNs + ALIVE_NS;
    } else {
      this.#tell("request");
      this.#pauseNs = Math.min(REQUEST_MOST_NS, 2 * this.#pauseNs);
      this.#deadlineNs = nowNs + this.#pauseNs;
    }
  }

  handle(nowNs: number, message: RangingMessage): void {
    if (message.serial !== this.serial || message.ontNonce !== this.#nonce || this.#state === "down") return;
    // An OLT that does not know this ONT is a new one: the ranging it had is void.
    if (message.kind === "unknown") return this.#ask(nowNs);
    if (message.kind !== "assign") return;
    if (this.#state === "up" && message.oltNonce === this.#oltNonce) return;
    this.#state = "up";
    this.#oltNonce = message.oltNonce;
    this.onuId = message.onuId;
    this.#deadlineNs = nowNs + ALIVE_NS;
    this.#onRanged(message.onuId, nowNs);
  }

  #ask(nowNs: number): void {
    this.#state = "asking";
    this.onuId = -1;
    this.#pauseNs = REQUEST_FIRST_NS;
    this.#tell("request");
    this.#deadlineNs = nowNs + this.#pauseNs;
  }

  #tell(kind: RangingKind): void {
    const onuId = Math.max(0, this.onuId);
    this.#send({
      kind,
      serial: this.serial,
      onuId,
      ontNonce: this.#nonce,
      oltNonce: this.#oltNonce,
    });
  }
}

/** Most ONU-IDs of one port (G-PON). */
export const ONTS_MAX = 128;

interface KnownOnt<Peer> {
  onuId: number;
  ontNonce: number;
  peer: Peer;
  heardNs: number;
  up: boolean;
}

export interface OltRangingCallbacks<Peer> {
  send: (message: RangingMessage, peer: Peer) => void;
  onRanged: (onuId: number, serial: string, nowNs: number) => void;
  onLinkLost: (onuId: number, nowNs: number) => void;
  /** A sign of life, or the look for them, came so much later than it was due. */
  onLate: (lateNs: number) => void;
  /** More ONTs than a port has ONU-IDs. */
  onRefused: (serial: string) => void;
}

/** The OLT's half, pure. `Peer` is whatever the driver addresses an ONT by. ONU-IDs stay with their serial number. */
export class OltRanging<Peer> {
  readonly #nonce: number;
  readonly #known = new Map<string, KnownOnt<Peer>>();
  readonly #byOnuId: (KnownOnt<Peer> | undefined)[] = [];
  readonly #callbacks: OltRangingCallbacks<Peer>;
  readonly #lateness = new Lateness();
  #checkNs = Infinity;

  /** @param nonce a number that no other life of this OLT has. */
  constructor(nonce: number, callbacks: OltRangingCallbacks<Peer>) {
    this.#nonce = nonce;
    this.#callbacks = callbacks;
  }

  /** Where an ONT is, while its signal is there. */
  peerOf(onuId: number): Peer | undefined {
    const ont = this.#byOnuId[onuId];
    return ont?.up ? ont.peer : undefined;
  }

  nextTimeoutNs(): number {
    return this.#checkNs;
  }

  handleTimeout(nowNs: number): void {
    if (nowNs < this.#checkNs) return;
    this.#noteLate(nowNs, nowNs - this.#checkNs);
    this.#checkNs = nowNs + ALIVE_NS;
    const lostNs = SIGNAL_LOST_NS + LATENESS_TURNS * this.#lateness.worstNs(nowNs);
    for (const ont of this.#known.values()) {
      if (ont.up && nowNs - ont.heardNs > lostNs) this.#lose(ont, nowNs);
    }
  }

  handle(nowNs: number, message: RangingMessage, peer: Peer): void {
    const ont = this.#known.get(message.serial);
    switch (message.kind) {
      case "request":
        return this.#handleRequest(nowNs, message, peer, ont);
      case "alive":
        if (ont?.up && ont.ontNonce === message.ontNonce) this.#heard(ont, nowNs);
        else this.#callbacks.send({ ...message, kind: "unknown", oltNonce: this.#nonce }, peer);
        return;
      case "signalLost":
        if (ont?.up && ont.ontNonce === message.ontNonce) this.#lose(ont, nowNs);
        return;
      case "assign":
      case "unknown":
        return;
    }
  }

  #handleRequest(nowNs: number, message: RangingMessage, peer: Peer, known: KnownOnt<Peer> | undefined): void {
    if (this.#checkNs === Infinity) this.#checkNs = nowNs + ALIVE_NS;
    const ont = known ?? this.#admit(message.serial, peer);
    if (!ont) return this.#callbacks.onRefused(message.serial);
    const repeated = ont.up && ont.ontNonce === message.ontNonce;
    if (!repeated && ont.up) this.#lose(ont, nowNs);
    ont.peer = peer;
    ont.heardNs = nowNs;
    ont.ontNonce = message.ontNonce;
    ont.up = true;
    this.#callbacks.send({ ...message, kind: "assign", onuId: ont.onuId, oltNonce: this.#nonce }, peer);
    if (!repeated) this.#callbacks.onRanged(ont.onuId, message.serial, nowNs);
  }

  /** An ONT says once a second that it is there: what is beyond that is how late it runs, or we. */
  #heard(ont: KnownOnt<Peer>, nowNs: number): void {
    this.#noteLate(nowNs, nowNs - ont.heardNs - ALIVE_NS);
    ont.heardNs = nowNs;
  }

  #noteLate(nowNs: number, lateNs: number): void {
    if (lateNs <= LATENESS_USUAL_NS) return;
    this.#lateness.note(nowNs, lateNs);
    this.#callbacks.onLate(lateNs);
  }

  #admit(serial: string, peer: Peer): KnownOnt<Peer> | undefined {
    if (this.#known.size >= ONTS_MAX) return undefined;
    const ont: KnownOnt<Peer> = {
      onuId: this.#known.size,
      ontNonce: 0,
      peer,
      heardNs: 0,
      up: false,
    };
    this.#known.set(serial, ont);
    this.#byOnuId[ont.onuId] = ont;
    return ont;
  }

  #lose(ont: KnownOnt<Peer>, nowNs: number): void {
    ont.up = false;
    this.#callbacks.onLinkLost(ont.onuId, nowNs);
  }
}
