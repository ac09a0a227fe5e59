/** HTTPS servers on the loopback that staple what a test says, and count what they hear. */
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Server as TlsServer, type TlsOptions } from "node:tls";
import { type ServerIdentity, serverOptions, stapleOn } from "../../../base/tls/index.ts";

export interface TestServer {
  port: number;
  /** Requests that came through. */
  requests: () => number;
  /** Bytes of the application, whatever they were. */
  bytes: () => number;
  /** Full handshakes: the others ask for no staple. */
  staplesAsked: () => number;
  close: () => Promise<void>;
}

/** @param staple asked for at each full handshake */
export async function startServer(
  identity: ServerIdentity,
  staple: () => Uint8Array | undefined | Promise<Uint8Array | undefined>,
  options: TlsOptions & { clientCa?: string } = {},
): Promise<TestServer> {
  const { clientCa, ...others } = options;
  let [requests, bytes, asked] = [0, 0, 0];
  const server = createServer({ ...serverOptions(identity, { clientCa }), ...others }, (_request, response) => {
    requests++;
    response.end("image");
  });
  if (!(server instanceof TlsServer)) throw new Error("an HTTPS server is a TLS server");
  server.on("secureConnection", (socket) => socket.on("data", (data: Buffer) => (bytes += data.length)));
  server.on("tlsClientError", () => undefined);
  stapleOn(
    server,
    () => {
      asked++;
      return staple();
    },
    () => undefined,
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests: () => requests,
    bytes: () => bytes,
    staplesAsked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
