/** Asks who comes: by digest, and over TLS by basic as well (TR-069, 3.4.4). */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { checkBasic, DigestServer } from "../../base/digest/index.ts";
import { Refused } from "../depot/answers.ts";

const SECRET_BYTES = 32;

export class Challenger {
  readonly #digest: DigestServer;
  readonly #realm: string;
  readonly #takesBasic: boolean;
  readonly #passwordOf: (username: string) => string | undefined;

  /** @param takesBasic names and passwords do not go in the clear */
  constructor(realm: string, takesBasic: boolean, passwordOf: (username: string) => string | undefined) {
    this.#realm = realm;
    this.#takesBasic = takesBasic;
    this.#passwordOf = passwordOf;
    // MD5 comes first: it is what every CPE knows, and some take what comes first.
    this.#digest = new DigestServer({ realm, algorithms: ["MD5", "SHA-256"], secret: randomBytes(SECRET_BYTES) });
  }

  /**
   * @returns the name that was shown
   * @throws Refused with a challenge
   */
  check({ headers, method = "", url = "" }: IncomingMessage): string {
    const header = headers.authorization ?? "";
    const nowMs = Date.now();
    const basic = this.#takesBasic ? checkBasic(header, this.#passwordOf) : undefined;
    if (basic !== undefined) return basic;
    const verdict = this.#digest.check(nowMs, header, method, url, this.#passwordOf);
    if (verdict.ok) return verdict.username;
    const challenges = this.#digest.challenge(nowMs, verdict.isStale);
    if (this.#takesBasic) challenges.push(`Basic realm="${this.#realm}", charset="UTF-8"`);
    throw new Refused(401, "name and password are needed", { "www-authenticate": challenges });
  }
}
