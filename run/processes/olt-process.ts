/** The process of a port's OLT through all its lives: where it listens, what it tells, and commands that outlive it. */
import { Deferred, Effect, type Scope, Semaphore } from "effect";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { FromOlt, OltAddress, OltProcessConfig, ToOlt } from "../../olt/process/index.ts";
import { bySerial, StandingCommands } from "../control/standing.ts";
import type { PortOlt } from "./port-olt.ts";
import type { RunState } from "./run-state.ts";
import { Supervised } from "./supervised.ts";

export interface OltProcessOptions {
  /** What is forked. */
  entry: string;
  log: number;
  state: RunState;
  /** First message of each life, but for the port: a second OLT takes the place of the first, for ONTs that know nothing of it. */
  config: () => OltProcessConfig;
  onReady: () => void;
  /** What it tells, in order. */
  onMessage: (message: FromOlt) => void;
  /** It cannot go on: why. */
  onFailed: (text: string) => void;
  /** A life of it is over. */
  onExit?: () => void;
  /** How its lives are told; default: each. @returns undefined: this one is told to nobody */
  lifeOf?: (start: number) => number | undefined;
}

export class OltProcess implements PortOlt {
  readonly pon: number;
  readonly #options: OltProcessOptions;
  readonly #process: Supervised<FromOlt>;
  readonly #listening = Deferred.makeUnsafe<OltAddress>();
  #address: OltAddress | undefined;
  #standing = new StandingCommands();
  #isReady = false;
  #isTold = true;
  /** Commands whose answers are on their way, by number. */
  readonly #asked = new Map<number, (outcome: OltCommandOutcome) => void>();
  #requests = 0;

  constructor(pon: number, options: OltProcessOptions) {
    this.pon = pon;
    this.#options = options;
    this.#process = this.#supervise();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get cpuSeconds(): number {
    return this.#process.cpuSeconds;
  }

  get starts(): number {
    return this.#process.starts;
  }

  /** Undefined before it has listened once. */
  get address(): OltAddress | undefined {
    return this.#address;
  }

  /** It can be told something. */
  get isReady(): boolean {
    return this.#isReady;
  }

  send(message: ToOlt): void {
    this.#process.send(message);
  }

  kill(offMs: number): void {
    if (!this.#process.cutPower(offMs)) return;
    const which = this.#options.state.ports === 1 ? "" : ` of port ${this.pon}`;
    this.#options.state.note({ type: "note", text: `OLT${which} killed by the scenario` }, `OLT${which} killed`);
  }

  /** Another OLT in its place, which knows nothing of what was commanded. */
  renew(): void {
    this.#standing = new StandingCommands();
    this.#isTold = false;
    this.#process.cutPower(0);
  }

  /** An operator's; where there is no OLT at the moment, it is for the next one. */
  command(asked: OltCommand): Promise<OltCommandOutcome> {
    const command = bySerial(asked, (onuId) => this.#options.state.serialOf(this.pon, onuId));
    if (!this.#isReady) return Promise.resolve(this.#standing.keep(command));
    const request = ++this.#requests;
    this.send({ type: "command", request, command });
    return new Promise((done) => {
      this.#asked.set(request, (outcome) => {
        if (outcome.accepted) this.#standing.note(command);
        done(outcome);
      });
    });
  }

  /** Returns when it listens; lives until the scope ends. */
  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      yield* Effect.forkScoped(this.#process.run(yield* Semaphore.make(1)));
      yield* Deferred.await(this.#listening);
    });
  }

  stop(): Effect.Effect<void> {
    return this.#process.stop();
  }

  /** For lines; a run of one port has "the OLT". */
  get #name(): string {
    return this.#options.state.ports === 1 ? "the OLT" : `the OLT of port ${this.pon}`;
  }

  #supervise(): Supervised<FromOlt> {
    const { state, entry, log, config, onExit, onFailed, lifeOf = (start) => start } = this.#options;
    const own = state.ports === 1 ? {} : { pon: this.pon };
    return new Supervised<FromOlt>({
      name: this.#name,
      entry,
      log,
      niceness: 0,
      startMessage: () => {
        const first = config();
        return { type: "start", config: { ...first, port: this.#address?.port ?? first.port } } satisfies ToOlt;
      },
      isReady: (message) => message.type === "listening",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      handlers: {
        onStarting: (start) => {
          const life = lifeOf(start);
          this.#isTold = life !== undefined;
          if (life !== undefined) state.note({ type: "oltStarted", start: life, ...own });
        },
        onReady: () => this.#handleReady(),
        onMessage: (message) => this.#handle(message),
        onExit: ({ code, signal }, expected) => {
          this.#handleGone();
          state.endLife(this.pon);
          onExit?.();
          const line = expected ? "" : `${this.#name} ended by itself`;
          if (this.#isTold) state.note({ type: "oltEnded", code, signal, expected, ...own }, line);
        },
        onRestored: () => undefined,
        onGivenUp: onFailed,
      },
    });
  }

  #handleReady(): void {
    this.#isReady = true;
    // A request of number 0 is nobody's.
    for (const command of this.#standing.forNewOlt()) this.send({ type: "command", request: 0, command });
    this.#options.onReady();
  }

  #handleGone(): void {
    this.#isReady = false;
    for (const done of this.#asked.values()) done({ accepted: false, reason: "the OLT ended" });
    this.#asked.clear();
  }

  #handle(message: FromOlt): void {
    if (message.type === "commandDone") {
      this.#asked.get(message.request)?.(message.outcome);
      this.#asked.delete(message.request);
    }
    if (message.type === "listening") {
      this.#address = message.address;
      Deferred.doneUnsafe(this.#listening, Effect.succeed(message.address));
    }
    this.#options.onMessage(message);
    if (message.type === "failed") this.#options.onFailed(`${this.#name}: ${message.message}`);
  }
}
