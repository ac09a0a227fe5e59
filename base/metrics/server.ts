/** Serves metrics over HTTP, for Prometheus. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { caughtLine, InputError, systemWords } from "../errors/index.ts";
import { openDoor, SERVER_LIMITS } from "../http/index.ts";

export interface MetricsServer {
  readonly host: string;
  /** The port that was taken, also where 0 was asked for. */
  readonly port: number;
  /** Ends open connections too. */
  close(): Promise<void>;
}

const CONNECTIONS_MAX = 32;

/**
 * Serves a registry at /metrics.
 *
 * @param port 0 = any that is free
 * @throws Error when the address cannot be listened on
 */
export async function serveMetrics(host: string, port: number, registry: Registry): Promise<MetricsServer> {
  const server = createServer(SERVER_LIMITS);
  const metrics = shared(() => registry.metrics());
  const type = registry.contentType;
  await listening(server, host, port);
  openDoor(
    server,
    CONNECTIONS_MAX,
    (request, response) => void answer(request, response, { metrics, type }),
    (caught) => process.stderr.write(`metrics: ${caughtLine(caught)}`),
  );
  const address = server.address() as AddressInfo;
  return {
    host: address.address,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(new InputError(`metrics on ${host}:${port}: ${systemWords(error)}`));
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      resolve();
    });
  });
}

/** Callers that come while it is being made get the same: it takes as long for one as for all. */
function shared(make: () => Promise<string>): () => Promise<string> {
  let making: Promise<string> | undefined;
  return () => (making ??= make().finally(() => (making = undefined)));
}

interface Page {
  metrics: () => Promise<string>;
  type: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, { metrics, type }: Page): Promise<void> {
  const path = (request.url ?? "/").split("?", 1)[0];
  if (path !== "/metrics") {
    response.writeHead(404, { "content-type": "text/plain" }).end("metrics are at /metrics\n");
    return;
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  try {
    const body = await metrics();
    response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body) });
    response.end(request.method === "HEAD" ? undefined : body);
  } catch (error) {
    if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
    response.end(`${String(error)}\n`);
  }
}
