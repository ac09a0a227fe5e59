/** Where a CPE of ours takes connection requests, and what it shows servers that ask who is there: as its driver has it, in virtual time. */
import { DigestClient, DigestServer } from "../../../base/digest/index.ts";
import type { Cpe, CpeRequest } from "../../../ont/cpe/index.ts";
import type { HttpAnswer, TesterRequest } from "../core/types.ts";

const NS_PER_MS = 1e6;
const UNAUTHORIZED = 401;
const NOTHING = new Uint8Array(0);
/** Nobody is kept out by it in virtual time. */
const SECRET = new Uint8Array(32).fill(0xa5);
const DOOR_PATH = "/r4nd0m";
export const DOOR_URL = `http://192.0.2.7:7547${DOOR_PATH}`;

/** How a door may be less than it should. */
export interface DoorFlaw {
  /** Asks nobody who is there. */
  letsAnybodyIn?: boolean;
  /** Takes the same answer again. */
  takesReplays?: boolean;
  hasAnyPath?: boolean;
}

export class SelfDoor {
  readonly #flaw: DoorFlaw;
  readonly #digest = new DigestServer({ realm: "CPE", algorithms: ["MD5"], secret: SECRET });
  readonly #taken = new Set<string>();

  constructor(flaw: DoorFlaw) {
    this.#flaw = flaw;
  }

  /** @param cpe undefined: it does not run */
  answer(cpe: Cpe | undefined, { method, url, headers }: TesterRequest, nowNs: number): HttpAnswer {
    const said = (status: number, fields: Record<string, string> = {}): HttpAnswer => ({
      ok: true,
      status,
      headers: { ...fields, "content-length": "0" },
      cookies: [],
      body: NOTHING,
    });
    if (cpe === undefined) return { ok: false, cause: "connect ECONNREFUSED" };
    const { pathname, origin } = new URL(url);
    if (!DOOR_URL.startsWith(origin)) return { ok: false, cause: "connect ECONNREFUSED" };
    if (pathname !== DOOR_PATH) return said(this.#flaw.hasAnyPath === true ? 200 : 404);
    if (method !== "GET") return said(405, { allow: "GET" });
    const nowMs = nowNs / NS_PER_MS;
    const header = headers["authorization"] ?? "";
    const isReplay = this.#flaw.takesReplays === true && this.#taken.has(header);
    if (this.#flaw.letsAnybodyIn !== true && !isReplay) {
      const verdict = this.#digest.check(nowMs, header, method, pathname, (user) =>
        cpe.connectionRequestPassword(user),
      );
      if (!verdict.ok)
        return said(401, { "www-authenticate": this.#digest.challenge(nowMs, verdict.isStale).join(", ") });
      this.#taken.add(header);
    }
    const answer = cpe.handleConnectionRequest(nowNs);
    return answer === "accepted" ? said(200) : said(503, { "retry-after": answer === "busy" ? "5" : "60" });
  }
}

/** To servers that ask: the challenge holds for the requests that follow. */
export class SelfShows {
  readonly #doors = new Map<string, DigestClient>();
  #nonces = 0;

  authorizationOf(request: CpeRequest): string | undefined {
    const { pathname, search } = new URL(request.url);
    return this.#doors.get(keyOf(request))?.answer(request.method, pathname + search, `self-${++this.#nonces}`);
  }

  /** @returns whether it is to be asked for once more */
  take(request: CpeRequest, status: number, challenge: string | undefined): boolean {
    const { credentials } = request;
    if (status !== UNAUTHORIZED || challenge === undefined || credentials.username === "") return false;
    const digest = new DigestClient(credentials);
    if (digest.take(challenge) === undefined) return false;
    this.#doors.set(keyOf(request), digest);
    return true;
  }
}

const keyOf = ({ credentials: { username, password }, url }: CpeRequest): string =>
  [new URL(url).origin, username, password].join("\n");
