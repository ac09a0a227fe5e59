/** The ONTs of one process: sockets, clock, timer and reports. */
import { setPriority } from "node:os";
import { DeadlineTimer, systemClock } from "../../base/clock/index.ts";
import { decodeRanging, DownstreamReceiver, OntEnd, OntSocket } from "../../pon/index.ts";
import { type HostLinks, OntHost, type StartRoad } from "./host.ts";
import type { AttachedRecovery, LoaderPort } from "../recovery/core/types.ts";
import type { FromOnt, OntProcessConfig, OntProcessEvent } from "./protocol.ts";
import { trailerOf } from "./trailer.ts";

/** Events wait this long for others before they go up; those that change what the ONT does go at once. */
const EVENT_BATCH_MS = 100;

/** The ONTs of one process: shared sockets, one timer for all deadlines, events in batches. */
export class OntProcess {
  readonly #config: OntProcessConfig;
  readonly #report: (message: FromOnt) => void;
  readonly #startRoad: StartRoad | undefined;
  readonly #hosts: OntHost[] = [];
  readonly #sockets: OntSocket[] = [];
  /** One for each socket, with the ONTs it serves. */
  readonly #receivers: { receiver: DownstreamReceiver; hosts: readonly OntHost[] }[] = [];
  #events: OntProcessEvent[] = [];
  #eventTimer: NodeJS.Timeout | null = null;
  readonly #nowNs: () => number;
  readonly #timer: DeadlineTimer;
  #stopped = false;
  /** Datagrams handed to the sockets and not yet taken by the system. */
  #unsent = 0;
  #onAllSent: () => void = () => undefined;

  private constructor(config: OntProcessConfig, report: (message: FromOnt) => void, startRoad?: StartRoad) {
    this.#config = config;
    this.#report = report;
    this.#startRoad = startRoad;
    this.#nowNs = systemClock(config.epochNs);
    this.#timer = new DeadlineTimer(this.#nowNs, () => this.#onTimer());
  }

  /**
   * Opens the sockets and powers the ONTs on.
   *
   * @param report takes events, and at the end what became of each ONT
   * @param startRoad beside OMCI
   * @throws Error in one line: interface, state folder or factory image cannot be used
   */
  static async start(
    config: OntProcessConfig,
    report: (message: FromOnt) => void,
    startRoad?: StartRoad,
  ): Promise<OntProcess> {
    const started = new OntProcess(config, report, startRoad);
    try {
      if (config.niceness !== undefined) setPriority(config.niceness);
      await started.#open();
    } catch (error) {
      started.#powerOff();
      started.#closeSockets();
      throw error;
    }
    return started;
  }

  /** Serves the boot loaders, each with what this makes. @param index of the ONT in its process */
  attachRecovery(make: (serial: string, index: number, port: LoaderPort) => AttachedRecovery): void {
    for (const [index, host] of this.#hosts.entries()) host.attachRecovery((port) => make(host.serial, index, port));
  }

  /** Power-off for all; the last message says how they stand. */
  stop(): void {
    this.#end(() => ({ type: "stopped", onts: this.#hosts.map((host) => host.report()) }));
  }

  #fail(error: unknown): void {
    this.#end(() => ({ type: "failed", message: lineOf(error) }));
  }

  #end(lastMessage: () => FromOnt): void {
    if (this.#stopped) return;
    this.#powerOff();
    this.#sendEvents();
    // What the ONTs sent last, that they are gone, goes out before the sockets close.
    this.#onAllSent = () => {
      this.#closeSockets();
      this.#report(lastMessage());
    };
    if (this.#unsent === 0) this.#onAllSent();
  }

