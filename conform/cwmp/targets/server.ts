/** A server whose answers a tester decides on: as they should be, late, in pieces, cut off, or not at all. */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { HttpAsk, HttpReply } from "../core/types.ts";

const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** @param isSecure its connections are over TLS */
export function askListener(isSecure: boolean, onAsk: (ask: HttpAsk) => void): RequestListener {
  const connections = new WeakMap<Socket, number>();
  let count = 0;
  return (request, response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) request.destroy();
      else chunks.push(chunk);
    });
    request.on("end", () => {
      const { socket, method = "", url = "/" } = request;
      const connection = connections.get(socket) ?? ++count;
      connections.set(socket, connection);
      onAsk({
        method,
        path: url,
        headers: fieldsOf(request),
        body: Buffer.concat(chunks),
        connection,
        isSecure,
        answer: (reply) => answer(response, socket, reply),
      });
    });
  };
}

const fieldsOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );

function answer(response: ServerResponse, socket: Socket, reply: HttpReply): void {
  const { status, headers = {}, body, afterMs = 0, isChunked, cutAtBytes, breaks, isSilent } = reply;
  if (isSilent === true) return;
  if (afterMs > 0) {
    setTimeout(() => answer(response, socket, { ...reply, afterMs: 0 }), afterMs).unref();
    return;
  }
  if (breaks === true) return void socket.destroy();
  const length = isChunked === true || status === 204 ? {} : { "content-length": body?.length ?? 0 };
  response.writeHead(status, { ...headersOf(headers), ...length });
  if (cutAtBytes !== undefined && body !== undefined && cutAtBytes < body.length) {
    response.write(body.subarray(0, cutAtBytes), () => socket.destroy());
    return;
  }
  if (isChunked === true && body !== undefined) {
    const half = Math.ceil(body.length / 2);
    response.write(body.subarray(0, half));
    return void response.end(body.subarray(half));
  }
  response.end(body);
}

const headersOf = (headers: NonNullable<HttpReply["headers"]>): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
