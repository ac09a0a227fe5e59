/** Requests in, answers out: bodies with a limit, and one line where there is nothing else to say. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Guard } from "../../base/errors/index.ts";
import { DDI_ANSWER_TYPE } from "../../base/ddi/index.ts";

/** Of what a device sends. */
const BODY_BYTES_MAX = 64 * 1024;

export const AGAIN_SECONDS = 30;

/** What a request gets when it is not served. */
export class Refused extends Error {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;

  constructor(status: number, line: string, headers: OutgoingHttpHeaders = {}) {
    super(line);
    this.status = status;
    this.headers = headers;
  }
}

export async function bodyOf(request: IncomingMessage, bytesMax = BODY_BYTES_MAX): Promise<Buffer> {
  const tooLong = (): Refused => new Refused(413, `a body has at most ${bytesMax} bytes`, { connection: "close" });
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw tooLong();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function needMethod(request: IncomingMessage, ...methods: string[]): void {
  if (!methods.includes(request.method ?? ""))
    throw new Refused(405, `${methods.join(" or ")} is needed`, { allow: methods.join(", ") });
}

export function sendDocument(response: ServerResponse, body: string, type = DDI_ANSWER_TYPE): void {
  const bytes = Buffer.from(body);
  response.writeHead(200, { "content-type": type, "content-length": bytes.length, "cache-control": "no-store" });
  response.end(bytes);
}

export function sendRefusal(response: ServerResponse, { status, message, headers }: Refused): void {
  if (response.headersSent) return void response.destroy();
  const bytes = Buffer.from(`${message}\n`);
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": bytes.length,
    ...headers,
  });
  response.end(bytes);
}

/** What cannot be kept is not answered. */
export async function keptOrRefused(keeper: { keep(): Promise<void> }, guard: Guard): Promise<void> {
  try {
    await keeper.keep();
  } catch (error) {
    guard.take("state", error);
    throw new Refused(503, "the state cannot be kept", { "retry-after": `${AGAIN_SECONDS}` });
  }
}
