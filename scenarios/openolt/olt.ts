import { openImageSource } from "../../image/index.ts";
import { createOlt } from "../../olt/index.ts";
import type { DownstreamSink, Olt, OltConfig, OltStatus } from "../../olt/core/types.ts";
import type { SectionRun } from "../../omci/section-run.ts";
import { encodeSection } from "../../omci/index.ts";
import { crc32Functions } from "../images.ts";
import { OpenOltClient } from "./client.ts";

const PDU_BYTES_MAX = 1976;
/** Frames that may be on their way to the server at once: it takes them one by one. */
const TURN_BYTES = 256 * 1024;
const NS_PER_MS = 1e6;

export interface OpenOltRunOptions {
  address: string;
  imagePath: string;
  olt: OltConfig;
  onStatus: (status: OltStatus) => void;
}

/**
 * Our OLT core over the ONUs behind an OpenOLT server, in unicast mode: that interface has no multicast. ONU-IDs of the core are
 * by order of discovery; one stream serves all of them.
 *
 * @returns how it ended
 * @throws Error in one line when the server is not there, or ends the indications
 */
export class OpenOltRun {
  readonly #options: OpenOltRunOptions;
  readonly #core: Olt;
  readonly #client: OpenOltClient;
  readonly #onus: { intfId: number; onuId: number; serial: string }[] = [];
  readonly #epochNs = process.hrtime.bigint();
  readonly #pdu = new Uint8Array(PDU_BYTES_MAX);
  #turnBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #end: (cause: string) => void = () => undefined;
  readonly #sink: DownstreamSink = {
    roomBytes: () => TURN_BYTES - this.#turnBytes,
    frame: (to, bytes, lengthBytes) => this.#send(to, bytes.subarray(0, lengthBytes)),
    sections: (to, run) => this.#sections(to, run),
  };

  constructor(options: OpenOltRunOptions) {
    this.#options = options;
    const image = openImageSource(options.imagePath, { crc32: crc32Functions, force: options.olt.force });
    this.#core = createOlt({ ...options.olt, mode: "unicast" }, image);
    this.#client = new OpenOltClient(options.address, {
      onDiscovered: (intfId, serial, serialNumber) => {
        const known = this.#onus.findIndex((onu) => onu.serial === serial);
        const number = known >= 0 ? known : this.#onus.push({ intfId, onuId: this.#onus.length + 1, serial }) - 1;
        this.#client.activate(intfId, this.#onus[number].onuId, serialNumber);
      },
      onOnu: (intfId, onuId, isUp) => {
        const number = this.#numberOf(intfId, onuId);
        if (number < 0) return;
        if (isUp) this.#core.handleRanged(this.#nowNs(), number, this.#onus[number].serial);
        else this.#core.handleLinkLost(this.#nowNs(), number);
        this.#turn();
      },
      onOmci: (intfId, onuId, pdu) => {
        const number = this.#numberOf(intfId, onuId);
        if (number >= 0) this.#core.handleFrame(this.#nowNs(), number, pdu);
        this.#turn();
      },
      onEnd: (cause) => this.#end(cause),
    });
  }

  async run(): Promise<OltStatus> {
    await this.#client.start();
    const ended = new Promise<OltStatus>((done, fail) => {
      this.#end = (cause) => (this.#core.finished ? done(this.#core.status()) : fail(new Error(cause)));
    });
    this.#turn();
    return ended.finally(() => this.stop());
  }

  status(): OltStatus {
    return this.#core.status();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#end = () => undefined;
    this.#client.close();
  }

  #numberOf(intfId: number, onuId: number): number {
    return this.#onus.findIndex((onu) => onu.intfId === intfId && onu.onuId === onuId);
  }

  #nowNs(): number {
    return Number(process.hrtime.bigint() - this.#epochNs);
  }

  /** What is due passes, what may go out goes out; one timer for all deadlines. */
  #turn(): void {
    const nowNs = this.#nowNs();
    const core = this.#core;
    if (core.nextTimeoutNs() <= nowNs) core.handleTimeout(nowNs);
    this.#turnBytes = 0;
    core.pollTransmit(nowNs, this.#sink);
    while (core.pollEvent() !== undefined);
    this.#options.onStatus(core.status());
    if (core.finished) return this.#end("");
    clearTimeout(this.#timer);
    const sleepMs = Math.min(60_000, Math.max(1, Math.ceil((core.nextTimeoutNs() - nowNs) / NS_PER_MS)));
    this.#timer = setTimeout(() => this.#turn(), sleepMs);
  }

  #sections(to: number, run: SectionRun): void {
    for (let index = 0; index < run.count; index++)
      this.#send(to, this.#pdu.subarray(0, encodeSection(run, index, this.#pdu, 0)));
  }

  #send(to: number, pdu: Uint8Array): void {
    const onu = this.#onus[to];
    if (onu === undefined) return;
    this.#turnBytes += pdu.length;
    this.#client.send(onu.intfId, onu.onuId, pdu);
  }
}
