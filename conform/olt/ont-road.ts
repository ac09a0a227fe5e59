/** The road on which one of our ONTs waits for an OLT: a UDP port, or a road of a bench. */
import { createSocket, type RemoteInfo } from "node:dgram";
import { isIPv4 } from "node:net";
import { caughtLine, Guard, InputError } from "../../base/errors/index.ts";
import type { BenchRoad } from "../../pon/bench/index.ts";

/** What comes in and from whom, and the way back there. */
export type OntTake = (peer: string, frame: Uint8Array, reply: (bytes: Uint8Array) => void) => void;

export interface OntRoad {
  /** For people: `port 7100`, or the road as it was typed. */
  readonly where: string;
  /** For files: `ont-7100`. */
  readonly file: string;
  /** 0 = it has none. */
  readonly port: number;
  close(): void;
}

/** One OMCI frame a datagram. @throws Error when the port cannot be had */
export async function openUdpRoad(address: string, port: number, take: OntTake): Promise<OntRoad> {
  if (!isIPv4(address)) throw new InputError(`${address} is not an IPv4 address`);
  const socket = createSocket("udp4");
  const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
  socket.on(
    "message",
    guard.wrap("datagram", (datagram: Uint8Array, remote: RemoteInfo) => {
      // A datagram may say that it comes from where nothing can be sent to.
      take(
        `${remote.address} ${remote.port}`,
        datagram,
        guard.wrap("answer", (bytes: Uint8Array) => socket.send(bytes, remote.port, remote.address)),
      );
    }),
  );
  await new Promise<void>((done, fail) => {
    socket.once("error", fail);
    socket.bind({ port, address, exclusive: true }, done);
  });
  const bound = socket.address().port;
  return { where: `port ${bound}`, file: `ont-${bound}`, port: bound, close: () => socket.close() };
}

/** @param onEnd told why nothing comes any more. @throws InputError when there is no way */
export async function openBenchRoad(road: BenchRoad, take: OntTake, onEnd: (cause: string) => void): Promise<OntRoad> {
  const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
  const reply = (bytes: Uint8Array): void => open.send(bytes);
  const open = await road.open("ont", {
    onFrame: guard.wrap(road.name, (frame: Uint8Array) => take(road.name, frame, reply)),
    onEnd,
    onDropped: () => undefined,
  });
  return { where: road.name, file: "ont", port: 0, close: () => open.close() };
}
