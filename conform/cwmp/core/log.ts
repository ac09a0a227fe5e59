/** Every request of a case with its answer, by numbers that reports name; an HTTP archive is made of it. */
import type { HttpReply } from "./types.ts";

export interface LoggedExchange {
  /** From 1, over the case. */
  number: number;
  /** Step of the case, from 1; 0: while it was made ready. */
  step: number;
  /** Who asked. */
  from: "device" | "tester";
  startNs: number;
  /** When it was answered; undefined: it was not. */
  endNs?: number;
  method: string;
  url: string;
  headers: readonly (readonly [string, string])[];
  body: Uint8Array;
  status?: number;
  replyHeaders: readonly (readonly [string, string])[];
  replyBody: Uint8Array;
  /** What the tester did on purpose, or why there was no answer. */
  notes: string[];
}

/** Exchanges that are kept of a case; more is a flood. */
export const EXCHANGES_MAX = 10_000;
const NOTHING = new Uint8Array(0);

type Asked = Pick<LoggedExchange, "from" | "startNs" | "method" | "url" | "body"> & {
  headers: Readonly<Record<string, string>>;
};

export class HttpLog {
  readonly exchanges: LoggedExchange[] = [];
  step = 0;
  #notes: string[] = [];

  /** Goes with the next exchange. */
  note(text: string): void {
    this.#notes.push(text);
  }

  begin({ headers, ...asked }: Asked): LoggedExchange {
    const exchange: LoggedExchange = {
      number: this.exchanges.length + 1,
      step: this.step,
      ...asked,
      headers: Object.entries(headers),
      replyHeaders: [],
      replyBody: NOTHING,
      notes: this.#notes,
    };
    this.#notes = [];
    this.exchanges.push(exchange);
    return exchange;
  }

  /** What the tester answered. */
  replied(exchange: LoggedExchange, nowNs: number, reply: HttpReply): void {
    const { status, headers = {}, body = NOTHING, afterMs = 0, cutAtBytes, breaks, isSilent, isChunked } = reply;
    const tell = (isSo: boolean | undefined, text: string): void => {
      if (isSo === true) exchange.notes.push(text);
    };
    tell(afterMs > 0, `answered ${afterMs} ms later, on purpose`);
    tell(isChunked, "in pieces, on purpose");
    tell(breaks, "the connection was broken, on purpose");
    tell(isSilent, "not answered, on purpose");
    tell(cutAtBytes !== undefined, `cut off after ${cutAtBytes} bytes, on purpose`);
    if (breaks === true || isSilent === true) return;
    exchange.endNs = nowNs + afterMs * 1e6;
    exchange.status = status;
    exchange.replyHeaders = Object.entries(headers).flatMap(([name, value]) =>
      (typeof value === "string" ? [value] : value).map((each) => [name, each] as const),
    );
    exchange.replyBody = cutAtBytes === undefined ? body : body.subarray(0, cutAtBytes);
  }

  at(number: number): LoggedExchange | undefined {
    return this.exchanges[number - 1];
  }

  get last(): number {
    return this.exchanges.length;
  }
}
