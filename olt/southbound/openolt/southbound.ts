/** The OLT's way to ONUs behind an OpenOLT server: frame by frame, the server takes them one by one. */
import { encodeSection, type SectionSpan, PDU_BYTES_MAX } from "../../../omci/index.ts";
import type { CapturedFrame } from "../../../pon/capture/index.ts";
import { isSerial, type LinkTraffic, newTraffic, ONTS_MAX } from "../../../pon/index.ts";
import { BROADCAST } from "../../../pon/types.ts";
import { LAST_TCI, type LastWord } from "../last-words.ts";
import { NOBODY, type RealTimeSouthbound, type SouthboundHandlers } from "../southbound.ts";
import { OpenOltClient } from "./client.ts";

/** On their way to the server at once: it takes frames one by one, and a long queue only makes answers late. */
const BYTES_UNDER_WAY_MAX = 6 * 1024;
/** An ONU of which the server takes nothing for so long does not count among those that share this. */
const STALLED_NS = 200_000_000;
/** Last words are waited for as any answer (VOLTHA), once. */
const LAST_ANSWER_MS = 3000;
/** PON interfaces of one server; more announcements than these and ONTS_MAX on each are not ONUs. */
const INTERFACES_MAX = 16;

/** One ONU behind the server; its place in the list is its number at the OLT core, too. */
export interface OpenOltOnu {
  readonly number: number;
  readonly intfId: number;
  /** ONU-ID that we gave it, unique on its PON interface. */
  readonly onuId: number;
  readonly serial: string;
  isUp: boolean;
  /** Why the server does not bring it up, else empty. */
  refusal: string;
}

export interface OpenOltWay {
  /** host:port */
  address: string;
  /** Nanoseconds since the start of the run. */
  nowNs: () => number;
  /** Sees every frame, as the server takes and gives it: without trailer. */
  onFrame: ((frame: CapturedFrame) => void) | undefined;
  /** The server is gone, or cannot do what is needed; one line. */
  onEnd: (cause: string) => void;
}

/** That interface has no multicast. An ONU that restarts is discovered again, and gets the ONU-ID it had. */
export class OpenOltSouthbound implements RealTimeSouthbound {
  readonly name = "OLT behind OpenOLT";
  handlers: SouthboundHandlers = NOBODY;
  readonly onus: OpenOltOnu[] = [];
  readonly downstream = newTraffic();
  readonly upstream = newTraffic();
  readonly #nowNs: () => number;
  readonly #onFrame: OpenOltWay["onFrame"];
  readonly #client: OpenOltClient;
  readonly #bySerial = new Map<string, OpenOltOnu>();
  /** ONUs of each PON interface. */
  readonly #byInterface = new Map<number, OpenOltOnu[]>();
  /** Those that have not answered the last words yet, once they are said. */
  #unanswered: Set<OpenOltOnu> | undefined;
  #onAnswered: () => void = () => undefined;
  readonly #pdu = new Uint8Array(PDU_BYTES_MAX);
  /** By ONU: bytes on their way, and since when the server has taken none of them. */
  readonly #underWay = new Map<OpenOltOnu, { bytes: number; sinceNs: number }>();

