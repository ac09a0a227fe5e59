/** Makes the server that the depot listens with: HTTPS that staples, or plain HTTP. */
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
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
