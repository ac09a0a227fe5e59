/** A run's control over HTTP and JSON: GET /status, POST /commands; for who has its token, on this machine. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIP } from "node:net";
import { join } from "node:path";
import { caughtLine } from "../../base/errors/index.ts";
import { writeWhole } from "../../base/files/index.ts";
import { openDoor, SERVER_LIMITS } from "../../base/http/index.ts";
import { CommandError, parseCommand } from "./parse.ts";
import type { Steering } from "../types.ts";

/** In the run folder, readable for its owner only: address and token. */
export const CONTROL_FILE = "control.json";
const TOKEN_BYTES = 24;
const BODY_BYTES_MAX = 16 * 1024;
const CONNECTIONS_MAX = 64;
const BITS_PER_BYTE = 8;
const WILDCARDS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

export interface ControlServer {
  readonly address: string;
  readonly token: string;
  /** The run is under way: from now on commands reach it. */
  attach(steering: Steering): void;
  close(): Promise<void>;
}

/** What a request gets when it is not served. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws Error when the address cannot be had */
export async function serveControl(host: string, port: number): Promise<ControlServer> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  let steering: Steering | undefined;
  const server = createServer(SERVER_LIMITS);
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(port, host, done);
  });
  const taken = portOf(server);
  openDoor(
    server,
    CONNECTIONS_MAX,
    (request, response) => {
      answer(request, { token, host, port: taken }, steering)
        .then((body) => send(response, 200, body))
        .catch((error: unknown) => refuse(response, error));
    },
    (caught) => process.stderr.write(`control: ${caughtLine(caught)}`),
  );
  const address = `${host.includes(":") ? `[${host}]` : host}:${taken}`;
  let path: string | undefined;
  return {
    address,
    token,
    attach(attached) {
      steering = attached;
      if (attached.folder === undefined) return;
      path = join(attached.folder, CONTROL_FILE);
      writeWhole(path, `${JSON.stringify({ address, token })}\n`, { mode: 0o600 });
    },
    close() {
      if (path !== undefined) rmSync(path, { force: true });
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

interface Door {
  token: string;
  host: string;
  port: number;
}

async function answer(request: IncomingMessage, door: Door, steering: Steering | undefined): Promise<object> {
  checkCaller(request, door);
  const route = `${request.method} ${request.url}`;
  if (route !== "GET /status" && route !== "POST /commands")
    throw new Refusal(404, "there are GET /status and POST /commands");
  if (route === "GET /status") return steering === undefined ? { phase: "preparing" } : statusOf(steering);
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? ""))
    throw new Refusal(415, "content-type: application/json is needed");
  const command = parseCommand(jsonOf(await bodyOf(request)));
  if (steering === undefined) throw new Refusal(503, "the run has not begun yet");
  const outcome = await steering.command({ ...command, by: `control from ${request.socket.remoteAddress}` });
  if (!outcome.accepted) throw new Refusal(409, outcome.reason);
  return outcome;
}

/**
 * A page in a browser on this machine can send requests here: it cannot know the token, says where it comes from (Origin), and,
 * where a name was made to lead here, names another host.
 */
function checkCaller({ headers }: IncomingMessage, { token, host, port }: Door): void {
  const named = /^(.*):(\d+)$/.exec(headers.host ?? "");
  const name = named?.[1].replace(/^\[|\]$/g, "") ?? "";
  const isOurs = ["localhost", "127.0.0.1", "::1", host].includes(name) || (WILDCARDS.has(host) && isIP(name) > 0);
  if (!isOurs || named?.[2] !== `${port}`) throw new Refusal(403, "host: not the one this server has");
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`)
    throw new Refusal(403, "origin: other pages may not use this");
  const given = Buffer.from(/^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "");
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new Refusal(401, "authorization: Bearer with the token of this run is needed");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Refusal(413, `a body has at most ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandError("the body is no JSON");
  }
}

function statusOf({ view }: Steering): object {
  const { phase, elapsedMs, olt } = view();
  if (olt === undefined) return { phase, elapsedMs };
  const { control, imageBytes, bytesDone, stopReason, onts } = olt;
  const { paused, aborting, rateBytesPerSecond } = control;
  return {
    phase,
    elapsedMs,
    olt: olt.phase,
    stopReason,
    paused,
    aborting,
    rateBitsPerSecond: Number.isFinite(rateBytesPerSecond) ? rateBytesPerSecond * BITS_PER_BYTE : null,
    imageBytes,
    bytesDone,
    onts: onts.map((ont) => ({ onuId: ont.onuId, serial: ont.serial, phase: ont.phase, cause: ont.cause })),
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}

function refuse(response: ServerResponse, error: unknown): void {
  const status = error instanceof Refusal ? error.status : error instanceof CommandError ? 400 : 500;
  const text = error instanceof Error ? error.message : String(error);
  // What is left of a body that is too long is not waited for.
  response.shouldKeepAlive = false;
  if (!response.headersSent) send(response, status, { error: text });
}
