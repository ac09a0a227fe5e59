/**
 * The OLT processes and the ONT processes of a run: started in order, cut off and restored when told to, stopped
 * together.
 */
import { Deferred, Effect, type Scope } from "effect";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { FeedAddress, FeedServerConfig } from "../../olt/feed/index.ts";
import { outcomeOf, portsAsked } from "../control/ports.ts";
import type { OltAddress, OltProcessConfig } from "../../olt/process/index.ts";
import type { FromOnt, OntProcessConfig } from "../../ont/process/index.ts";
import type { ProcessBundles } from "./bundles.ts";
import type { OntRecord, RunState } from "./run-state.ts";
import { type End, finish, STOP_LIMIT } from "./end.ts";
import { FeedProcess } from "./feed-process.ts";
import { Hosts, type HostsConfig } from "./hosts/hosts.ts";
import { OltProcess } from "./olt-process.ts";
import { OntProcesses, restartsOf } from "./ont-processes.ts";
import type { PortOlt } from "./port-olt.ts";
import type { RunProcesses } from "./run-processes.ts";
import { lineOf } from "../errors.ts";
import type { OntStorage } from "../result/types.ts";
import type { PortResult } from "./hosts/protocol.ts";

/** ONTs give way to the headend and to us: one wake-up then takes many datagrams. */
const ONT_NICENESS = 10;

export interface ProcessesOptions {
  bundles: ProcessBundles;
  /** File descriptor for what the processes print. */
  log: number;
  state: RunState;
  /** The first message of the OLT process of each port that is here. */
  oltConfigs: readonly OltProcessConfig[];
  /** What the ports share upstream of them; absent: nothing. */
  feed?: FeedServerConfig | undefined;
  /** Ports that other hosts bring, who find the feed where they join; absent: none. */
  hosts?: HostsConfig | undefined;
  /** ONTs of each ONT process. */
  groups: readonly (readonly OntRecord[])[];
  ontConfigOf: (onts: readonly OntRecord[], olt: OltAddress) => OntProcessConfig;
  end: Deferred.Deferred<End>;
}

/** The processes of a run. */
export class Processes implements RunProcesses {
  readonly #options: ProcessesOptions;
  readonly #olts: readonly PortOlt[];
  readonly #hosts: Hosts | undefined;
  readonly #feed: FeedProcess | undefined;
  readonly #onts: OntProcesses<FromOnt>;
  /** How each port came to its end, as far as they have. */
  readonly #over = new Map<number, End>();
  /** When the first process was started, nanoseconds of the run's clock. */
  startedNs = 0;

