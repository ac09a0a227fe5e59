/** The ports of a run that other hosts bring: who comes, which port each takes, and what it is given for it. */
import { type HostLink, type RunningFeed, serveFeed } from "../../../olt/feed/index.ts";
import { caughtLine, Guard } from "../../../base/errors/index.ts";
import type { End } from "../end.ts";
import type { RunState } from "../run-state.ts";
import { Conversation, SAY_MS } from "./conversation.ts";
import { type HostConversation, JoinedPort } from "./joined-port.ts";
import type { Assignment, FromHost, ToHost } from "./protocol.ts";

/** Of a file in one message. */
const PIECE_BYTES = 512 * 1024;
/** Hosts that are told no, beside those that have a port. */
const NEWCOMERS_MAX = 64;
const MS_PER_SECOND = 1000;
/** A host that does not hang up by then is cut off. */
const FAREWELL_MS = 1_000;

export interface HostsConfig {
  /** Where they join. */
  host: string;
  port: number;
  key: Uint8Array;
  /** Which ports they bring, and how many the run has. */
  joined: readonly number[];
  ports: number;
  feedBytesPerSecond: number | undefined;
  /** Which poncast this is; of hosts no other is taken. */
  build: string;
  /** Of the image that all are to run, hexadecimal. */
  imageSha256: string;
  assignmentOf: (pon: number) => Omit<Assignment, "nowNs">;
  /** By SHA-256. */
  contents: ReadonlyMap<string, Uint8Array>;
  /** A port whose host has not come by then is not waited for. */
  patienceSeconds: number;
  epochNs: bigint;
}

interface Host {
  conversation: HostConversation;
  address: string;
  port: JoinedPort | undefined;
}

const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));

export class Hosts {
  readonly ports: readonly JoinedPort[];
  readonly #config: HostsConfig;
  readonly #state: RunState;
  readonly #onOver: (pon: number, end: End) => void;
  readonly #hosts = new Map<string, Host>();
  #door: RunningFeed | undefined;
  #timers: NodeJS.Timeout[] = [];

  constructor(config: HostsConfig, state: RunState, onOver: (pon: number, end: End) => void) {
    this.#config = config;
    this.#state = state;
    this.#onOver = onOver;
    this.ports = config.joined.map((pon) => new JoinedPort(pon, state, onOver));
  }

  /** @throws InputError when it cannot listen */
  async start(): Promise<void> {
    const { feedBytesPerSecond: bytesPerSecond, patienceSeconds, ...config } = this.#config;
    const { nowNs } = this.#state;
    this.#door = await serveFeed({ ...config, bytesPerSecond }, nowNs, (link) => this.#welcome(link));
    this.#timers = [
      setInterval(() => this.#look(), SAY_MS),
      setTimeout(() => this.#giveUpWaiting(), patienceSeconds * MS_PER_SECOND),
    ];
  }

  /** Hosts that are there hear first that all they said has come. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const gone = [...this.#hosts.values()].map(({ conversation }) => conversation.hangUp());
    let giveUp: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((done) => (giveUp = setTimeout(done, FAREWELL_MS)));
    await Promise.race([limit, Promise.all(gone)]);
    clearTimeout(giveUp);
    this.#door?.close();
  }

  /** Why ports have no result, a line each. */
  absences(): string[] {
    return this.ports.map((port) => port.absence(this.#state.nowNs())).filter((line) => line !== "");
  }

  #look(): void {
    for (const [name, { conversation, port }] of this.#hosts) {
      conversation.look();
      // It was told no, and went.
      if (port === undefined && !conversation.isAttached) this.#hosts.delete(name);
    }
  }

  #giveUpWaiting(): void {
    const { host, port: tcp, patienceSeconds } = this.#config;
    const missing = this.ports.filter(({ isTaken }) => !isTaken).map(({ pon }) => pon);
    const which = `port${missing.length > 1 ? "s" : ""} ${missing.join(", ")}`;
    const text = `${which}: no host joined in ${patienceSeconds} s (poncast olt --join ${host}:${tcp})`;
    for (const pon of missing) this.#onOver(pon, { reason: "timeLimit", text });
  }

  #welcome(link: HostLink): void {
    const known = this.#hosts.get(link.host);
    if (known !== undefined) return known.conversation.attach(link);
    if (this.#hosts.size >= this.ports.length + NEWCOMERS_MAX) return link.drop();
    const take = guard.wrap("message of a host", (message: FromHost) => this.#handle(host, message));
    const conversation: HostConversation = new Conversation<ToHost, FromHost>(this.#state.nowNs, {
      onMessage: take,
      onState: (state) => host.port?.handleState(state),
      onStranger: () => ({ type: "refused", reason: "another run is here by now" }),
    });
    const host: Host = { conversation, address: link.address, port: undefined };
    this.#hosts.set(link.host, host);
    conversation.attach(link);
  }

  #handle(host: Host, message: FromHost): void {
    if (message.type === "join") return this.#assign(host, message);
    if (message.type === "fetch") return this.#hand(host, message);
    host.port?.handle(message);
  }

  #assign(host: Host, { build, image }: Extract<FromHost, { type: "join" }>): void {
    const refuse = (reason: string): void => host.conversation.send({ type: "refused", reason });
    const { build: own, imageSha256, assignmentOf } = this.#config;
    if (build !== own) return refuse(`the owner is poncast ${own}, this host poncast ${build}: take the same on both`);
    if (image !== undefined && image !== imageSha256)
      return refuse(`--image: SHA-256 is ${image}, and the run sends ${imageSha256}`);
    const port = this.ports.find(({ isTaken }) => !isTaken);
    if (port === undefined) return refuse(`all ${this.ports.length} ports that hosts bring are taken`);
    host.port = port;
    const assignment = { ...assignmentOf(port.pon), nowNs: this.#state.nowNs() };
    host.conversation.send({ type: "assigned", assignment });
    port.take(host.conversation, host.address);
  }

  #hand({ conversation }: Host, { sha256, at }: Extract<FromHost, { type: "fetch" }>): void {
    const content = this.#config.contents.get(sha256);
    if (content === undefined) return conversation.send({ type: "refused", reason: `no file of SHA-256 ${sha256}` });
    conversation.send({ type: "piece", sha256, at, bytes: content.subarray(at, at + PIECE_BYTES) });
  }
}
