/** One request of a road over HTTP or HTTPS, whose body is read as fast as the road has room, and no faster. */
import { type IncomingMessage, request as httpRequest } from "node:http";
import { type Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { RoadHeaders } from "../core/types.ts";

/** Most that is taken from a socket at a time, bytes: what the throttle may be overdrawn by. */
const PIECE_BYTES_MAX = 16 * 1024;

export interface ExchangeSinks {
  /** @param cookies values of Set-Cookie */
  response(status: number, headers: RoadHeaders, cookies: readonly string[]): void;
  body(bytes: Uint8Array): void;
  end(): void;
  broken(cause: string): void;
  /** Bytes that may be read now. */
  roomBytes(): number;
}

export interface ExchangeRequest {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Its body is read as there is room. */
  isBulk: boolean;
}

/** A request that is under way, whoever answers it. */
export interface BodyExchange {
  /** Takes what is there, as far as there is room. */
  read(): void;
  /** What comes of it no longer counts. */
  abort(): void;
}

export class HttpExchange implements BodyExchange {
  readonly #sinks: ExchangeSinks;
  readonly #isBulk: boolean;
  readonly #request: ReturnType<typeof httpsRequest>;
  #response: IncomingMessage | undefined;
  #isOver = false;
  #isReading = false;

  /** @param agent for HTTPS: a client end that demands a staple; absent: Node's own */
  constructor(request: ExchangeRequest, agent: HttpsAgent | undefined, sinks: ExchangeSinks) {
    const { method, url, headers, body, isBulk } = request;
    this.#sinks = sinks;
    this.#isBulk = isBulk;
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const isSecure = url.protocol === "https:";
    const options = {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? undefined : Number(url.port),
      method,
      path: url.pathname + url.search,
      headers: { ...headers, ...length, host: url.host },
    };
    const send = isSecure ? httpsRequest : httpRequest;
    this.#request = send({ ...options, ...(isSecure && agent !== undefined && { agent }) });
    this.#request.on("response", (response) => this.#answered(response));
    this.#request.on("error", (error) => this.#over(() => sinks.broken(error.message)));
    this.#request.end(body);
  }

  #answered(response: IncomingMessage): void {
    if (this.#isOver) return;
    this.#response = response;
    const headers = Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    );
    response.on("readable", () => this.read());
    // A tick later its connection is free for what follows.
    response.on("end", () => this.#over(() => process.nextTick(() => this.#sinks.end())));
    response.on("error", (error) => this.#over(() => this.#sinks.broken(error.message)));
    response.on("close", () => this.#over(() => this.#sinks.broken("closed before its end")));
    this.#sinks.response(response.statusCode ?? 0, headers, response.headers["set-cookie"] ?? []);
  }

  /** Takes what is there, as far as there is room; what is left waits, and makes the sender wait. */
  read(): void {
    // What comes of a piece may ask for the next one.
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      this.#take();
    } finally {
      this.#isReading = false;
    }
  }

  #take(): void {
    const response = this.#response;
    while (response !== undefined && !this.#isOver) {
      const room = this.#isBulk ? this.#sinks.roomBytes() : Infinity;
      const wanted = Math.min(room, PIECE_BYTES_MAX, response.readableLength);
      // Nothing left: a read of nothing asks the stream for more, or for its end.
      if (room >= 1 && response.readableLength === 0) response.read(0);
      if (wanted < 1) return;
      const bytes = response.read(wanted) as Buffer | null;
      if (bytes === null) return;
      this.#sinks.body(bytes);
    }
  }

  /** What comes of it no longer counts. */
  abort(): void {
    this.#isOver = true;
    this.#request.destroy();
  }

  #over(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    tell();
  }
}
