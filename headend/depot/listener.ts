/** Makes the server that depot and ACS listen with: HTTPS that staples, or plain HTTP. */
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { InputError, systemWords } from "../../base/errors/index.ts";
import { SERVER_LIMITS } from "../../base/http/index.ts";
import { serverOptions, type ServerIdentity, stapleOn, type StapleSource } from "../../base/tls/index.ts";

export interface DepotTls {
  identity: ServerIdentity;
  staple?: StapleSource;
  /** PEM of who issues certificates of devices; they may show one instead of a token. */
  clientCa?: string;
}

/** Connections at once; more are refused by the system. */
const CONNECTIONS_MAX = 16_384;

/** @param tell hears of a staple that cannot be had */
export function makeServer(
  listener: RequestListener,
  tls: DepotTls | undefined,
  tell: (error: unknown) => void,
): Server {
  const server = tls === undefined ? createServer(SERVER_LIMITS, listener) : secure(listener, tls, tell);
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

function secure(
  listener: RequestListener,
  { identity, staple, clientCa }: DepotTls,
  tell: (error: unknown) => void,
): Server {
  const options = serverOptions(identity, clientCa === undefined ? {} : { clientCa });
  // Who shows no certificate has a token to show.
  const server = createTlsServer({ ...SERVER_LIMITS, ...options, rejectUnauthorized: false }, listener);
  if (staple !== undefined) stapleOn(server, staple, tell);
  return server;
}

/**
 * Lets it listen.
 *
 * @param port 0: any that is free
 * @returns where it is, such as `https://127.0.0.1:8443`
 * @throws InputError when the address cannot be had
 */
export async function listening(server: Server, host: string, port: number): Promise<{ url: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error): void => reject(new InputError(`${host}:${port}: ${systemWords(error)}`));
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      resolve();
    });
  });
  const taken = (server.address() as AddressInfo).port;
  const scheme = server instanceof TlsServer ? "https" : "http";
  return { url: `${scheme}://${host.includes(":") ? `[${host}]` : host}:${taken}`, port: taken };
}
