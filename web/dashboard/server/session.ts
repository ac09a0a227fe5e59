/** Who may see the page: whoever opened the address that was printed, from the page itself, and from nowhere else. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { bearerOf, checkNames, HttpRefusal, isToken, type ListenPlace } from "../../../base/http/index.ts";

const TOKEN_BYTES = 24;
/** A header that a form or a picture of another page cannot send. */
const OWN_HEADER = "x-poncast";

export const newToken = (): string => randomBytes(TOKEN_BYTES).toString("base64url");

export class PageSession {
  readonly token: string;
  readonly #place: ListenPlace;
  /** By port: cookies of one host are shared by all its ports. */
  readonly #cookie: string;

  constructor(token: string, place: ListenPlace) {
    this.token = token;
    this.#place = place;
    this.#cookie = `poncast-${place.port}`;
  }

  /** For the first answer: from then on the browser has it, and no script sees it. */
  get setCookie(): string {
    return `${this.#cookie}=${this.token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** @throws HttpRefusal where the request is for another server, or from another page */
  checkNames(request: IncomingMessage): void {
    checkNames(request, this.#place);
  }

  isRight(token: string): boolean {
    return isToken(token, this.token);
  }

  /** @throws HttpRefusal for who does not have the token */
  check(request: IncomingMessage): void {
    if (!this.isRight(this.#cookieOf(request)) && !this.isRight(bearerOf(request)))
      throw new HttpRefusal(401, "open the address that poncast printed: it has the token");
  }

  /** @throws HttpRefusal for what another page may have sent in this browser's name */
  checkChange(request: IncomingMessage): void {
    this.check(request);
    if (!this.isRight(bearerOf(request)) && request.headers[OWN_HEADER] !== "1")
      throw new HttpRefusal(403, "X-Poncast: 1 is needed");
  }

  #cookieOf({ headers }: IncomingMessage): string {
    for (const part of (headers.cookie ?? "").split(";")) {
      const [name, value] = part.trim().split("=", 2);
      if (name === this.#cookie) return value ?? "";
    }
    return "";
  }
}
