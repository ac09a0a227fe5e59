/** The depot as a server: hawkBit's DDI for devices, and status, metrics and commands for whoever has the gateway token. */
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type DdiAddress,
  type DdiReading,
  readDdiConfigData,
  readDdiFeedback,
  readDdiPath,
  writeDdiCancel,
  writeDdiDeployment,
  writeDdiPoll,
} from "../../base/ddi/index.ts";
import { caughtLine, Guard } from "../../base/errors/index.ts";
import { EventKeeper, EventLog, holdFolder } from "../log/index.ts";
import { AGAIN_SECONDS, bodyOf, keptOrRefused, needMethod, Refused, sendDocument, sendRefusal } from "./answers.ts";
import { Artifacts, type DepotRates } from "./artifacts.ts";
import { Depot, type DepotConfig, type DepotEvent, type DepotSnapshot, type Reply } from "./core/index.ts";
import { DepotDownloads } from "./download.ts";
import type { ServedFile } from "./files.ts";
import { type DepotTls, listening, makeServer } from "./listener.ts";
import { DepotMetrics } from "./metrics.ts";
import { mayAsk } from "./tokens.ts";

export interface DepotServerOptions {
  host: string;
  /** 0: any that is free. */
  port: number;
  files: readonly ServedFile[];
  stateFolder: string;
  gatewayToken: string;
  config: DepotConfig;
  rates?: DepotRates;
  tls?: DepotTls;
  downloadsMax?: number;
  /** Hears of what was kept, for people. */
  onEvent?: (event: DepotEvent) => void;
  /** Hears of what goes wrong; whole lines. */
  tell?: (line: string) => void;
}

export interface DepotServer {
  /** Such as `https://127.0.0.1:8443`. */
  readonly url: string;
  readonly port: number;
  /** Of files, since it started. */
  readonly sentBytes: number;
  setPaused(isPaused: boolean): Promise<void>;
  /** See `Depot.leaveOut`. */
  leaveOut(device?: string): Promise<void>;
  /** See `Depot.release`. */
  release(device: string): Promise<void>;
  /** See `Depot.hold`. @returns whether it is at something that has not ended */
  hold(device: string): Promise<boolean>;
  /** Ends downloads, keeps what was told. */
  close(): Promise<void>;
}

