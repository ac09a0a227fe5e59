/** The process of a depot, or an ACS, through all its lives: what it has sent, where it is, and what it is asked. */
import { Deferred, Effect, type Scope, Semaphore } from "effect";
import type { HeadendCommand } from "../../headend/depot/process/index.ts";
import { type End, finish } from "../processes/end.ts";
import { restartsOf } from "../processes/ont-processes.ts";
import type { RunState } from "../processes/run-state.ts";
import { Supervised } from "../processes/supervised.ts";

/** What every headend tells of where it is. */
export interface Listening {
  url: string;
  port: number;
}

/** What every such headend tells. */
type FromHeadend =
  | ({ type: "listening" } & Listening)
  /** Bytes of files, since it started. */
  | { type: "sent"; bytes: number }
  /** It is kept, and counts from now on. @property isAtWork of `hold` */
  | { type: "commandDone"; request: number; isAtWork?: boolean }
  | { type: "stopped" }
  | { type: "failed"; message: string };

/** @param isAtWork of `hold`: the device is at something that has not ended */
export type HeadendDone = (isAtWork: boolean) => void;

export interface HeadendProcessOptions {
  /** For people. */
  name: string;
  /** What is forked. */
  entry: string;
  /** First message. @param port the next one is where the first was; 0: any */
  config: (port: number) => object;
  log: number;
  state: RunState;
  end: Deferred.Deferred<End>;
}

export class HeadendProcess<Where extends Listening> {
  readonly #options: HeadendProcessOptions;
  readonly #server: Supervised<FromHeadend>;
  readonly #isListening = Deferred.makeUnsafe<void>();
  /** Commands that are not carried out yet, by number. */
  readonly #asked = new Map<number, { command: HeadendCommand; done: HeadendDone }>();
  #requests = 0;
  #where: Where | undefined;
  /** Bytes that those sent which have ended. */
  #endedBytes = 0;
  #sentBytes = 0;

  constructor(options: HeadendProcessOptions) {
    this.#options = options;
    this.#server = this.#supervise();
  }

  get pid(): number | undefined {
    return this.#server.pid;
  }

  get cpuSeconds(): number {
    return this.#server.cpuSeconds;
  }

  get restarts(): number {
    return restartsOf(this.#server);
  }

  get sentBytes(): number {
    return this.#endedBytes + this.#sentBytes;
  }

  /** Undefined before it has listened once. */
  get where(): Where | undefined {
    return this.#where;
  }

  kill(offMs: number): void {
    const { name, state } = this.#options;
    if (this.#server.cutPower(offMs))
      state.note({ type: "note", text: `${name} is killed by the scenario` }, `${name} killed`);
  }

  /** One that is down is asked when it is back. */
  ask(command: HeadendCommand, done: HeadendDone): void {
    const request = ++this.#requests;
    this.#asked.set(request, { command, done });
    this.#server.send({ type: "command", request, command });
  }

  /** Returns when it listens; lives until the scope ends. */
  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      yield* Effect.forkScoped(this.#server.run(yield* Semaphore.make(1)));
      yield* Deferred.await(this.#isListening);
    });
  }

  stop(): Effect.Effect<void> {
    return this.#server.stop();
  }

  #supervise(): Supervised<FromHeadend> {
    const { name, entry, config, state, end, log } = this.#options;
    return new Supervised<FromHeadend>({
      name,
      entry,
      log,
      niceness: 0,
      // The next one is where the first was.
      startMessage: () => ({ type: "start", config: config(this.#where?.port ?? 0) }),
      isReady: (message) => message.type === "listening",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      handlers: {
        onStarting: (start) => state.note({ type: "oltStarted", start }),
        onReady: () => undefined,
        onMessage: (message) => this.#handle(message),
        onExit: ({ code, signal }, expected) => {
          this.#endedBytes += this.#sentBytes;
          this.#sentBytes = 0;
          state.note({ type: "oltEnded", code, signal, expected }, expected ? "" : `${name} ended`);
        },
        onRestored: () => undefined,
        onGivenUp: (text) => finish(end, { reason: "failed", text }),
      },
    });
  }

  #handle(message: FromHeadend): void {
    if (message.type === "sent") this.#sentBytes = message.bytes;
    if (message.type === "commandDone") {
      const asked = this.#asked.get(message.request);
      this.#asked.delete(message.request);
      asked?.done(message.isAtWork === true);
    }
    if (message.type !== "listening") return;
    // Done twice is done once.
    for (const [request, { command }] of this.#asked) this.#server.send({ type: "command", request, command });
    this.#where = message as Where & FromHeadend;
    Deferred.doneUnsafe(this.#isListening, Effect.void);
  }
}
