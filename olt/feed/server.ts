/**
 * The server of the feed: one connection for each OLT, each asks and is told what it may take. Of a run over several hosts it is
 * the door as well: a host that brings a port comes by the same address, with the same key.
 */
import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { InputError, systemWords } from "../../base/errors/index.ts";
import {
  CHALLENGE_BYTES,
  type FeedHello,
  isAnswer,
  isAnswerToJoin,
  LineCutter,
  LINK_LINE_BYTES_MAX,
  linkKey,
  readAsk,
  readHello,
  readJoinHello,
} from "./lines.ts";
import { HostLink } from "./link.ts";
import { SealedLines } from "./sealed.ts";
import { FeedShares } from "./shares.ts";

/** Somebody who has not shown the key by then is sent away. */
const HELLO_MS = 5_000;
/** Connections of one run: its OLTs, some that connect again, and some who have no business here. */
const CONNECTIONS_PER_PORT = 4;

export interface FeedServerConfig {
  bytesPerSecond: number;
  /** OLTs that share it. */
  ports: number;
  /** Address and port to listen on; 0 = any. */
  host: string;
  port: number;
  key: Uint8Array;
  /** See `startClock`. */
  epochNs: bigint;
}

/** The same where hosts may bring ports, with a feed or without: then nobody may ask for a share. */
export interface DoorConfig extends Omit<FeedServerConfig, "bytesPerSecond"> {
  bytesPerSecond?: number | undefined;
}

export interface RunningFeed {
  address: { address: string; port: number };
  close(): void;
}

/**
 * @param onHost where hosts may bring ports: each connection of one
 * @throws InputError when it cannot listen
 */
export async function serveFeed(
  config: DoorConfig,
  nowNs: () => number,
  onHost?: (link: HostLink) => void,
): Promise<RunningFeed> {
  const { bytesPerSecond, ports } = config;
  const shares = bytesPerSecond === undefined ? undefined : new FeedShares(bytesPerSecond, ports);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // Whoever resets the connection ends it: nothing more is to be done.
    socket.on("error", () => undefined);
    talk(socket, config, shares && ((port, ask) => shares.handleAsk(nowNs(), port, ask)), onHost);
  });
  server.maxConnections = CONNECTIONS_PER_PORT * config.ports;
  await listen(server, config);
  const { address, port } = server.address() as AddressInfo;
  return {
    address: { address, port },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function listen(server: Server, { host, port }: DoorConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new InputError(`the feed's server on ${host}:${port}: ${systemWords(error)}`)),
    );
    server.listen(port, host, resolve);
  });
}

type Shared = (port: number, ask: NonNullable<ReturnType<typeof readAsk>>) => number;

/** Anything that is not as it should be ends the connection. */
function talk(
  socket: Socket,
  { key, ports }: DoorConfig,
  shared: Shared | undefined,
  onHost: ((link: HostLink) => void) | undefined,
): void {
  const challenge = randomBytes(CHALLENGE_BYTES).toString("hex");
  const lines = new LineCutter();
  const sealedFor = (nonce: string): SealedLines => new SealedLines(linkKey(key, challenge, nonce), "server");
  const takesAsks = ({ port, nonce }: FeedHello, share: Shared): ((line: string) => boolean) => {
    const sealed = sealedFor(nonce);
    return (line) => {
      const text = sealed.open(line);
      const ask = text === undefined ? undefined : readAsk(text);
      if (ask === undefined) return false;
      socket.write(sealed.seal(JSON.stringify({ bytesPerSecond: share(port, ask) })));
      return true;
    };
  };
  let takes = (line: string): boolean => {
    const joining = onHost && readJoinHello(line);
    const hello = shared && readHello(line);
    if (joining && isAnswerToJoin(key, challenge, joining)) {
      const link = new HostLink(joining.host, socket, sealedFor(joining.nonce));
      lines.allow(LINK_LINE_BYTES_MAX);
      takes = (sealed) => link.take(sealed);
      onHost(link);
    } else if (hello && isAnswer(key, challenge, hello) && hello.port >= 0 && hello.port < ports) {
      takes = takesAsks(hello, shared);
    } else return false;
    socket.setTimeout(0);
    return true;
  };
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  socket.setTimeout(HELLO_MS, () => socket.destroy());
  socket.on("data", (text: string) => {
    const whole = lines.take(text);
    if (whole === undefined || !whole.every((line) => takes(line))) socket.destroy();
  });
  socket.write(`${JSON.stringify({ challenge })}\n`);
}
