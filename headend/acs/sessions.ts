/** Which session a request belongs to: by the cookie that the CPE was given, or, where it gives none back, by its connection. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { AcsSession } from "./core/index.ts";

const COOKIE = "session";
const COOKIE_BYTES = 16;
/** A session in which nothing happens for so long is over; the standard asks for 30 s at least (TR-069, 3.7.1.4). */
const IDLE_MS = 60_000;
const SESSIONS_MAX = 8_192;

export interface OpenSession {
  session: AcsSession;
  cookie: string;
  /** A request of it is being answered: there is one at a time. */
  isBusy: boolean;
  heardMs: number;
}

export class Sessions {
  readonly #byCookie = new Map<string, OpenSession>();
  readonly #bySocket = new WeakMap<Socket, OpenSession>();

  get active(): number {
    return this.#byCookie.size;
  }

  get isFull(): boolean {
    return this.#byCookie.size >= SESSIONS_MAX;
  }

  find(request: IncomingMessage, nowMs: number): OpenSession | undefined {
    const cookie = cookieOf(request);
    const found = cookie === undefined ? this.#bySocket.get(request.socket) : this.#byCookie.get(cookie);
    if (found === undefined || found.session.isOver) return undefined;
    found.heardMs = nowMs;
    return found;
  }

  add(request: IncomingMessage, session: AcsSession, nowMs: number): OpenSession {
    const cookie = randomBytes(COOKIE_BYTES).toString("hex");
    const open = { session, cookie, isBusy: false, heardMs: nowMs };
    this.#byCookie.set(cookie, open);
    this.#bySocket.set(request.socket, open);
    return open;
  }

  remove({ cookie }: OpenSession): void {
    this.#byCookie.delete(cookie);
  }

  /** Lets those go that are over, or of which nothing is heard. */
  sweep(nowMs: number): void {
    for (const open of this.#byCookie.values()) {
      if (open.isBusy || (!open.session.isOver && nowMs - open.heardMs < IDLE_MS)) continue;
      open.session.abandon();
      this.remove(open);
    }
  }
}

/** For the whole session (TR-069, 3.4.1). */
export const cookieHeader = ({ cookie }: OpenSession, path: string): string =>
  `${COOKIE}=${cookie}; Path=${path}; HttpOnly`;

const cookieOf = ({ headers }: IncomingMessage): string | undefined =>
  /(?:^|;)\s*session="?([0-9a-f]{32})"?\s*(?:;|$)/.exec(headers.cookie ?? "")?.[1];
