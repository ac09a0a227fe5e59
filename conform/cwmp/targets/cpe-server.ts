/** The way to somebody else's CPE: our ACS and file server, which it comes to, and its door for connection requests. */
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { InputError, systemWords } from "../../../base/errors/index.ts";
import { serverOptions, type ServerIdentity, stapleOn } from "../../../base/tls/index.ts";
import type { CpeWay, CwmpTarget, HttpAnswer, HttpAsk, TesterRequest } from "../core/types.ts";
import { RealTester } from "./real-time.ts";
import { Connections } from "./request.ts";
import { askListener } from "./server.ts";

export interface CpeServerOptions {
  host: string;
  /** 0: any that is free. */
  port: number;
  /** Where the CPE reaches it; by default as it listens. */
  origin?: string;
  timeScale: number;
  /** Takes its power away and gives it back. */
  powerCycle?: () => Promise<void>;
  /** Of a server whose certificate is revoked, at the next port. */
  revoked?: { identity: ServerIdentity; staple: () => Promise<Uint8Array> };
  /** It listens. */
  onListening?: (acsUrl: string) => void;
}

const KEEP_ALIVE_MS = 65_000;

export const cpeServerTarget = (options: CpeServerOptions): CwmpTarget<CpeWay> => ({
  name: `${options.host}:${options.port}`,
  isFreshEachCase: false,
  open: () => CpeServer.open(options),
});

class CpeServer extends RealTester implements CpeWay {
  readonly name = "cpe";
  readonly origin: string;
  readonly deadOrigin: string;
  readonly revokedOrigin?: string;
  readonly powerCycle?: () => Promise<void>;
  onAsk: (ask: HttpAsk) => void = () => undefined;
  readonly #servers: readonly Server[];
  readonly #connections = new Connections();

  private constructor(
    options: CpeServerOptions,
    servers: readonly Server[],
    { origin, deadOrigin, revokedOrigin }: Pick<CpeWay, "origin" | "deadOrigin" | "revokedOrigin">,
  ) {
    super(options.timeScale);
    this.#servers = servers;
    this.origin = origin;
    this.deadOrigin = deadOrigin;
    if (revokedOrigin !== undefined) this.revokedOrigin = revokedOrigin;
    if (options.powerCycle !== undefined) this.powerCycle = options.powerCycle;
  }

  /** @throws InputError when the address cannot be had */
  static async open(options: CpeServerOptions): Promise<CpeServer> {
    const { host, port, revoked, onListening } = options;
    let way: CpeServer | undefined;
    const heard = (ask: HttpAsk): void => way?.heard(ask);
    const server = createServer(askListener(false, heard));
    const taken = await listen(server, host, port);
    const servers = [server];
    const at = (scheme: string, each: number): string =>
      `${scheme}://${host.includes(":") ? `[${host}]` : host}:${each}`;
    const origin = options.origin ?? at("http", taken);
    let revokedOrigin: string | undefined;
    if (revoked !== undefined) {
      const secure = createTlsServer(serverOptions(revoked.identity), askListener(true, heard));
      stapleOn(secure, revoked.staple, () => undefined);
      servers.push(secure);
      revokedOrigin = secureOrigin(origin, await listen(secure, host, port === 0 ? 0 : port + 1));
    }
    // A port that was free a moment ago, and at which nobody listens.
    const gone = createServer();
    const dead = await listen(gone, host, 0);
    await new Promise((done) => gone.close(done));
    const deadOrigin = Object.assign(new URL(origin), { port: `${dead}` }).origin;
    way = new CpeServer(options, servers, {
      origin,
      deadOrigin,
      ...(revokedOrigin !== undefined && { revokedOrigin }),
    });
    onListening?.(`${origin}/acs`);
    return way;
  }

  heard(ask: HttpAsk): void {
    this.onAsk(ask);
    this.wake();
  }

  request(request: TesterRequest): Promise<HttpAnswer> {
    return this.#connections.request(request);
  }

  async close(): Promise<void> {
    this.#connections.close();
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }
}

const secureOrigin = (origin: string, port: number): string => {
  const url = new URL(origin);
  return `https://${url.hostname}:${port}`;
};

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new InputError(`${host}:${port}: ${systemWords(error)}`)));
    server.listen(port, host, () => resolve());
  });
  return (server.address() as AddressInfo).port;
}