  constructor(options: ProcessesOptions) {
    this.#options = options;
    const { state, bundles, log, groups, end, ontConfigOf, feed, hosts } = options;
    this.#feed = feed && !hosts ? new FeedProcess(feed, state, bundles.feed, log) : undefined;
    this.#hosts = hosts && new Hosts(hosts, state, (pon, how) => this.#handleOver(pon, how));
    this.#olts = [...options.oltConfigs.map((config) => this.#makeOlt(config)), ...(this.#hosts?.ports ?? [])];
    this.#onts = new OntProcesses<FromOnt>({
      state,
      entry: bundles.ont,
      log,
      groups,
      end,
      niceness: ONT_NICENESS,
      startMessage: (onts) => {
        const { address } = this.#oltOf(onts[0].fleet.plan.pon);
        return { type: "start", config: ontConfigOf(onts, address!) };
      },
      isReady: (message) => message.type === "ready",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      onMessage: (message) => state.handleOnt(message),
      onAllUp: () => {
        for (const olt of this.#olts) this.#tellFleet(olt);
      },
    });
  }

  get oltPids(): number[] {
    return this.#olts.flatMap(({ pid }) => pid ?? []);
  }

  get ontPids(): number[] {
    return this.#onts.pids;
  }

  get cpuSeconds(): { olt: number; onts: number } {
    const headend = [...this.#olts, ...(this.#feed ? [this.#feed.supervised] : [])];
    return {
      olt: headend.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      onts: this.#onts.cpuSeconds + this.#toldByHosts(({ cpuSeconds }) => cpuSeconds.onts),
    };
  }

  get restarts(): { olt: number; onts: number } {
    return {
      olt: this.#olts.reduce((sum, olt) => sum + restartsOf(olt), 0),
      onts: this.#onts.restarts + this.#toldByHosts(({ restarts }) => restarts.onts),
    };
  }

  /** What hosts read back of the flash of their ONTs, by the number of the ONT; null: nobody could. */
  get storages(): ReadonlyMap<number, OntStorage | null> {
    return new Map(
      this.#hosts?.ports.flatMap(({ result }) => (result?.onts ?? []).map(({ id }, at) => [id, result!.storages[at]])),
    );
  }

  get remarks(): string[] {
    return this.#hosts?.absences() ?? [];
  }

  cutOnt(ont: number, offMs: number): void {
    const pon = this.#options.state.onts[ont]?.fleet.plan.pon;
    const joined = this.#hosts?.ports.find((port) => port.pon === pon);
    if (joined) joined.cutOnt(ont, offMs);
    else this.#onts.cut(ont, offMs);
  }

  killOlt(pon: number, offMs: number): void {
    this.#oltOf(pon).kill(offMs);
  }

  /** An operator's command to the OLTs of all ports, or of the ONT's that is named. */
  async command(asked: OltCommand): Promise<OltCommandOutcome> {
    const { state } = this.#options;
    const ports = portsAsked(asked, this.#olts.length, (serial) => state.portOf(serial));
    if (!Array.isArray(ports)) return ports;
    return outcomeOf(await Promise.all(ports.map((pon) => this.commandPort(pon, asked))));
  }

  /** The same to one port. */
  commandPort(pon: number, asked: OltCommand): Promise<OltCommandOutcome> {
    return this.#oltOf(pon).command(asked);
  }

  skipOnt(ont: number, by: string): void {
    const serial = this.#options.state.onts[ont]?.fleet.plan.serial;
    if (serial !== undefined) void this.command({ kind: "skip", serial, ahead: true, by });
  }

  /** Starts the feed's server and the OLTs, then the ONTs, and those that join later in their time. All live until the scope ends. */
  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      this.startedNs = this.#options.state.nowNs();
      if (this.#feed) {
        yield* Effect.forkScoped(this.#feed.run());
        yield* Deferred.await(this.#feed.listening);
      }
      const hosts = this.#hosts;
      if (hosts) yield* this.#open(hosts);
      yield* Effect.forEach(this.#olts, (olt) => olt.start(), { concurrency: "unbounded", discard: true });
      yield* this.#onts.start();
    });
  }

  /** Ends all of them; what they report last is in the state then. */
  stop(): Effect.Effect<void> {
    const joined: readonly PortOlt[] = this.#hosts?.ports ?? [];
    const together = { concurrency: "unbounded", discard: true } as const;
    const here = Effect.gen({ self: this }, function* () {
      const olts = this.#olts.filter((olt) => !joined.includes(olt));
      yield* Effect.forEach(olts, (olt) => olt.stop(), together);
      if (this.#feed) yield* this.#feed.supervised.stop();
      yield* this.#onts.stop();
    }).pipe(Effect.timeoutOption(STOP_LIMIT), Effect.asVoid);
    const elsewhere = Effect.forEach(joined, (port) => port.stop(), together);
    return Effect.all([here, elsewhere], together).pipe(
      Effect.andThen(Effect.promise(() => this.#hosts?.stop() ?? Promise.resolve())),
    );
  }

  /** Hosts may come from now on, until the scope ends. */
  #open(hosts: Hosts): Effect.Effect<void, never, Scope.Scope> {
    const failed = (text: string): Effect.Effect<void> =>
      Effect.sync(() => finish(this.#options.end, { reason: "failed", text }));
    return Effect.acquireRelease(
      Effect.tryPromise({ try: () => hosts.start(), catch: lineOf }).pipe(Effect.catch(failed)),
      () => Effect.promise(() => hosts.stop()),
    );
  }

  #oltOf(pon: number): PortOlt {
    return this.#olts.find((olt) => olt.pon === pon)!;
  }

  #toldByHosts(figure: (result: PortResult) => number): number {
    const results = this.#hosts?.ports.flatMap(({ result }) => result ?? []) ?? [];
    return results.reduce((sum, result) => sum + figure(result), 0);
  }

  #makeOlt(config: OltProcessConfig): OltProcess {
    const { bundles, log, state } = this.#options;
    const { pon } = config;
    const olt: OltProcess = new OltProcess(pon, {
      entry: bundles.olt,
      log,
      state,
      config: () => ({ ...config, ...this.#feedAddress() }),
      onReady: () => this.#tellFleet(olt),
      onMessage: (message) => {
        state.handleOlt(message, pon);
        if (message.type === "finished") this.#handleOver(pon, { reason: "finished", text: "" });
      },
      onFailed: (text) => this.#handleOver(pon, { reason: "failed", text }),
      // What was over has begun again: another OLT takes its place.
      onExit: () => {
        if (this.#over.get(pon)?.reason === "finished") this.#over.delete(pon);
      },
    });
    return olt;
  }

  /** Where its server listens; one that never did is looked for where it would be, in vain. */
  #feedAddress(): { feed?: FeedAddress } {
    const { feed } = this.#options;
    if (feed === undefined) return {};
    const { bytesPerSecond, ports, key, host, port } = feed;
    const at = this.#feed?.address ?? { address: host, port };
    return { feed: { ...at, key, bytesPerSecond, ports } };
  }

  /** The run is over with its last port; one that failed keeps no other from its end. */
  #handleOver(pon: number, how: End): void {
    this.#over.set(pon, how);
    const { state, end } = this.#options;
    if (how.text !== "") state.note({ type: "note", text: how.text }, how.text);
    if (this.#over.size < this.#olts.length) return;
    const all = [...this.#over.values()];
    finish(end, all.find(({ reason }) => reason === "failed") ?? all.find(({ text }) => text !== "") ?? all[0]);
  }

  /** The download begins when all that came up are ranged: the OLT is told how many, each OLT anew. */
  #tellFleet(olt: PortOlt): void {
    if (!this.#onts.areAllUp) return;
    const own = this.#onts.fromStart.filter(({ fleet }) => fleet.plan.pon === olt.pon);
    olt.send({ type: "fleet", onts: own.length });
  }
}
