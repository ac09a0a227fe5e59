import type { ImageSource } from "../../../image/index.ts";
import { createOlt } from "../../index.ts";
import type { DownstreamSink, Olt, OltConfig, OltEvent, OltStatus } from "../../core/types.ts";
import { encodeSection, type SectionRun } from "../../../omci/index.ts";
import type { CapturedFrame } from "../../../pon/capture/index.ts";
import type { LinkTraffic } from "../../../pon/index.ts";
import { OpenOltClient } from "./client.ts";

const PDU_BYTES_MAX = 1976;
/**
 * Frames on their way to the server at once. It takes them one by one: a queue any longer only makes answers late, and
 * then they are asked for again.
 */
const BYTES_UNDER_WAY_MAX = 32 * 1024;
/** An ONU of which the server takes nothing for so long does not count among those that share this. */
const STALLED_NS = 200_000_000;
const NS_PER_MS = 1e6;
const TIMER_MS_MAX = 60_000;

/** One ONU behind the server; its place in the list is its number at the OLT core. */
export interface OpenOltOnu {
  readonly intfId: number;
  /** ONU-ID that we gave it, unique on its PON interface. */
  readonly onuId: number;
  readonly serial: string;
  isUp: boolean;
  /** Why the server does not bring it up, else empty. */
  refusal: string;
}

export interface OpenOltOptions {
  /** host:port */
  address: string;
  image: ImageSource;
  olt: OltConfig;
  /** Nanoseconds since the start of the run. */
  nowNs: () => number;
  onEvent?: (timeNs: number, event: OltEvent) => void;
  /** Sees every frame, as the server takes and gives it: without trailer. */
  onFrame?: (frame: CapturedFrame) => void;
  /** Something happened. */
  onTurn?: () => void;
}

/**
 * Our OLT core over the ONUs behind an OpenOLT server, in unicast mode: that interface has no multicast. One stream serves
 * all of them. An ONU that restarts is discovered anew, and gets the ONU-ID it had.
 */
