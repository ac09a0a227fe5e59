/** Asks a CPE for a session: GET to where it listens, answered by digest (TR-069, 3.2.2). Few at once, and each device not too often. */
import { randomBytes } from "node:crypto";
import { type IncomingMessage, request } from "node:http";
import { DigestClient } from "../../base/digest/index.ts";
import { isSystemError, systemWords } from "../../base/errors/index.ts";
import type { AcsCredentials } from "./core/index.ts";

const TIMEOUT_MS = 10_000;
const AT_ONCE_MAX = 32;
/** Between two of one device. */
const AGAIN_MS = 5_000;
const REMEMBERED_MAX = 100_000;
const CLIENT_NONCE_BYTES = 16;

/** Whom an ACS may ask: a device says itself where it is, and might name somebody else. */
export type ConnectionTargets = "same" | "any" | "never";

export type ConnectionResult = { ok: true } | { ok: false; why: string };

const failed = (why: string): ConnectionResult => ({ ok: false, why });

export class ConnectionRequests {
  readonly #targets: ConnectionTargets;
  readonly #nowMs: () => number;
  readonly #askedMs = new Map<string, number>();
  #active = 0;

  constructor(targets: ConnectionTargets, nowMs: () => number) {
    this.#targets = targets;
    this.#nowMs = nowMs;
  }

  /** @param peer address from which its last session came */
  async ask(
    device: string,
    where: ({ url: string } & AcsCredentials) | undefined,
    peer: string | undefined,
  ): Promise<ConnectionResult> {
    const target = where === undefined ? "it has not said where it listens" : this.#targetOf(where.url, peer);
    if (typeof target === "string") return failed(target);
    const nowMs = this.#nowMs();
    const lastMs = this.#askedMs.get(device) ?? -Infinity;
    if (nowMs - lastMs < AGAIN_MS) return failed(`it was asked less than ${AGAIN_MS / 1_000} s ago`);
    if (this.#active >= AT_ONCE_MAX) return failed(`${AT_ONCE_MAX} devices are asked already`);
    this.#askedMs.delete(device);
    this.#askedMs.set(device, nowMs);
    if (this.#askedMs.size > REMEMBERED_MAX) this.#askedMs.delete(this.#askedMs.keys().next().value!);
    this.#active++;
    try {
      return await knock(target, where!);
    } catch (error) {
      return failed(isSystemError(error) ? systemWords(error) : (error as Error).message);
    } finally {
      this.#active--;
    }
  }

  #targetOf(url: string, peer: string | undefined): URL | string {
    if (this.#targets === "never") return "connection requests are turned off";
    if (!URL.canParse(url)) return "it listens at no URL";
    const target = new URL(url);
    if (target.protocol !== "http:") return `${target.protocol} is not asked, http: is`;
    if (target.username !== "" || target.password !== "") return "its URL has a name or a password in it";
    if (this.#targets === "any") return target;
    if (peer === undefined) return "it has had no session since this server started";
    return plainAddress(target.hostname) === plainAddress(peer)
      ? target
      : `it listens at ${target.hostname}, and came from ${plainAddress(peer)}`;
  }
}

/** Of IPv4 in IPv6's form, and of IPv6 in a URL. */
const plainAddress = (address: string): string => address.replace(/^::ffff:/, "").replaceAll(/^\[|\]$/g, "");

async function knock(target: URL, credentials: AcsCredentials): Promise<ConnectionResult> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const uri = `${target.pathname}${target.search}`;
  const digest = new DigestClient(credentials);
  let answer = await get(target, {}, signal);
  // Its nonce may have grown old in between: once more.
  for (let tries = 0; answer.status === 401 && tries < 2; tries++) {
    if (digest.take(answer.challenge) === undefined) return failed("it asks for no digest");
    answer = await get(
      target,
      { authorization: digest.answer("GET", uri, randomBytes(CLIENT_NONCE_BYTES).toString("hex"))! },
      signal,
    );
  }
  const { status } = answer;
  if (status === 200 || status === 204) return { ok: true };
  if (status === 401) return failed("it does not take our name and password");
  return failed(status === 503 ? "it is busy" : `it answers ${status}`);
}

/** What it says beyond its head is not read. */
function get(
  target: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<{ status: number; challenge: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(target, { headers, signal, agent: false }, (answer: IncomingMessage) => {
      answer.on("error", () => undefined);
      resolve({ status: answer.statusCode ?? 0, challenge: answer.headers["www-authenticate"] ?? "" });
      answer.destroy();
    });
    sent.on("error", (error) => reject(signal.aborted ? new Error("it does not answer") : error));
    sent.end();
  });
}
