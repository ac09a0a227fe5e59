import { setPriority } from "node:os";
import { decodeRanging, DownstreamReceiver, OntSocket } from "../../pon/index.ts";
import { type HostLinks, OntHost, trailerOf } from "./host.ts";
import type { FromOnt, OntProcessConfig, OntProcessEvent } from "./protocol.ts";

/** Events wait this long for others before they go up; those that change what the ONT does go at once. */
const eventBatchMs = 100;
/** Longest setTimeout, milliseconds. */
const timerMsMax = 0x7fff_ffff;

const nsPerMs = 1e6;

/** The ONTs of one process: shared sockets, one timer for all deadlines, events in batches. */
export class OntProcess {
  readonly #config: OntProcessConfig;
  readonly #report: (message: FromOnt) => void;
  readonly #hosts: OntHost[] = [];
  readonly #sockets: OntSocket[] = [];
  /** One for each socket, with the ONTs it serves. */
  readonly #receivers: { receiver: DownstreamReceiver; hosts: readonly OntHost[] }[] = [];
  #events: OntProcessEvent[] = [];
  #eventTimer: NodeJS.Timeout | null = null;
  #timer: NodeJS.Timeout | null = null;
  #timerNs = Number.POSITIVE_INFINITY;
  #stopped = false;
  /** Datagrams handed to the sockets and not yet taken by the system. */
  #unsent = 0;
  #onAllSent: () => void = () => undefined;

  private constructor(config: OntProcessConfig, report: (message: FromOnt) => void) {
    this.#config = config;
    this.#report = report;
  }

  /**
   * Opens the sockets and powers the ONTs on.
   *
   * @param report takes events, and at the end what became of each ONT
   * @throws Error in one line: interface, state folder or factory image cannot be used
   */
  static async start(config: OntProcessConfig, report: (message: FromOnt) => void): Promise<OntProcess> {
    const started = new OntProcess(config, report);
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
    this.#schedule();
  }

  async #openSocket(onts: OntProcessConfig["onts"]): Promise<void> {
    const config = this.#config;
    const socket = await OntSocket.open({ interface: config.interface }, config.olt);
    this.#sockets.push(socket);
    const links: HostLinks = {
      nowNs: () => this.#nowNs(),
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
      reschedule: () => this.#schedule(),
      onFailure: (error) => this.#fail(error),
    };
    const hosts = onts.map((ont) => new OntHost(ont, config, links));
    this.#hosts.push(...hosts);
    const trailer = trailerOf(config.broadcastTrailer, "downstream");
    const receiver = new DownstreamReceiver(config.encapsulation, trailer, links.nowNs);
    for (const host of hosts) receiver.add(host.listener);
    this.#receivers.push({ receiver, hosts });
    const plainTo = config.encapsulation === "plain" ? hosts[0]?.listener : undefined;
    const receive = (bytes: Uint8Array, isOwn: boolean): void => {
      const ranging = isOwn ? decodeRanging(bytes) : undefined;
      if (ranging === undefined) receiver.datagram(bytes, isOwn ? plainTo : undefined);
      else for (const host of hosts) host.handleRanging(ranging);
      for (const host of hosts) host.flush();
      if (receiver.nextTimeoutNs() < this.#timerNs) this.#schedule();
    };
    socket.onBroadcast = (bytes) => receive(bytes, false);
    socket.onUnicast = (bytes) => receive(bytes, true);
  }

  #nowNs(): number {
    return Number(process.hrtime.bigint() - this.#config.epochNs);
  }

  /** Sets the timer to the earliest deadline, when that is earlier than what it is set to. */
  #schedule(): void {
    if (this.#stopped) return;
    let nextNs = Number.POSITIVE_INFINITY;
    for (const host of this.#hosts) nextNs = Math.min(nextNs, host.nextTimeoutNs());
    for (const { receiver } of this.#receivers) nextNs = Math.min(nextNs, receiver.nextTimeoutNs());
    if (nextNs >= this.#timerNs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerNs = nextNs;
    const delayMs = Math.ceil((nextNs - this.#nowNs()) / nsPerMs);
    this.#timer = setTimeout(() => this.#onTimer(), Math.min(Math.max(delayMs, 0), timerMsMax));
  }

  #onTimer(): void {
    this.#timer = null;
    this.#timerNs = Number.POSITIVE_INFINITY;
    const nowNs = this.#nowNs();
    for (const { receiver, hosts } of this.#receivers) {
      if (receiver.nextTimeoutNs() > nowNs) continue;
      receiver.handleTimeout(nowNs);
      for (const host of hosts) host.flush();
    }
    for (const host of this.#hosts) if (host.nextTimeoutNs() <= nowNs) host.handleTimeout(nowNs);
    this.#schedule();
  }

  #queueEvent(event: OntProcessEvent): void {
    this.#events.push(event);
    const { type } = event.event;
    if (type === "state" || type === "offline" || type === "online") return this.#sendEvents();
    this.#eventTimer ??= setTimeout(() => this.#sendEvents(), eventBatchMs);
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
    if (this.#timer !== null) clearTimeout(this.#timer);
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