  constructor({ address, nowNs, onFrame, onEnd }: OpenOltWay) {
    this.#nowNs = nowNs;
    this.#onFrame = onFrame;
    this.#client = new OpenOltClient(address, {
      onDiscovered: (intfId, serial, serialNumber) => {
        const onu = this.#onuOf(intfId, serial);
        if (typeof onu === "string") return this.handlers.onDropped(BROADCAST, onu);
        // It was up before: it has restarted, and nobody said so.
        if (onu.isUp) this.#linkLost(onu);
        this.#client.activate(intfId, onu.onuId, serialNumber);
      },
      onRefused: (intfId, serial, cause) => {
        const onu = this.#bySerial.get(keyOf(intfId, serial));
        if (onu) onu.refusal = cause;
      },
      onOnu: (intfId, onuId, isUp) => {
        const onu = this.#find(intfId, onuId);
        if (onu === undefined) return;
        if (!isUp) return this.#linkLost(onu);
        // Said twice. A restart is told by a discovery or by "down" before it.
        if (onu.isUp) return;
        onu.isUp = true;
        onu.refusal = "";
        this.handlers.onRanged(onu.number, onu.serial);
        this.handlers.onDue();
      },
      onOmci: (intfId, onuId, pdu) => this.#receive(intfId, onuId, pdu),
      onDropped: (cause) => this.handlers.onDropped(BROADCAST, cause),
      onUnable: onEnd,
      onEnd,
    });
  }

  /** Connects. @throws Error in one line when nobody answers */
  start(): Promise<void> {
    return this.#client.start();
  }

  /** Handlers are called no more; what comes is looked at for answers to the last words. */
  async leave(words: readonly LastWord[]): Promise<void> {
    if (this.#unanswered !== undefined) return this.#client.leave();
    const asked = words.flatMap(({ onuId, pdu }) => {
      const onu = this.onus[onuId];
      return onu?.isUp === true ? [{ onu, pdu }] : [];
    });
    this.#unanswered = new Set(asked.map(({ onu }) => onu));
    for (const { onu, pdu } of asked) {
      this.#client.forget(onu.intfId, onu.onuId);
      this.#send(onu.number, pdu);
    }
    if (asked.length > 0) await this.#answers(LAST_ANSWER_MS);
    return this.#client.leave();
  }

  /** All have answered, or the time is over. */
  #answers(withinMs: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, withinMs);
      this.#onAnswered = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  close(): void {
    this.#client.close();
  }

  beginTurn(): void {
    // Frames leave as they are sent, and count as on their way until the server has taken them.
  }

  roomBytes(): number {
    const stalledNs = this.#nowNs() - STALLED_NS;
    let room = BYTES_UNDER_WAY_MAX;
    for (const { bytes, sinceNs } of this.#underWay.values()) if (sinceNs > stalledNs) room -= bytes;
    return room;
  }

  frame(to: number, bytes: Uint8Array, lengthBytes: number): void {
    this.#send(to, bytes.subarray(0, lengthBytes));
  }

  sections(to: number, span: SectionSpan): void {
    for (let index = 0; index < span.count; index++)
      this.#send(to, this.#pdu.subarray(0, encodeSection(span, index, this.#pdu, 0)));
  }

  flush(): void {
    // Nothing is held back.
  }

  /** When an ONU may count as stalled; that the server has taken a frame is told before. */
  roomAgainNs(nowNs: number): number {
    return this.roomBytes() > 0 ? nowNs : nowNs + STALLED_NS;
  }

  nextTimeoutNs(): number {
    return Infinity;
  }

  handleTimeout(): void {
    // The server ranges; no deadline is ours.
  }

  /**
   * The same ONU-ID in every run, as far as serial numbers tell: a server may still hold what the run before it gave. Else they
   * count from 1 on each PON interface. @returns why it gets none, where it does not */
  #onuOf(intfId: number, serial: string): OpenOltOnu | "bad-serial" | "too-many-onus" {
    const known = this.#bySerial.get(keyOf(intfId, serial));
    if (known) return known;
    if (!isSerial(serial)) return "bad-serial";
    const neighbours = this.#byInterface.get(intfId) ?? [];
    if (neighbours.length >= ONTS_MAX || (neighbours.length === 0 && this.#byInterface.size >= INTERFACES_MAX))
      return "too-many-onus";
    const onuId = freeOnuId(serial, neighbours);
    const onu = { number: this.onus.length, intfId, onuId, serial, isUp: false, refusal: "" };
    neighbours.push(onu);
    this.#byInterface.set(intfId, neighbours);
    this.#bySerial.set(keyOf(intfId, serial), onu);
    this.onus.push(onu);
    return onu;
  }

  #find(intfId: number, onuId: number): OpenOltOnu | undefined {
    return this.#byInterface.get(intfId)?.find((onu) => onu.onuId === onuId);
  }

  #linkLost(onu: OpenOltOnu): void {
    if (!onu.isUp) return;
    onu.isUp = false;
    this.#client.forget(onu.intfId, onu.onuId);
    this.handlers.onLinkLost(onu.number);
    this.handlers.onDue();
  }

  #receive(intfId: number, onuId: number, pdu: Uint8Array): void {
    const onu = this.#find(intfId, onuId);
    // Of its life before the restart.
    if (!onu?.isUp) return;
    this.#note("up", onu, pdu);
    if (this.#unanswered !== undefined) {
      if (((pdu[0] << 8) | pdu[1]) === LAST_TCI) this.#unanswered.delete(onu);
      if (this.#unanswered.size === 0) this.#onAnswered();
      return;
    }
    this.handlers.onFrame(onu.number, pdu);
    this.handlers.onDue();
  }

  #send(to: number, pdu: Uint8Array): void {
    const onu = this.onus[to];
    if (onu === undefined) return;
    const { length } = pdu;
    this.#note("down", onu, pdu);
    const underWay = this.#underWay.get(onu) ?? { bytes: 0, sinceNs: 0 };
    this.#underWay.set(onu, underWay);
    if (underWay.bytes === 0) underWay.sinceNs = this.#nowNs();
    underWay.bytes += length;
    this.#client.send(onu.intfId, onu.onuId, pdu, () => {
      underWay.bytes -= length;
      underWay.sinceNs = this.#nowNs();
      this.handlers.onDue();
    });
  }

  #note(direction: "down" | "up", { intfId, onuId }: OpenOltOnu, pdu: Uint8Array): void {
    const traffic: LinkTraffic = direction === "down" ? this.downstream : this.upstream;
    traffic.frames++;
    traffic.omciBytes += pdu.length;
    traffic.gemBytes += pdu.length;
    this.#onFrame?.({ timeNs: this.#nowNs(), direction, onuId, pon: intfId, frame: pdu });
  }
}

/** The end of a serial number, as neighbours were made one after the other, or else the least that is free. */
function freeOnuId(serial: string, neighbours: readonly OpenOltOnu[]): number {
  const taken = new Set(neighbours.map(({ onuId }) => onuId));
  const own = Number.parseInt(serial.slice(-2), 16);
  if (own >= 1 && own <= ONTS_MAX && !taken.has(own)) return own;
  let onuId = 1;
  while (taken.has(onuId)) onuId++;
  return onuId;
}

const keyOf = (intfId: number, serial: string): string => `${intfId} ${serial}`;
