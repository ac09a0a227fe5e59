/** The way to an ONU behind an OpenOLT server (gRPC), as VOLTHA has it. */
import { RealTimeTransport, type RealTimeOptions } from "./real-time.ts";
import { TargetError } from "./target-error.ts";
import type { Target, Transport } from "../core/transport.ts";
import { OpenOltClient } from "../../olt/southbound/openolt/index.ts";

/** How long an ONU behind the server may take to be heard and to come up. */
const ONU_MS = 30_000;
const ONU_ID = 1;

export interface OpenOltTargetOptions extends RealTimeOptions {
  name: string;
  host: string;
  port: number;
  /** Serial number, or the first ONU that is heard. */
  serial?: string;
}

/** An ONU behind an OpenOLT server; one and the same through all cases. */
export const openOltTarget = (options: OpenOltTargetOptions): Target => ({
  name: options.name,
  isFreshEachCase: false,
  open: () => OpenOltTransport.open(options),
});

class OpenOltTransport extends RealTimeTransport {
  readonly name: string;
  lost: string | undefined;
  readonly #client: OpenOltClient;
  /** Notes why the server or the ONU is gone; before the ONU was up, that it cannot be tested. */
  #fail: (cause: string) => void = () => undefined;
  #intfId = -1;
  #onuId = -1;

  /** @throws TargetError when nobody answers, or the ONU does not come up */
  static open(options: OpenOltTargetOptions): Promise<Transport> {
    return new Promise((done, fail) => {
      const onFailure = (text: string): void => fail(new TargetError(`${options.name}: ${text}`));
      const transport = new OpenOltTransport(options, done, onFailure);
      transport.#client.start().catch((error: unknown) => transport.#fail((error as Error).message));
    });
  }

  private constructor(
    options: OpenOltTargetOptions,
    onUp: (transport: Transport) => void,
    onFailure: (text: string) => void,
  ) {
    super(options);
    this.name = options.name;
    const wanted = options.serial?.toUpperCase();
    const timer = setTimeout(() => {
      const who = wanted === undefined ? "no ONU came" : `${wanted} did not come`;
      this.#fail(`${who} up within ${ONU_MS / 1000} s`);
    }, ONU_MS);
    this.#fail = (cause) => {
      clearTimeout(timer);
      this.lost ??= cause;
      if (this.#onuId < 0) void this.close();
      onFailure(cause);
    };
    let found = wanted;
    this.#client = new OpenOltClient(`${options.host}:${options.port}`, {
      onDiscovered: (intfId, serial, serialNumber) => {
        const heard = serial.toUpperCase();
        if ((found ?? heard) !== heard) return;
        if (this.#intfId >= 0 && this.#intfId !== intfId) return;
        // For the first time, or again behind a restart.
        found = heard;
        this.#intfId = intfId;
        this.#client.activate(intfId, ONU_ID, serialNumber);
      },
      onOnu: (intfId, onuId, isUp) => {
        if (intfId !== this.#intfId || onuId !== ONU_ID || !isUp || this.#onuId >= 0) return;
        this.#onuId = onuId;
        clearTimeout(timer);
        onUp(this);
      },
      onOmci: (intfId, onuId, pdu) => {
        if (intfId === this.#intfId && onuId === this.#onuId) this.deliver(pdu);
      },
      onDropped: () => undefined,
      onRefused: (_intfId, serial, cause) => this.#fail(`${serial}: ${cause}`),
      onUnable: (cause) => this.#fail(cause),
      onEnd: (cause) => this.#fail(cause),
    });
  }

  send(pdu: Uint8Array): void {
    this.#client.send(this.#intfId, this.#onuId, pdu);
  }

  close(): Promise<void> {
    return this.#client.leave();
  }
}
