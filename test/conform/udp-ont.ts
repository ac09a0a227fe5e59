/**
 * Counterparts on UDP ports of the loopback for tests of the tester: our ONT in real time, or whatever a test makes
 * up.
 */
import { createSocket, type Socket } from "node:dgram";
import type { Transport } from "../../conform/core/transport.ts";
import { type SelfImages, selfTarget } from "../../conform/targets/self.ts";
import { type Envelope, plainEnvelope } from "../../conform/targets/udp.ts";
import { referenceProfile } from "../../ont/index.ts";

const trailerBytes = 4;
const turnMs = 2;
/** Of a stall of this process its time takes so much: no less than the tester's patience does, who sees his turn come late after 25 ms. */
const stallNs = 50e6;

/** What answers on a UDP port of the loopback: called with each datagram. */
export type Responder = (datagram: Buffer, reply: (bytes: Uint8Array) => void) => void;

export interface UdpServer {
  port: number;
  datagrams: number;
  close: () => void;
}

export async function serve(responder: Responder): Promise<UdpServer> {
  const socket: Socket = createSocket("udp4");
  const server: UdpServer = { port: 0, datagrams: 0, close: () => socket.close() };
  socket.on("message", (datagram, { port, address }) => {
    server.datagrams += 1;
    responder(datagram, (bytes) => socket.send(bytes, port, address));
  });
  await new Promise<void>((resolve) => {
    socket.bind(0, "127.0.0.1", resolve);
  });
  server.port = socket.address().port;
  return server;
}

export interface OntOptions {
  envelope?: Envelope;
  /** How frames come in: with the CRC-32 behind them or without. */
  hasTrailer?: boolean;
  /** What becomes of a frame on its way up, undefined = lost; default as it is. */
  shape?: (frame: Uint8Array) => Uint8Array | undefined;
  /** Nothing is answered any more after so many datagrams. */
  diesAfter?: number;
  /** Its time runs so much faster. */
  speed?: number;
}

/** Our ONT behind a UDP port; its virtual time follows the real one. */
export async function serveOnt(images: SelfImages, options: OntOptions = {}): Promise<UdpServer> {
  const { envelope = plainEnvelope, hasTrailer = true, diesAfter = Infinity, speed = 20 } = options;
  const { shape = (frame: Uint8Array): Uint8Array | undefined => frame } = options;
  const ont: Transport = await selfTarget(referenceProfile, images).open();
  let deadlineNs = ont.nowNs();
  let lastNs = process.hrtime.bigint();
  const catchUp = (): void => {
    const nowNs = process.hrtime.bigint();
    deadlineNs += Math.min(Number(nowNs - lastNs), stallNs) * speed;
    lastNs = nowNs;
    while (ont.nowNs() < deadlineNs) void ont.wait(deadlineNs);
  };
  let answer: (bytes: Uint8Array) => void = () => undefined;
  ont.onFrame = (frame) => {
    const shaped = shape(frame);
    if (shaped !== undefined) answer(envelope.wrap(shaped));
  };
  const server = await serve((datagram, reply) => {
    if (server.datagrams > diesAfter) return;
    answer = (bytes) => (server.datagrams > diesAfter ? undefined : reply(bytes));
    const frame = envelope.unwrap(datagram);
    if (frame === undefined) return;
    if (hasTrailer && ont.checkTrailer?.(frame) !== true) return;
    catchUp();
    ont.send(hasTrailer ? frame.subarray(0, frame.length - trailerBytes) : frame);
  });
  const timer = setInterval(catchUp, turnMs);
  const { close } = server;
  server.close = () => {
    clearInterval(timer);
    close();
  };
  return server;
}
