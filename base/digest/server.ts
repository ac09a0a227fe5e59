/**
 * The server's side: challenges with fresh nonces, and what an answer is worth. A nonce carries its own proof, so that challenges
 * cost no memory: only those are remembered that somebody has answered who knows the password.
 */
import { createHmac } from "node:crypto";
import { quote, readAuthHeader } from "./header.ts";
import { algorithmOf, type DigestAlgorithm, digestOf, isSameSecret } from "./hash.ts";

/** A nonce is taken for so long. */
const NONCE_LIFE_MS = 300_000;
const NONCES_MAX = 16_384;
const HEX = 16;
const NONCE = /^([0-9a-f]{1,14})-([0-9a-f]{1,14})-[\w-]{43}$/;
const COUNT = /^[0-9a-f]{8}$/i;

export interface DigestServerConfig {
  realm: string;
  /** In the order in which they are offered: clients that know one challenge take the first. */
  algorithms: readonly DigestAlgorithm[];
  /** Of this server alone, and secret; 16 bytes at least. */
  secret: Uint8Array;
  nonceLifeMs?: number;
  noncesMax?: number;
}

export type DigestVerdict =
  | { ok: true; username: string }
  /** `stale`: the password was right, the nonce is too old or was used already: a new challenge will do. */
  | { ok: false; isStale: boolean };

const REFUSED: DigestVerdict = { ok: false, isStale: false };

export class DigestServer {
  readonly #config: DigestServerConfig;
  readonly #lifeMs: number;
  readonly #noncesMax: number;
  #challenges = 0;
  /** By nonce: the count of its last request, in the order of their first. */
  readonly #used = new Map<string, number>();
  /** Nonces until then, of which a count may have been forgotten, are taken no more. */
  #forgottenMs = -Infinity;

  constructor(config: DigestServerConfig) {
    this.#config = config;
    this.#lifeMs = config.nonceLifeMs ?? NONCE_LIFE_MS;
    this.#noncesMax = config.noncesMax ?? NONCES_MAX;
  }

  /** Values of WWW-Authenticate, one for each algorithm. */
  challenge(nowMs: number, isStale = false): string[] {
    const { realm, algorithms } = this.#config;
    const nonce = this.#nonceOf(Math.floor(nowMs).toString(HEX), (++this.#challenges).toString(HEX));
    return algorithms.map(
      (algorithm) =>
        `Digest realm=${quote(realm)}, qop="auth", algorithm=${algorithm}, nonce="${nonce}"${isStale ? ", stale=true" : ""}`,
    );
  }

  /**
   * @param header Authorization of the request
   * @param uri as in its first line
   * @param passwordOf undefined for a user who is not known
   */
  check(
    nowMs: number,
    header: string,
    method: string,
    uri: string,
    passwordOf: (username: string) => string | undefined,
  ): DigestVerdict {
    const [scheme, ...others] = readAuthHeader(header);
    if (scheme?.scheme !== "digest" || others.length > 0) return REFUSED;
    const given = (name: string): string => scheme.parameters.get(name) ?? "";
    const algorithm = algorithmOf(scheme.parameters.get("algorithm"));
    if (algorithm === undefined || !this.#config.algorithms.includes(algorithm)) return REFUSED;
    const [username, nonce, nonceCount] = [given("username"), given("nonce"), given("nc")];
    if (given("realm") !== this.#config.realm || given("uri") !== uri) return REFUSED;
    if (given("qop") !== "auth" || !COUNT.test(nonceCount) || given("cnonce") === "") return REFUSED;
    const password = passwordOf(username);
    const { realm } = this.#config;
    const clientNonce = given("cnonce");
    const input = { algorithm, username, realm, method, uri, nonce, nonceCount, clientNonce };
    // Of somebody who is not known it is computed, too: how long it takes tells nobody who is.
    const isRight = isSameSecret(given("response").toLowerCase(), digestOf({ ...input, password: password ?? "" }));
    if (!isRight || password === undefined) return REFUSED;
    const issuedMs = this.#issuedMs(nonce);
    const isFresh = issuedMs !== undefined && nowMs - issuedMs <= this.#lifeMs;
    if (!isFresh || !this.#take(nonce, issuedMs, Number.parseInt(nonceCount, HEX))) return { ok: false, isStale: true };
    return { ok: true, username };
  }

  #nonceOf(time: string, number: string): string {
    const { secret } = this.#config;
    return `${time}-${number}-${createHmac("sha256", secret).update(`${time}-${number}`).digest("base64url")}`;
  }

  /** Of a nonce of ours. */
  #issuedMs(nonce: string): number | undefined {
    const [, time, number] = NONCE.exec(nonce) ?? [];
    if (time === undefined || !isSameSecret(nonce, this.#nonceOf(time, number))) return undefined;
    return Number.parseInt(time, HEX);
  }

  /** Each count once, and in order: what was listened to is worth nothing (RFC 7616, 5.4). */
  #take(nonce: string, issuedMs: number, count: number): boolean {
    const last = this.#used.get(nonce);
    if (last === undefined ? issuedMs <= this.#forgottenMs || count === 0 : count <= last) return false;
    this.#used.delete(nonce);
    this.#used.set(nonce, count);
    if (this.#used.size > this.#noncesMax) this.#forgetOldest();
    return true;
  }

  #forgetOldest(): void {
    for (const nonce of this.#used.keys()) {
      this.#used.delete(nonce);
      this.#forgottenMs = Math.max(this.#forgottenMs, this.#issuedMs(nonce)!);
      return;
    }
  }
}