  async #open(): Promise<void> {
    const { onts, encapsulation } = this.#config;
    if (encapsulation === "plain") {
      // A bare OMCI frame does not say whose it is: the socket does.
      for (const ont of onts) await this.#openSocket([ont]);
    } else {
      await this.#openSocket(onts);
    }
    // The flash of one was broken: that has been reported.
    if (this.#stopped) return;
    const receiveBufferBytes = Math.min(...this.#sockets.map((socket) => socket.receiveBufferBytes));
    this.#report({ type: "ready", receiveBufferBytes });
  }

  async #openSocket(onts: OntProcessConfig["onts"]): Promise<void> {
    const config = this.#config;
    const socket = await OntSocket.open({ interface: config.interface }, config.olt);
    this.#sockets.push(socket);
    const end = new OntEnd(config.ponKey, config.encapsulation);
    const links: HostLinks = {
      nowNs: this.#nowNs,
      end,
      send: (buffer, lengthBytes, done) => {
        // A flash operation that ends after the power-off has nobody left to answer.
        if (this.#sockets.length === 0) return;
        this.#unsent += 1;
        socket.send(buffer, lengthBytes, () => {
          this.#unsent -= 1;
          done();
          if (this.#unsent === 0) this.#onAllSent();
        });
      },
      onEvent: (serial, timeNs, event) => this.#queueEvent({ serial, timeNs, event }),
      wakeBy: (dueNs) => this.#timer.wakeBy(dueNs),
      onFailure: (error) => this.#fail(error),
      startRoad: this.#startRoad,
    };
    const hosts = onts.map((ont) => new OntHost(ont, config, links));
    this.#hosts.push(...hosts);
    const trailer = trailerOf(config.broadcastTrailer, "downstream");
    const receiver = new DownstreamReceiver(config.encapsulation, trailer, links.nowNs);
    for (const host of hosts) receiver.add(host.listener);
    this.#receivers.push({ receiver, hosts });
    const plainTo = config.encapsulation === "plain" ? hosts[0]?.listener : undefined;
    const receive = (bytes: Uint8Array, isOwn: boolean): void => {
      const start = isOwn ? end.openOwn(bytes) : end.openBroadcast(bytes);
      if (start < 0) return;
      const ranging = isOwn ? decodeRanging(start === 0 ? bytes : bytes.subarray(start)) : undefined;
      if (ranging === undefined) receiver.datagram(bytes, isOwn ? plainTo : undefined, start, end.isLoaded);
      else for (const host of hosts) host.handleRanging(ranging);
      for (const host of hosts) host.flush();
      this.#timer.wakeBy(receiver.nextTimeoutNs());
    };
    socket.onBroadcast = (bytes) => receive(bytes, false);
    socket.onUnicast = (bytes) => receive(bytes, true);
  }

  #onTimer(): void {
    const nowNs = this.#nowNs();
    for (const { receiver, hosts } of this.#receivers) {
      if (receiver.nextTimeoutNs() <= nowNs) {
        receiver.handleTimeout(nowNs);
        for (const host of hosts) host.flush();
      }
      this.#timer.wakeBy(receiver.nextTimeoutNs());
    }
    for (const host of this.#hosts) {
      if (host.nextTimeoutNs() <= nowNs) host.handleTimeout(nowNs);
      this.#timer.wakeBy(host.nextTimeoutNs());
    }
  }

  #queueEvent(event: OntProcessEvent): void {
    this.#events.push(event);
    const { type } = event.event;
    if (type === "state" || type === "offline" || type === "online") return this.#sendEvents();
    this.#eventTimer ??= setTimeout(() => this.#sendEvents(), EVENT_BATCH_MS);
  }

  #sendEvents(): void {
    if (this.#eventTimer !== null) clearTimeout(this.#eventTimer);
    this.#eventTimer = null;
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    this.#report({ type: "events", events });
  }

  #powerOff(): void {
    this.#stopped = true;
    this.#timer.stop();
    for (const host of this.#hosts) host.close();
  }

  #closeSockets(): void {
    for (const socket of this.#sockets) socket.close();
    this.#sockets.length = 0;
  }
}

/** One line for an error of any kind. */
export const lineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
