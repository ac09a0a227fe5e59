/** The OLT process of one port through all its lives, and what an operator asks of it. */
import { Deferred, Effect, Semaphore } from "effect";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { FromOlt, OltAddress, OltProcessConfig } from "../../olt/process/index.ts";
import { bySerial, StandingCommands } from "../control/standing.ts";
import type { End } from "./end.ts";
import type { RunState } from "./run-state.ts";
import { Supervised } from "./supervised.ts";

export interface OltProcessOptions {
  entry: string;
  log: number;
  state: RunState;
  /** First message of its first life. */
  config: () => OltProcessConfig;
  /** It listens: told at each start. */
  onReady: () => void;
  /** Its distribution is over, or it cannot go on. */
  onOver: (end: End) => void;
  /** What was over has begun again: another OLT takes its place. */
  onAgain: () => void;
}

export class OltProcess {
  readonly pon: number;
  readonly listening = Deferred.makeUnsafe<OltAddress>();
  readonly supervised: Supervised<FromOlt>;
  readonly #options: OltProcessOptions;
  readonly #standing = new StandingCommands();
  /** Commands whose answers are on their way, by number. */
  readonly #asked = new Map<number, (outcome: OltCommandOutcome) => void>();
  #requests = 0;
  #isReady = false;
  address: OltAddress | undefined;

  constructor(pon: number, options: OltProcessOptions) {
    this.pon = pon;
    this.#options = options;
    this.supervised = this.#supervise();
  }

  /** Where there is no OLT at the moment, it is for the next one. */
  command(asked: OltCommand): Promise<OltCommandOutcome> {
    const command = bySerial(asked, (onuId) => this.#options.state.serialOf(this.pon, onuId));
    if (!this.#isReady) return Promise.resolve(this.#standing.keep(command));
    const request = ++this.#requests;
    this.supervised.send({ type: "command", request, command });
    return new Promise((done) => {
      this.#asked.set(request, (outcome) => {
        if (outcome.accepted) this.#standing.note(command);
        done(outcome);
      });
    });
  }

  run(): Effect.Effect<void> {
    return Effect.flatMap(Semaphore.make(1), (permits) => this.supervised.run(permits));
  }

  /** For lines; a run of one port has "the OLT". */
  get #name(): string {
    return this.#options.state.ports === 1 ? "the OLT" : `the OLT of port ${this.pon}`;
  }

  #supervise(): Supervised<FromOlt> {
    const { entry, log, state, config, onOver, onAgain } = this.#options;
    const own = state.ports === 1 ? {} : { pon: this.pon };
    return new Supervised<FromOlt>({
      name: this.#name,
      entry,
      log,
      niceness: 0,
      // A second OLT takes the place of the first, for ONTs that know nothing of it.
      startMessage: () => {
        const first = config();
        return { type: "start", config: { ...first, port: this.address?.port ?? first.port } };
      },
      isReady: (message) => message.type === "listening",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      handlers: {
        onStarting: (start) => state.note({ type: "oltStarted", start, ...own }),
        onReady: () => this.#handleReady(),
        onMessage: (message) => this.#handle(message),
        onExit: ({ code, signal }, expected) => {
          this.#handleGone();
          state.endLife(this.pon);
          onAgain();
          state.note(
            { type: "oltEnded", code, signal, expected, ...own },
            expected ? "" : `${this.#name} ended by itself`,
          );
        },
        onRestored: () => undefined,
        onGivenUp: (text) => onOver({ reason: "failed", text }),
      },
    });
  }

  #handleReady(): void {
    this.#isReady = true;
    // A request of number 0 is nobody's.
    for (const command of this.#standing.forNewOlt()) this.supervised.send({ type: "command", request: 0, command });
    this.#options.onReady();
  }

  #handleGone(): void {
    this.#isReady = false;
    for (const done of this.#asked.values()) done({ accepted: false, reason: "the OLT ended" });
    this.#asked.clear();
  }

  #handle(message: FromOlt): void {
    const { state, onOver } = this.#options;
    if (message.type === "commandDone") {
      this.#asked.get(message.request)?.(message.outcome);
      this.#asked.delete(message.request);
    }
    state.handleOlt(message, this.pon);
    if (message.type === "listening") {
      this.address = message.address;
      Deferred.doneUnsafe(this.listening, Effect.succeed(message.address));
    }
    if (message.type === "finished") onOver({ reason: "finished", text: "" });
    if (message.type === "failed") onOver({ reason: "failed", text: `${this.#name}: ${message.message}` });
  }
}
