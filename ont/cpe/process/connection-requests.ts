/** Where an ACS asks a CPE for a session (TR-069, 3.2.2): GET on a path that nobody can guess, by digest. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DigestServer } from "../../../base/digest/index.ts";
import type { ConnectionVerdict } from "../core/types.ts";

const LOOPBACK = "127.0.0.1";
const PATH_BYTES = 18;
const SECRET_BYTES = 32;
const CONNECTIONS_MAX = 8;
const REQUEST_TIMEOUT_MS = 5000;
const HEADER_BYTES_MAX = 8192;
/** Seconds after which somebody who was turned away may come again. */
const RETRY_AFTER: Readonly<Record<Exclude<ConnectionVerdict, "accepted">, string>> = { busy: "5", limited: "60" };

export class ConnectionRequestDoor {
  readonly url: string;
  readonly #server: Server;
  readonly #path: string;
  readonly #digest = new DigestServer({
    realm: "CPE",
    algorithms: ["MD5"],
    secret: randomBytes(SECRET_BYTES),
  });
  /** What the device says to it, while it runs. */
  #passwordOf: (username: string) => string | undefined = () => undefined;
  #ask: () => ConnectionVerdict = () => "busy";

  private constructor(server: Server, port: number) {
    this.#path = `/${randomBytes(PATH_BYTES).toString("base64url")}`;
    this.url = `http://${LOOPBACK}:${port}${this.#path}`;
    this.#server = server;
    server.on("request", (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response));
  }

  static async listen(): Promise<ConnectionRequestDoor> {
    const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: REQUEST_TIMEOUT_MS });
    server.maxConnections = CONNECTIONS_MAX;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: LOOPBACK, port: 0 }, resolve);
    });
    return new ConnectionRequestDoor(server, (server.address() as AddressInfo).port);
  }

  /** @param passwordOf what the device goes by at the moment; undefined for a user who is not known */
  serve(passwordOf: (username: string) => string | undefined, ask: () => ConnectionVerdict): void {
    this.#passwordOf = passwordOf;
    this.#ask = ask;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const { method = "", url = "" } = request;
    if (url !== this.#path) return end(response, 404);
    if (method !== "GET") return end(response, 405, { allow: "GET" });
    const nowMs = Date.now();
    const header = request.headers.authorization ?? "";
    const verdict = this.#digest.check(nowMs, header, method, url, (username) => this.#passwordOf(username));
    if (!verdict.ok) {
      const challenge = this.#digest.challenge(nowMs, verdict.isStale);
      return end(response, 401, { "www-authenticate": challenge });
    }
    const answer = this.#ask();
    if (answer === "accepted") return end(response, 200);
    end(response, 503, { "retry-after": RETRY_AFTER[answer] });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function end(response: ServerResponse, status: number, headers: Record<string, string | string[]> = {}): void {
  response.writeHead(status, { ...headers, "content-length": 0, connection: "close" }).end();
}
