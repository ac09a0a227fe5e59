/** The client's side: takes a challenge, and answers it for each request, with the count that the nonce asks for. */
import { type AuthScheme, quote, readAuthHeader } from "./header.ts";
import { algorithmOf, DIGEST_ALGORITHMS, type DigestAlgorithm, digestOf } from "./hash.ts";

const HEX = 16;
const COUNT_DIGITS = 8;
/** What a header of HTTP can carry as it is. */
const PLAIN = /^[\u0020-\u007E]*$/;

interface DigestChallenge {
  algorithm: DigestAlgorithm;
  realm: string;
  nonce: string;
  opaque: string | undefined;
}

export interface Credentials {
  username: string;
  password: string;
}

export class DigestClient {
  readonly #credentials: Credentials;
  #challenge: DigestChallenge | undefined;
  #count = 0;

  /** @throws RangeError for a name that no header can carry */
  constructor(credentials: Credentials) {
    if (!PLAIN.test(credentials.username))
      throw new RangeError("a user's name has printable characters of ASCII alone");
    this.#credentials = credentials;
  }

  /**
   * Takes the strongest that it knows of what a server offers.
   *
   * @param header WWW-Authenticate, all of them with commas between
   * @returns whether there is one; stale: it is for the same password with a new nonce
   */
  take(header: string): { isStale: boolean } | undefined {
    const schemes = readAuthHeader(header);
    for (const algorithm of DIGEST_ALGORITHMS) {
      const scheme = schemes.find((each) => isFor(each, algorithm));
      if (scheme === undefined) continue;
      const { parameters } = scheme;
      const [realm, nonce, opaque] = ["realm", "nonce", "opaque"].map((name) => parameters.get(name));
      this.#challenge = { algorithm, realm: realm ?? "", nonce: nonce!, opaque };
      this.#count = 0;
      return { isStale: parameters.get("stale")?.toLowerCase() === "true" };
    }
    return undefined;
  }

  /**
   * @param clientNonce drawn by chance, anew for each request
   * @returns value of Authorization; undefined as long as there was no challenge
   */
  answer(method: string, uri: string, clientNonce: string): string | undefined {
    if (this.#challenge === undefined) return undefined;
    const { algorithm, realm, nonce, opaque } = this.#challenge;
    const { username, password } = this.#credentials;
    const nonceCount = (++this.#count).toString(HEX).padStart(COUNT_DIGITS, "0");
    const response = digestOf({ algorithm, username, realm, password, method, uri, nonce, nonceCount, clientNonce });
    const parts = [
      `username=${quote(username)}`,
      `realm=${quote(realm)}`,
      `nonce=${quote(nonce)}`,
      `uri=${quote(uri)}`,
      `algorithm=${algorithm}`,
      "qop=auth",
      `nc=${nonceCount}`,
      `cnonce=${quote(clientNonce)}`,
      `response="${response}"`,
      ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ];
    return `Digest ${parts.join(", ")}`;
  }
}

const isFor = ({ scheme, parameters }: AuthScheme, algorithm: DigestAlgorithm): boolean =>
  scheme === "digest" &&
  algorithmOf(parameters.get("algorithm")) === algorithm &&
  parameters.has("nonce") &&
  (parameters.get("qop") ?? "").split(",").some((qop) => qop.trim() === "auth");
