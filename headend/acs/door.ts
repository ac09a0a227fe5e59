/** Requests that come to the ACS: sessions of CPEs, files, and those of whoever has the token. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Guard } from "../../base/errors/index.ts";
import { CWMP_CONTENT_TYPE, CWMP_MESSAGE_BYTES_MAX, readCwmp, writeCwmp } from "../../cwmp/index.ts";
import {
  AGAIN_SECONDS,
  bodyOf,
  keptOrRefused,
  needMethod,
  Refused,
  sendDocument,
  sendRefusal,
} from "../depot/answers.ts";
import { Artifacts } from "../depot/artifacts.ts";
import { moduleOf } from "../depot/core/index.ts";
import { DepotDownloads } from "../depot/download.ts";
import { EventKeeper, type EventLog } from "../log/index.ts";
import { mayAsk } from "../depot/tokens.ts";
import { Challenger } from "./challenge.ts";
import { ConnectionRequests, type ConnectionResult } from "./connection-request.ts";
import { type Acs, type AcsEvent, type AcsReply, type AcsSnapshot, FILES_PATH, readAcsRequest } from "./core/index.ts";
import { cpePassword, filePassword } from "./credentials.ts";
import { AcsMetrics } from "./metrics.ts";
import type { AcsServerOptions } from "./options.ts";
import { cookieHeader, type OpenSession, Sessions } from "./sessions.ts";

/** Where CPEs go. */
export const ACS_PATH = "/acs";
const HOST = /^(?:[\w.-]{1,253}|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/;
const DEVICES = /^\/devices\/([\w%.-]{1,512})(?:\/(tasks|connection-request))?$/;

export class AcsDoor {
  /** Of this server, where a request does not say under which name it came. */
  url = "";
  readonly #options: AcsServerOptions;
  readonly #acs: Acs;
  readonly #keeper: EventKeeper<AcsEvent, AcsSnapshot>;
  readonly #guard: Guard;
  readonly #downloads = new DepotDownloads(() => performance.now());
  readonly #artifacts: Artifacts;
  /** By what stands in their URL. */
  readonly #filenames: ReadonlyMap<string, string>;
  readonly #metrics: AcsMetrics;
  readonly #sessions = new Sessions();
  readonly #cpes: Challenger;
  readonly #readers: Challenger;
  readonly #connections: ConnectionRequests;
  /** Where each device's last session came from. */
  readonly #peers = new Map<string, string>();

  constructor(options: AcsServerOptions, acs: Acs, log: EventLog<AcsEvent, AcsSnapshot>, guard: Guard) {
    this.#options = options;
    this.#acs = acs;
    this.#keeper = new EventKeeper(acs, log, (event) => {
      this.#metrics.onEvent(event);
      options.onEvent?.(event);
    });
    this.#guard = guard;
    const { token, credentials, files, rates = {}, tls } = options;
    this.#artifacts = new Artifacts(files, rates, this.#downloads, options.downloadsMax);
    this.#filenames = new Map(files.map(({ artifact }) => [moduleOf(artifact), artifact.filename]));
    this.#cpes = new Challenger("acs", tls !== undefined, (name) => credentials?.get(name) ?? cpePassword(token, name));
    this.#readers = new Challenger("files", tls !== undefined, (name) => filePassword(token, name));
    this.#connections = new ConnectionRequests(options.connects ?? "same", () => performance.now());
    this.#metrics = new AcsMetrics(() => ({
      devices: acs.statuses(Date.now()),
      sessions: this.#sessions.active,
      ...this.#downloads.figures,
      eventsKept: this.#keeper.count,
    }));
  }

  get sentBytes(): number {
    return this.#downloads.counts.sentBytes;
  }

  close(): Promise<void> {
    return this.#downloads.close();
  }

  /** Now and then: sessions that are over, and tasks of which nobody has heard. */
  async look(): Promise<void> {
    this.#sessions.sweep(performance.now());
    this.#acs.handleTimeout(Date.now());
    // What could not be kept was told of; it is tried again.
    await this.keep().catch(() => undefined);
  }

  async setPaused(isPaused: boolean): Promise<void> {
    this.#acs.setPaused(isPaused);
    await this.keep();
    if (isPaused) this.#downloads.breakOff();
  }

  async leaveOut(device?: string): Promise<void> {
    this.#acs.leaveOut(device);
    await this.keep();
  }

  /** It is asked for a session; one that cannot be reached informs its ACS in its time. */
  async release(device: string): Promise<void> {
    this.#acs.release(device);
    await this.keep();
    this.#ask(device);
  }

  /** Who is at nothing hears of it in time. */
  async hold(device: string): Promise<boolean> {
    this.#acs.hold(device);
    await this.keep();
    const isAtWork = this.#acs.isAtWork(device);
    if (isAtWork) this.#ask(device);
    return isAtWork;
  }

  #ask(device: string): void {
    void this.connect(device).catch((error: unknown) => this.#guard.take("connection request", error));
  }

  /** Asks a device for a session. */
  async connect(device: string): Promise<ConnectionResult> {
    const where = this.#acs.connectionRequestOf(device);
    const result = await this.#connections.ask(device, where, this.#peers.get(device));
    this.#metrics.onConnectionRequest(result.ok);
    return result;
  }

  readonly onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    // Whoever goes away in the middle is nobody's failure.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    const path = (request.url ?? "/").split("?", 1)[0];
    const [kind, answered] =
      path === ACS_PATH
        ? (["cwmp", this.#cpe(request, response)] as const)
        : path.startsWith(FILES_PATH)
          ? (["file", this.#file(request, response, path.slice(FILES_PATH.length))] as const)
          : (["operator", this.#operator(request, response, path)] as const);
    answered
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) this.#guard.take(kind, error);
        const refused = error instanceof Refused ? error : new Refused(500, "this server has failed");
        // The rest of the request has to be read, or the connection cannot be used again.
        request.resume();
        sendRefusal(response, refused);
      })
      .finally(() => this.#metrics.onAnswer(kind, response.statusCode));
  };

  /** One POST of a session. */
  async #cpe(request: IncomingMessage, response: ServerResponse): Promise<void> {
    needMethod(request, "POST");
    const nowMs = performance.now();
    const found = this.#sessions.find(request, nowMs);
    if (found?.isBusy === true) throw new Refused(503, "one request of a session at a time", { "retry-after": "1" });
    // Who it is, is asked at the first request of a session alone.
    const open = found ?? this.#open(request, nowMs);
    open.isBusy = true;
    try {
      const body = await bodyOf(request, CWMP_MESSAGE_BYTES_MAX);
      const reading = body.length === 0 ? undefined : readCwmp(body);
      this.#metrics.onMessage(reading === undefined ? "empty" : reading.ok ? reading.envelope.message.method : "bad");
      const reply = open.session.handlePost(Date.now(), reading);
      await this.keep();
      const { device } = open.session;
      if (device !== undefined) this.#peers.set(device, request.socket.remoteAddress ?? "");
      if (open.session.isOver || device === undefined) this.#sessions.remove(open);
      sendReply(response, reply, open);
    } catch (error) {
      open.session.abandon();
      this.#sessions.remove(open);
      throw error;
    } finally {
      open.isBusy = false;
    }
  }

  #open(request: IncomingMessage, nowMs: number): OpenSession {
    const { letsAnybodyIn = false, credentials } = this.#options;
    const name = letsAnybodyIn ? undefined : this.#cpes.check(request);
    if (this.#sessions.isFull) throw new Refused(503, "too many sessions", { "retry-after": `${AGAIN_SECONDS}` });
    // A name of the file of credentials may be that of many devices; one that follows from the token is that of one.
    const isOfOne = name !== undefined && credentials?.has(name) !== true;
    const session = this.#acs.openSession({
      origin: this.#originOf(request),
      ...(isOfOne && { maySpeakFor: (device: string) => device === name }),
    });
    return this.#sessions.add(request, session, nowMs);
  }

  async #file(request: IncomingMessage, response: ServerResponse, module: string): Promise<void> {
    if (this.#options.letsAnybodyIn !== true) this.#readers.check(request);
    if (this.#acs.isPaused) throw new Refused(503, "the ACS is paused", { "retry-after": `${AGAIN_SECONDS}` });
    await this.#artifacts.answer(request, response, module, this.#filenames.get(module) ?? "");
  }

  /** What the answer follows from is on the disk before it goes out. */
  keep(): Promise<void> {
    return keptOrRefused(this.#keeper, this.#guard);
  }

  async #operator(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (!mayAsk(request, this.#options.token))
      throw new Refused(401, "GatewayToken is needed", { "www-authenticate": "GatewayToken" });
    const json = (value: unknown): void => sendDocument(response, JSON.stringify(value), "application/json");
    if (path === "/metrics") {
      needMethod(request, "GET");
      const { registry } = this.#metrics;
      return sendDocument(response, await registry.metrics(), registry.contentType);
    }
    if (path === "/status") {
      needMethod(request, "GET");
      return json({ isPaused: this.#acs.isPaused, devices: [...this.#acs.statuses(Date.now())] });
    }
    const command = /^\/(pause|resume)$/.exec(path)?.[1];
    if (command !== undefined) {
      needMethod(request, "POST");
      await bodyOf(request);
      await this.setPaused(command === "pause");
      return json({});
    }
    const [, device, what] = DEVICES.exec(path) ?? [];
    if (device === undefined)
      throw new Refused(
        404,
        "there are POST /acs, /files/, GET /status, GET /metrics, POST /pause, POST /resume, /devices/",
      );
    if (what === undefined) {
      needMethod(request, "GET");
      return json(this.#acs.device(device) ?? notFound(device));
    }
    needMethod(request, "POST");
    const body = await bodyOf(request);
    if (what === "tasks") return json(await this.#addTask(device, body));
    if (this.#acs.device(device) === undefined) notFound(device);
    return json(await this.connect(device));
  }

  /** And asks the device for a session, in which it is done. */
  async #addTask(device: string, body: Buffer): Promise<{ task: number; connection: ConnectionResult }> {
    const request = readAcsRequest(parsed(body));
    if (typeof request === "string") throw new Refused(400, request);
    const task = this.#acs.addTask(device, request);
    if (task === "notFound") return notFound(device);
    if (task === "full") throw new Refused(503, "too many tasks of this device");
    await this.keep();
    return { task, connection: await this.connect(device) };
  }

  /** As the device reaches this server. */
  #originOf({ headers: { host = "" } }: IncomingMessage): string {
    return HOST.test(host) ? `${this.url.split("://", 1)[0]}://${host}` : this.url;
  }
}

function notFound(device: string): never {
  throw new Refused(404, `there is no device ${device}`);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Refused(400, "not JSON");
  }
}

function sendReply(response: ServerResponse, reply: AcsReply, open: OpenSession): void {
  switch (reply.kind) {
    case "message": {
      const bytes = Buffer.from(writeCwmp(reply.envelope));
      response.writeHead(200, {
        "content-type": CWMP_CONTENT_TYPE,
        "content-length": bytes.length,
        soapaction: "",
        "set-cookie": cookieHeader(open, ACS_PATH),
      });
      return void response.end(bytes);
    }
    case "end":
      return void response.writeHead(204).end();
    case "refused": {
      const headers = reply.status === 503 ? { "retry-after": `${AGAIN_SECONDS}` } : {};
      throw new Refused(reply.status, reply.line, headers);
    }
  }
}
