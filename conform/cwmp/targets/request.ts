/** One request over HTTP or HTTPS, for testers: what comes back, or why nothing does. */
import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as TlsAgent, request as httpsRequest } from "node:https";
import type { HttpAnswer, TesterRequest } from "../core/types.ts";

const ANSWER_MS_MAX = 35_000;
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const PIECE_BYTES = 100;

/** Connections that requests share by name. */
export class Connections {
  readonly #agents = new Map<string, Agent>();
  readonly #ca: string | undefined;

  /** @param ca PEM of who issues the certificates of servers; absent: those of the system */
  constructor(ca?: string) {
    this.#ca = ca;
  }

  request({ method, url, headers, body, isChunked, connection }: TesterRequest): Promise<HttpAnswer> {
    const target = new URL(url);
    const isSecure = target.protocol === "https:";
    const agent = connection === undefined ? false : this.#agentOf(`${target.protocol} ${connection}`, isSecure);
    const length = body === undefined || isChunked === true ? {} : { "content-length": body.length };
    return new Promise((resolve) => {
      const failed = (error: Error): void => resolve({ ok: false, cause: error.message.split("\n", 1)[0]! });
      const send = isSecure ? httpsRequest : httpRequest;
      const sent = send(
        target,
        {
          method,
          agent: isSecure && agent === false ? new TlsAgent({ ...this.#trust }) : agent,
          headers: { ...headers, ...length, ...(isChunked === true && { "transfer-encoding": "chunked" }) },
          signal: AbortSignal.timeout(ANSWER_MS_MAX),
          ...this.#trust,
        },
        (answer) => void bodyOf(answer).then(resolve, failed),
      );
      sent.on("error", failed);
      if (isChunked !== true) return void sent.end(body);
      for (let at = 0; at < (body?.length ?? 0); at += PIECE_BYTES) sent.write(body!.subarray(at, at + PIECE_BYTES));
      sent.end();
    });
  }

  get #trust(): { ca?: string } {
    return this.#ca === undefined ? {} : { ca: this.#ca };
  }

  #agentOf(name: string, isSecure: boolean): Agent {
    let agent = this.#agents.get(name);
    if (agent === undefined) {
      const options = { keepAlive: true, maxSockets: 1 };
      agent = isSecure ? new TlsAgent({ ...options, ...this.#trust }) : new Agent(options);
      this.#agents.set(name, agent);
    }
    return agent;
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }
}

async function bodyOf(answer: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`more than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  const cookies = answer.headers["set-cookie"] ?? [];
  return { ok: true, status: answer.statusCode ?? 0, headers, cookies, body: Buffer.concat(chunks) };
}
