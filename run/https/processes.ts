/** The depot's process and the processes of ONTs with their agents: the same life as those of a run over OMCI. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Deferred, Effect, type Scope, Semaphore } from "effect";
import { targetToken } from "../../headend/depot/index.ts";
import type { HeadendCommand, FromDepot } from "../../headend/depot/process/index.ts";
import type { AgentProcessConfig } from "../../ont/agent/process/index.ts";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { RunImages } from "../images/index.ts";
import { type End, finish, STOP_LIMIT } from "../processes/end.ts";
import { restartsOf } from "../processes/ont-processes.ts";
import type { ProcessBundles } from "../processes/bundles.ts";
import type { RunProcesses } from "../processes/run-processes.ts";
import type { OntRecord, RunState } from "../processes/run-state.ts";
import { Supervised } from "../processes/supervised.ts";
import { AgentProcesses } from "./agent-processes.ts";
import { agentFactsOf, depotConfigOf, depotRatesOf } from "./facts.ts";
import type { DepotIdentity } from "./identity.ts";
import { DepotOperator } from "./operator.ts";

const TOKEN_BYTES = 24;

export interface HttpsProcessesOptions {
  scenario: Scenario;
  images: RunImages;
  /** What the depot hands out. */
  imagePaths: readonly string[];
  stateFolder: string;
  identity: DepotIdentity;
  bundles: Pick<ProcessBundles, "agent" | "depot">;
  log: number;
  state: RunState;
  groups: readonly (readonly OntRecord[])[];
  epochNs: bigint;
  end: Deferred.Deferred<End>;
}

export class HttpsProcesses implements RunProcesses {
  readonly #options: HttpsProcessesOptions;
  readonly #depot: Supervised<FromDepot>;
  readonly #agents: AgentProcesses;
  readonly #listening = Deferred.makeUnsafe<void>();
  readonly #gatewayToken = randomBytes(TOKEN_BYTES).toString("base64url");
  readonly #operator: DepotOperator;
  /** Commands that are not carried out yet, by number. */
  readonly #asked = new Map<number, { command: HeadendCommand; done: () => void }>();
  #requests = 0;
  #url = "";
  #port = 0;
  /** Bytes that depots sent which have ended. */
  #endedBytes = 0;
  #sentBytes = 0;
  startedNs = 0;

  constructor(options: HttpsProcessesOptions) {
    this.#options = options;
    this.#depot = this.#superviseDepot();
    this.#agents = new AgentProcesses({
      ...options,
      entry: options.bundles.agent,
      configOf: (onts) => this.#configOf(onts),
      hasDepot: true,
      sentBytes: () => this.#endedBytes + this.#sentBytes,
    });
    const { state } = options;
    this.#operator = new DepotOperator({
      ends: this.#agents.ends,
      serials: state.onts.map(({ fleet }) => fleet.plan.serial),
      carryOut: (command, done) => this.#ask(command, done),
      tell: (event) => {
        state.handleOlt({ type: "events", events: [[state.nowNs(), event]] });
        this.#agents.tellStatus();
      },
    });
  }

  get oltPid(): number | undefined {
    return this.#depot.pid;
  }

  get ontPids(): number[] {
    return this.#agents.pids;
  }

  get cpuSeconds(): { olt: number; onts: number } {
    return { olt: this.#depot.cpuSeconds, onts: this.#agents.cpuSeconds };
  }

  get restarts(): { olt: number; onts: number } {
    return { olt: restartsOf(this.#depot), onts: this.#agents.restarts };
  }

  cutOnt(ont: number, offMs: number): void {
    this.#agents.cut(ont, offMs);
  }

  /** The headend of this road. */
  killOlt(offMs: number): void {
    if (this.#depot.cutPower(offMs))
      this.#options.state.note({ type: "note", text: "the depot is killed by the scenario" }, "depot killed");
  }

  command(asked: OltCommand): Promise<OltCommandOutcome> {
    return this.#operator.command(asked);
  }

  skipOnt(ont: number, by: string): void {
    const { serial } = this.#options.state.onts[ont].fleet.plan;
    void this.command({ kind: "skip", serial, by });
  }

  /** One that is down is asked when it is back. */
  #ask(command: HeadendCommand, done: () => void): void {
    const request = ++this.#requests;
    this.#asked.set(request, { command, done });
    this.#depot.send({ type: "command", request, command });
  }

  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      this.startedNs = this.#options.state.nowNs();
      yield* Effect.forkScoped(this.#depot.run(yield* Semaphore.make(1)));
      yield* Deferred.await(this.#listening);
      yield* this.#agents.start();
    });
  }

  stop(): Effect.Effect<void> {
    return this.#agents.stop(this.#depot.stop()).pipe(Effect.timeoutOption(STOP_LIMIT), Effect.asVoid);
  }

  #superviseDepot(): Supervised<FromDepot> {
    const { state, end, bundles, log, scenario, imagePaths, stateFolder, identity } = this.#options;
    const { trusted: _trusted, ...own } = identity;
    const config = depotConfigOf(scenario);
    const rates = depotRatesOf(scenario);
    return new Supervised<FromDepot>({
      name: "the depot",
      entry: bundles.depot,
      log,
      niceness: 0,
      // The next one is where the first was.
      startMessage: () => ({
        type: "start",
        config: {
          ...own,
          port: this.#port,
          paths: imagePaths,
          stateFolder: join(stateFolder, "depot"),
          gatewayToken: this.#gatewayToken,
          config,
          rates,
        },
      }),
      isReady: (message) => message.type === "listening",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      handlers: {
        onStarting: (start) => state.note({ type: "oltStarted", start }),
        onReady: () => undefined,
        onMessage: (message) => this.#handleDepot(message),
        onExit: ({ code, signal }, expected) => {
          this.#endedBytes += this.#sentBytes;
          this.#sentBytes = 0;
          state.note({ type: "oltEnded", code, signal, expected }, expected ? "" : "the depot ended");
        },
        onRestored: () => undefined,
        onGivenUp: (text) => finish(end, { reason: "failed", text }),
      },
    });
  }

  #handleDepot(message: FromDepot): void {
    if (message.type === "sent") this.#sentBytes = message.bytes;
    if (message.type === "commandDone") {
      this.#asked.get(message.request)?.done();
      this.#asked.delete(message.request);
    }
    if (message.type !== "listening") return;
    // Done twice is done once.
    for (const [request, { command }] of this.#asked) this.#depot.send({ type: "command", request, command });
    this.#url = message.url;
    this.#port = message.port;
    Deferred.doneUnsafe(this.#listening, Effect.void);
  }

  #configOf(onts: readonly OntRecord[]): AgentProcessConfig {
    const { scenario, images, identity, epochNs } = this.#options;
    return {
      devices: onts.map(({ fleet }) => ({
        ont: fleet.description,
        agent: {
          facts: agentFactsOf(fleet.plan, scenario, images.trustedKeys),
          token: targetToken(this.#gatewayToken, fleet.plan.serial),
        },
      })),
      depot: { origin: this.#url, trusted: identity.trusted },
      seed: scenario.seed,
      // The flash has to outlive the ONT's process, not this machine.
      durability: "none",
      epochNs,
    };
  }
}
