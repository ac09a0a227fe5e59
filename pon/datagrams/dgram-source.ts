/** Datagrams to a group by Node's own socket: each is a batch. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { type DatagramSource, FOREIGN, type GroupAddress, type OnBatch } from "./source.ts";
import { growReceiveBuffer, hearOnly, listen } from "./sockets.ts";

/** From here on freeing a datagram at once pays. */
const LARGE_DATAGRAM_BYTES = 8192;

/**
 * Frees the memory of a datagram that is done with: what is transferred to a port with nobody at its other end is gone.
 * Left to the garbage collector it would come back some hundred datagrams later, and the system would have to find
 * 64 KiB of fresh memory for each until then, which takes as long as their CRCs.
 */
class Shredder {
  readonly #port: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    port2.close();
    this.#port = port1;
  }

  take(datagram: Uint8Array): void {
    const { buffer, length } = datagram;
    // Never memory that something else lies in as well.
    if (length < LARGE_DATAGRAM_BYTES || buffer.byteLength !== length) return;
    this.#port.postMessage(null, [buffer as ArrayBuffer]);
  }
}

export class DgramSource implements DatagramSource {
  onBatch: OnBatch = () => undefined;
  readonly receiveBufferBytes: number;
  readonly #socket: Socket;

  private constructor(socket: Socket, { olt, receiveBufferBytes }: GroupAddress) {
    this.#socket = socket;
    this.receiveBufferBytes = growReceiveBuffer(socket, receiveBufferBytes);
    const shredder = new Shredder();
    const lengths = new Int32Array(1);
    socket.on("message", (bytes: Uint8Array, remote: RemoteInfo) => {
      // What came between bind and connect may still be from others.
      const isOlt = remote.port === olt.port && remote.address === olt.address;
      lengths[0] = isOlt ? bytes.length : FOREIGN;
      this.onBatch(bytes, lengths, 1);
      shredder.take(bytes);
    });
    socket.on("error", () => undefined);
  }

  /** @throws Error of the system */
  static async open(where: GroupAddress): Promise<DgramSource> {
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    try {
      // Bound to the group's address: another run's group on this host is not heard.
      await listen(socket, { port: where.port, address: where.group });
      socket.addMembership(where.group, where.address);
      await hearOnly(socket, where.olt);
      return new DgramSource(socket, where);
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  close(): void {
    this.#socket.close();
  }
}