export class OpenOltRun {
  readonly onus: OpenOltOnu[] = [];
  readonly downstream: LinkTraffic = { frames: 0, omciBytes: 0, gemBytes: 0 };
  readonly upstream: LinkTraffic = { frames: 0, omciBytes: 0, gemBytes: 0 };
  /** Settles when the core is done (empty) or the server is gone (why, in one line). */
  readonly ended: Promise<string>;
  readonly #options: OpenOltOptions;
  readonly #core: Olt;
  readonly #client: OpenOltClient;
  readonly #pdu = new Uint8Array(PDU_BYTES_MAX);
  /** By ONU: bytes on their way, and since when the server has taken none of them. */
  readonly #underWay = new Map<OpenOltOnu, { bytes: number; sinceNs: number }>();
  #timer: NodeJS.Timeout | undefined;
  #turnDue = false;
  #isStopped = false;
  #end: (cause: string) => void = () => undefined;
  readonly #sink: DownstreamSink = {
    roomBytes: () => this.#roomBytes(),
    frame: (to, bytes, lengthBytes) => this.#send(to, bytes.subarray(0, lengthBytes)),
    sections: (to, run) => this.#sections(to, run),
  };

  constructor(options: OpenOltOptions) {
    this.#options = options;
    this.ended = new Promise((done) => (this.#end = done));
    this.#core = createOlt({ ...options.olt, mode: "unicast" }, options.image);
    this.#client = new OpenOltClient(options.address, {
      onDiscovered: (intfId, serial, serialNumber) => {
        const onu = this.#onuOf(intfId, serial);
        // It was up before: it has restarted, and nobody said so.
        if (onu.isUp) this.#linkLost(onu);
        this.#client.activate(intfId, onu.onuId, serialNumber);
      },
      onRefused: (intfId, serial, cause) => {
        this.#onuOf(intfId, serial).refusal = cause;
      },
      onOnu: (intfId, onuId, isUp) => {
        const onu = this.#find(intfId, onuId);
        if (onu === undefined) return;
        if (!isUp) return this.#linkLost(onu);
        // Said twice. A restart is told by a discovery or by "down" before it.
        if (onu.isUp) return;
        onu.isUp = true;
        onu.refusal = "";
        this.#core.handleRanged(options.nowNs(), this.onus.indexOf(onu), onu.serial);
        this.#schedule();
      },
      onOmci: (intfId, onuId, pdu) => this.#receive(intfId, onuId, pdu),
      onUnable: (cause) => this.#end(cause),
      onEnd: (cause) => this.#end(cause),
    });
  }

  /** Connects. @throws Error in one line when nobody answers */
  async start(): Promise<void> {
    try {
      await this.#client.start();
    } catch (error) {
      this.stop();
      throw error;
    }
    this.#schedule();
  }

  status(): OltStatus {
    return this.#core.status();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#client.close();
  }

  /** ONU-IDs count from 1 on each PON interface. */
  #onuOf(intfId: number, serial: string): OpenOltOnu {
    const known = this.onus.find((onu) => onu.intfId === intfId && onu.serial === serial);
    if (known) return known;
    const onuId = 1 + this.onus.filter((onu) => onu.intfId === intfId).length;
    const onu = { intfId, onuId, serial, isUp: false, refusal: "" };
    this.onus.push(onu);
    return onu;
  }

  #find(intfId: number, onuId: number): OpenOltOnu | undefined {
    return this.onus.find((onu) => onu.intfId === intfId && onu.onuId === onuId);
  }

  #linkLost(onu: OpenOltOnu): void {
    if (!onu.isUp) return;
    onu.isUp = false;
    this.#client.forget(onu.intfId, onu.onuId);
    this.#core.handleLinkLost(this.#options.nowNs(), this.onus.indexOf(onu));
    this.#schedule();
  }

  #receive(intfId: number, onuId: number, pdu: Uint8Array): void {
    const onu = this.#find(intfId, onuId);
    // Of its life before the restart.
    if (!onu?.isUp) return;
    this.#note("up", onu, pdu);
    this.#core.handleFrame(this.#options.nowNs(), this.onus.indexOf(onu), pdu);
    this.#schedule();
  }

  /** One turn serves everything that one wake-up brought. */
  #schedule(): void {
    if (this.#turnDue || this.#isStopped) return;
    this.#turnDue = true;
    setImmediate(() => this.#turn());
  }

  /** What is due passes, what may go out goes out; one timer for all deadlines. */
  #turn(): void {
    this.#turnDue = false;
    if (this.#isStopped) return;
    const core = this.#core;
    const nowNs = this.#options.nowNs();
    if (core.nextTimeoutNs() <= nowNs) core.handleTimeout(nowNs);
    core.pollTransmit(nowNs, this.#sink);
    for (let event = core.pollEvent(); event !== undefined; event = core.pollEvent())
      this.#options.onEvent?.(nowNs, event);
    this.#options.onTurn?.();
    if (core.finished) return this.#end("");
    clearTimeout(this.#timer);
    // Without room, the next look is when an ONU may count as stalled.
    const wakeNs = this.#roomBytes() > 0 ? core.nextTimeoutNs() : Math.min(core.nextTimeoutNs(), nowNs + STALLED_NS);
    const sleepMs = Math.ceil((wakeNs - nowNs) / NS_PER_MS);
    this.#timer = setTimeout(() => this.#turn(), Math.min(TIMER_MS_MAX, Math.max(1, sleepMs)));
  }

  #sections(to: number, run: SectionRun): void {
    for (let index = 0; index < run.count; index++)
      this.#send(to, this.#pdu.subarray(0, encodeSection(run, index, this.#pdu, 0)));
  }

  #send(to: number, pdu: Uint8Array): void {
    const onu = this.onus[to];
    if (onu === undefined) return;
    const { length } = pdu;
    this.#note("down", onu, pdu);
    const underWay = this.#underWay.get(onu) ?? { bytes: 0, sinceNs: 0 };
    this.#underWay.set(onu, underWay);
    if (underWay.bytes === 0) underWay.sinceNs = this.#options.nowNs();
    underWay.bytes += length;
    this.#client.send(onu.intfId, onu.onuId, pdu, () => {
      underWay.bytes -= length;
      underWay.sinceNs = this.#options.nowNs();
      this.#schedule();
    });
  }

  #roomBytes(): number {
    const stalledNs = this.#options.nowNs() - STALLED_NS;
    let room = BYTES_UNDER_WAY_MAX;
    for (const { bytes, sinceNs } of this.#underWay.values()) if (sinceNs > stalledNs) room -= bytes;
    return room;
  }

  #note(direction: "down" | "up", { intfId, onuId }: OpenOltOnu, pdu: Uint8Array): void {
    const traffic = direction === "down" ? this.downstream : this.upstream;
    traffic.frames++;
    traffic.omciBytes += pdu.length;
    traffic.gemBytes += pdu.length;
    this.#options.onFrame?.({ timeNs: this.#options.nowNs(), direction, onuId, pon: intfId, frame: pdu });
  }
}
