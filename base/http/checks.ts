/** Who may ask a server on this machine, and how it answers: the checks that every server of ours with a token makes. */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isIP } from "node:net";

const WILDCARDS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** What a request gets when it is not served. */
export class HttpRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Where a server listens. */
export interface ListenPlace {
  host: string;
  port: number;
}

/**
 * A page in a browser on this machine can send requests here: it says where it comes from (Origin), and, where a name was made
 * to lead here, names another host.
 *
 * @throws HttpRefusal
 */
export function checkNames({ headers }: IncomingMessage, { host, port }: ListenPlace): void {
  const named = /^(.*):(\d+)$/.exec(headers.host ?? "");
  const name = named?.[1].replace(/^\[|\]$/g, "") ?? "";
  const isOurs = ["localhost", "127.0.0.1", "::1", host].includes(name) || (WILDCARDS.has(host) && isIP(name) > 0);
  if (!isOurs || named?.[2] !== `${port}`) throw new HttpRefusal(403, "host: not the one this server has");
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`)
    throw new HttpRefusal(403, "origin: other pages may not use this");
}

/** The token that a request brings along in `Authorization: Bearer`, else empty. */
export const bearerOf = ({ headers }: IncomingMessage): string =>
  /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "";

/** In a time that does not tell how much of it is right. */
export function isToken(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** @throws HttpRefusal when it is no JSON by its type, or too long */
export async function jsonBodyOf(request: IncomingMessage, bytesMax: number): Promise<string> {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
    throw new HttpRefusal(415, "content-type: application/json is needed");
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new HttpRefusal(413, `a body has at most ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}
