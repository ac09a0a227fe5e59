/** The way to an ONT behind a UDP port, with bare frames or OB-BAA's relay header, and any trailer. */
import { caughtLine, Guard } from "../../base/errors/index.ts";
import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import type { TrailerPair } from "../../omci/index.ts";
import type { Target } from "../core/transport.ts";
import { TargetError } from "./target-error.ts";
import type { RealTimeOptions } from "./real-time.ts";
import { SealedTransport } from "./sealed.ts";

const RELAY_HEADER_BYTES = 32;
const TERMINATION_BYTES = 30;
/** Port of the OB-BAA relay where none is given. */
export const RELAY_PORT = 12_345;

/** What goes round an OMCI frame in a datagram. */
export interface Envelope {
  /** @returns the datagram for a frame */
  wrap(frame: Uint8Array): Uint8Array;
  /** @returns the frame in a datagram; undefined when it is none for us */
  unwrap(datagram: Uint8Array): Uint8Array | undefined;
}

/** One bare OMCI frame in each datagram. */
export const plainEnvelope: Envelope = { wrap: (frame) => frame, unwrap: (datagram) => datagram };

/**
 * OB-BAA's UDP relay: 30 bytes of channel-termination name, zero padded, 2 bytes of ONU-ID, big-endian, then OMCI.
 *
 * @param termination at most 30 bytes of ASCII
 * @param onuId 0…65535
 */
export function relayEnvelope(termination: string, onuId: number): Envelope {
  const header = Buffer.alloc(RELAY_HEADER_BYTES);
  header.write(termination, 0, TERMINATION_BYTES, "latin1");
  header.writeUInt16BE(onuId, TERMINATION_BYTES);
  return {
    wrap: (frame) => Buffer.concat([header, frame]),
    unwrap: (datagram) => {
      const isOurs = datagram.length > RELAY_HEADER_BYTES && header.equals(datagram.subarray(0, RELAY_HEADER_BYTES));
      return isOurs ? datagram.subarray(RELAY_HEADER_BYTES) : undefined;
    },
  };
}

export interface UdpTargetOptions extends RealTimeOptions {
  /** As typed. */
  name: string;
  host: string;
  port: number;
  envelope: Envelope;
  trailers: TrailerPair;
  /** For captures, whose addresses have a byte for it. */
  onuId?: number;
}

/** A foreign ONT behind UDP; one and the same through all cases. */
export const udpTarget = (options: UdpTargetOptions): Target => ({
  name: options.name,
  isFreshEachCase: false,
  open: () => UdpTransport.open(options),
});

class UdpTransport extends SealedTransport {
  readonly name: string;
  readonly onuId?: number;
  readonly #socket: Socket;
  readonly #options: UdpTargetOptions;
  isRefused = false;

  /** @throws TargetError when there is no such host */
  static async open(options: UdpTargetOptions): Promise<UdpTransport> {
    const { address, family } = await lookup(options.host).catch(() => {
      throw new TargetError(`${options.name}: no such host`);
    });
    const socket = createSocket(family === 6 ? "udp6" : "udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.connect(options.port, address, () => {
        socket.off("error", reject);
        resolve();
      });
    });
    return new UdpTransport(socket, options);
  }

  private constructor(socket: Socket, options: UdpTargetOptions) {
    super(options, options.trailers);
    if (options.onuId !== undefined) this.onuId = options.onuId;
    this.name = options.name;
    this.#socket = socket;
    this.#options = options;
    const { envelope } = options;
    const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
    const take = guard.wrap(`datagram of ${options.name}`, (datagram: Uint8Array) => {
      const frame = envelope.unwrap(datagram);
      if (frame === undefined) return;
      this.isRefused = false;
      this.deliver(frame);
    });
    socket.on("message", take);
    // "Connection refused": nobody listens on that port, or not now, as the ONT restarts.
    socket.on("error", () => {
      this.isRefused = true;
      this.wake();
    });
  }

  close(): void {
    this.#socket.close();
  }

  protected transmit(frame: Uint8Array): void {
    this.#socket.send(this.#options.envelope.wrap(frame), () => undefined);
  }
}