const HOST = /^(?:[\w.-]{1,253}|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/;

/** @throws InputError when the address or the state cannot be had */
export async function serveDepot(options: DepotServerOptions): Promise<DepotServer> {
  const { host, port, tls, stateFolder, tell = () => undefined } = options;
  const release = await holdFolder(stateFolder);
  try {
    const depot = new Depot(
      options.config,
      options.files.map(({ artifact }) => artifact),
    );
    const { log, kept } = await EventLog.open<DepotEvent, DepotSnapshot>(stateFolder, () => depot.snapshot());
    depot.restore(kept.snapshot, kept.events);
    if (kept.isTorn)
      tell(`${stateFolder}: the last event was cut off; nobody was answered by it, and it is left out\n`);
    const guard = new Guard((caught) => tell(`depot: ${caughtLine(caught)}`));
    const door = new Door(options, depot, log, guard);
    const server = makeServer(door.onRequest, tls, (error) => guard.take("staple", error));
    const { url, port: taken } = await listening(server, host, port).catch(async (error: unknown) => {
      await log.close();
      throw error;
    });
    server.on("error", (error) => guard.take("HTTP server", error));
    door.url = url;
    return {
      url,
      port: taken,
      get sentBytes() {
        return door.sentBytes;
      },
      setPaused: (isPaused) => door.setPaused(isPaused),
      leaveOut: (device) => door.leaveOut(device),
      release: (device) => door.release(device),
      hold: (device) => door.hold(device),
      close: async () => {
        await door.close();
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
        await log.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

class Door {
  /** Of this server, where a request does not say under which name it came. */
  url = "";
  readonly #options: DepotServerOptions;
  readonly #depot: Depot;
  readonly #keeper: EventKeeper<DepotEvent, DepotSnapshot>;
  readonly #guard: Guard;
  readonly #downloads = new DepotDownloads(() => performance.now());
  readonly #artifacts: Artifacts;
  readonly #metrics: DepotMetrics;

  constructor(options: DepotServerOptions, depot: Depot, log: EventLog<DepotEvent, DepotSnapshot>, guard: Guard) {
    this.#options = options;
    this.#depot = depot;
    this.#keeper = new EventKeeper(depot, log, (event) => options.onEvent?.(event));
    this.#guard = guard;
    this.#artifacts = new Artifacts(options.files, options.rates ?? {}, this.#downloads, options.downloadsMax);
    this.#metrics = new DepotMetrics(() => ({
      devices: depot.statuses(Date.now()),
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

  async setPaused(isPaused: boolean): Promise<void> {
    this.#depot.setPaused(isPaused);
    await this.#keep();
    if (isPaused) this.#downloads.breakOff();
  }

  async leaveOut(device?: string): Promise<void> {
    this.#depot.leaveOut(device);
    await this.#keep();
  }

  async release(device: string): Promise<void> {
    this.#depot.release(device);
    await this.#keep();
  }

  async hold(device: string): Promise<boolean> {
    this.#depot.hold(device);
    await this.#keep();
    return this.#depot.isAtWork(device);
  }

  readonly onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    // Whoever goes away in the middle is nobody's failure.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    const address = readDdiPath(request.url ?? "");
    const kind = address?.place.kind ?? "operator";
    const answered =
      address === undefined ? this.#operator(request, response) : this.#device(request, response, address);
    answered
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) this.#guard.take(kind, error);
        const refused = error instanceof Refused ? error : new Refused(500, "this server has failed");
        sendRefusal(response, refused);
      })
      .finally(() => this.#metrics.onAnswer(kind, response.statusCode));
  };

  async #device(
    request: IncomingMessage,
    response: ServerResponse,
    { tenant, device, place }: DdiAddress,
  ): Promise<void> {
    const { gatewayToken, config } = this.#options;
    if (!mayAsk(request, gatewayToken, device))
      throw new Refused(401, "TargetToken, GatewayToken or a certificate of this device is needed", {
        "www-authenticate": "TargetToken, GatewayToken",
      });
    if (tenant !== config.tenant) throw new Refused(404, `the tenant is ${config.tenant}`);
    const [depot, origin] = [this.#depot, this.#originOf(request)];
    switch (place.kind) {
      case "poll":
        needMethod(request, "GET");
        return this.#send(response, depot.handlePoll(Date.now(), device, origin), writeDdiPoll);
      case "configData": {
        needMethod(request, "PUT", "POST");
        const data = valueOf(readDdiConfigData(await bodyOf(request)));
        return this.#send(response, depot.handleConfigData(device, data));
      }
      case "deployment":
        needMethod(request, "GET");
        return this.#send(
          response,
          depot.handleDeployment(Date.now(), device, place.action, origin),
          writeDdiDeployment,
        );
      case "installed":
        throw new Refused(404, "what is installed is not kept as a deployment");
      case "cancel":
        needMethod(request, "GET");
        return this.#send(response, depot.handleCancel(device, place.action), writeDdiCancel);
      case "deploymentFeedback":
      case "cancelFeedback": {
        needMethod(request, "POST");
        const feedback = valueOf(readDdiFeedback(await bodyOf(request)));
        const isCancel = place.kind === "cancelFeedback";
        const reply = depot[isCancel ? "handleCancelFeedback" : "handleFeedback"](device, place.action, feedback);
        this.#metrics.onFeedback(feedback.execution, feedback.finished);
        return this.#send(response, reply);
      }
      case "artifact":
        if (depot.isPaused)
          throw new Refused(503, "the depot is paused", { "retry-after": `${Math.ceil(config.pollSeconds)}` });
        await this.#artifacts.answer(request, response, place.module, place.filename);
    }
  }

  /** What the answer follows from is on the disk before it goes out. */
  async #send<Body>(response: ServerResponse, reply: Reply<Body>, write?: (body: Body) => string): Promise<void> {
    await this.#keep();
    switch (reply.kind) {
      case "ok":
        return sendDocument(response, write === undefined ? "{}" : write(reply.body));
      case "notFound":
        throw new Refused(404, "there is no such action, or device");
      case "gone":
        throw new Refused(410, "this action has ended");
      case "full":
        throw new Refused(503, "too many devices", { "retry-after": `${AGAIN_SECONDS}` });
    }
  }

  #keep(): Promise<void> {
    return keptOrRefused(this.#keeper, this.#guard);
  }

  async #operator(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!mayAsk(request, this.#options.gatewayToken))
      throw new Refused(401, "GatewayToken is needed", { "www-authenticate": "GatewayToken" });
    const path = (request.url ?? "/").split("?", 1)[0];
    if (path === "/metrics") {
      needMethod(request, "GET");
      const { registry } = this.#metrics;
      return sendDocument(response, await registry.metrics(), registry.contentType);
    }
    if (path === "/status") {
      needMethod(request, "GET");
      const { isPaused } = this.#depot;
      const devices = [...this.#depot.statuses(Date.now())];
      return sendDocument(response, JSON.stringify({ isPaused, devices }), "application/json");
    }
    const command = /^\/(pause|resume)$/.exec(path)?.[1];
    if (command === undefined)
      throw new Refused(404, "there are the paths of DDI, GET /status, GET /metrics, POST /pause, POST /resume");
    needMethod(request, "POST");
    await bodyOf(request);
    await this.setPaused(command === "pause");
    sendDocument(response, "{}", "application/json");
  }

  /** As the device reaches this server: only the device itself gets these links. */
  #originOf({ headers: { host = "" } }: IncomingMessage): string {
    return HOST.test(host) ? `${this.url.split("://", 1)[0]}://${host}` : this.url;
  }
}

function valueOf<Value>(reading: DdiReading<Value>): Value {
  if (!reading.ok) throw new Refused(400, reading.problem);
  return reading.value;
}
