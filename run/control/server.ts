/** A run's control over HTTP and JSON: GET /status, POST /commands; for who has its token, on this machine. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { caughtLine } from "../../base/errors/index.ts";
import { writeWhole } from "../../base/files/index.ts";
import {
  bearerOf,
  checkNames,
  isToken,
  jsonBodyOf,
  type ListenPlace,
  openDoor,
  HttpRefusal,
  sendJson,
  SERVER_LIMITS,
} from "../../base/http/index.ts";
import { CommandError, parseCommand } from "./parse.ts";
import type { OltCommand } from "../../olt/index.ts";
import type { Steering } from "../types.ts";

/** In the run folder, readable for its owner only: address and token. */
export const CONTROL_FILE = "control.json";
const TOKEN_BYTES = 24;
const BODY_BYTES_MAX = 16 * 1024;
const CONNECTIONS_MAX = 64;
const BITS_PER_BYTE = 8;

export interface ControlServer {
  readonly address: string;
  readonly token: string;
  /** The run is under way: from now on commands reach it. */
  attach(steering: Steering): void;
  close(): Promise<void>;
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
        .then((body) => sendJson(response, 200, body))
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

interface Door extends ListenPlace {
  token: string;
}

async function answer(request: IncomingMessage, door: Door, steering: Steering | undefined): Promise<object> {
  checkNames(request, door);
  // A page in a browser on this machine cannot know the token.
  if (!isToken(bearerOf(request), door.token))
    throw new HttpRefusal(401, "authorization: Bearer with the token of this run is needed");
  const route = `${request.method} ${request.url}`;
  if (route !== "GET /status" && route !== "POST /commands")
    throw new HttpRefusal(404, "there are GET /status and POST /commands");
  if (route === "GET /status") return steering === undefined ? { phase: "preparing" } : statusOf(steering);
  const command = commandOf(await jsonBodyOf(request, BODY_BYTES_MAX));
  if (steering === undefined) throw new HttpRefusal(503, "the run has not begun yet");
  const outcome = await steering.command({ ...command, by: `control from ${request.socket.remoteAddress}` });
  if (!outcome.accepted) throw new HttpRefusal(409, outcome.reason);
  return outcome;
}

/** @throws CommandError in one line */
export function commandOf(text: string): OltCommand {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CommandError("the body is no JSON");
  }
  return parseCommand(value);
}

/** How a run stands, for who asks now and then. */
export function statusOf({ view }: Steering): object {
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
    onts: onts.map(({ onuId, serial, phase: at, cause, inBaseline }) => ({
      onuId,
      serial,
      phase: at,
      cause,
      ...(inBaseline && { inBaseline }),
    })),
  };
}

/** What a request gets for which there is no answer. */
export function refuse(response: ServerResponse, error: unknown): void {
  const status = error instanceof HttpRefusal ? error.status : error instanceof CommandError ? 400 : 500;
  const text = error instanceof Error ? error.message : String(error);
  // What is left of a body that is too long is not waited for.
  response.shouldKeepAlive = false;
  if (!response.headersSent) sendJson(response, status, { error: text });
}
