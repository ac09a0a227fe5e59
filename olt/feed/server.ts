/** The server of the feed: one connection for each OLT, each asks and is told what it may take. */
import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { InputError, systemWords } from "../../base/errors/index.ts";
import { isAnswer, LineCutter, readAsk, readHello } from "./lines.ts";
import { FeedShares } from "./shares.ts";

/** Somebody who has not shown the key by then is sent away. */
const HELLO_MS = 5_000;
const CHALLENGE_BYTES = 16;
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

export interface RunningFeed {
  address: { address: string; port: number };
  close(): void;
}

/** @throws InputError when it cannot listen */
export async function serveFeed(config: FeedServerConfig, nowNs: () => number): Promise<RunningFeed> {
  const shares = new FeedShares(config.bytesPerSecond, config.ports);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // Whoever resets the connection ends it: nothing more is to be done.
    socket.on("error", () => undefined);
    talk(socket, config, (port, ask) => shares.handleAsk(nowNs(), port, ask));
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

function listen(server: Server, { host, port }: FeedServerConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new InputError(`the feed's server on ${host}:${port}: ${systemWords(error)}`)),
    );
    server.listen(port, host, resolve);
  });
}

type Shared = (port: number, ask: NonNullable<ReturnType<typeof readAsk>>) => number;

/** Anything that is not as it should be ends the connection. */
function talk(socket: Socket, { key, ports }: FeedServerConfig, shared: Shared): void {
  const challenge = randomBytes(CHALLENGE_BYTES).toString("hex");
  const lines = new LineCutter();
  let asker = -1;
  const takes = (line: string): boolean => {
    if (asker < 0) {
      const hello = readHello(line);
      if (hello === undefined || !isAnswer(key, challenge, hello) || hello.port < 0 || hello.port >= ports)
        return false;
      asker = hello.port;
      socket.setTimeout(0);
      return true;
    }
    const ask = readAsk(line);
    if (ask === undefined) return false;
    socket.write(`${JSON.stringify({ bytesPerSecond: shared(asker, ask) })}\n`);
    return true;
  };
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  socket.setTimeout(HELLO_MS, () => socket.destroy());
  socket.on("data", (text: string) => {
    const whole = lines.take(text);
    if (whole === undefined || !whole.every(takes)) socket.destroy();
  });
  socket.write(`${JSON.stringify({ challenge })}\n`);
}
