/**
 * Keeps one process going through power cuts and crashes, and gives up after too many. What the process does is its
 * handlers' business.
 */
import { Deferred, Effect, type Scope, type Semaphore } from "effect";
import { type Child, type ChildExit, startChild } from "./child.ts";
import { ProcessError } from "../errors.ts";
import { RestartBudget } from "./restart-budget.ts";

/** From the start of a process until it is ready, beside the time that it waits for the processor. */
const READY_LIMIT_MS = 30_000;
/** Least pause between two looks at how long it has waited: what it said last may be on its way to us. */
const READY_LOOK_MS = 1_000;
/** Before a process that ended by itself is started again. */
const RESTART_PAUSE_MS = 200;

export interface SupervisedHandlers<From> {
  /** @param start 1 for the first life. */
  onStarting: (start: number) => void;
  onReady: () => void;
  onMessage: (message: From) => void;
  /** @param expected by a power cut or the end of the run. */
  onExit: (exit: ChildExit, expected: boolean) => void;
  onRestored: () => void;
  /** It is not started again. */
  onGivenUp: (cause: string) => void;
}

export interface SupervisedOptions<From> {
  /** For messages: "OLT", "ONT 7". */
  name: string;
  entry: string;
  log: number;
  /** How far it gives way to others once it is ready; starting, it only holds up those behind it. */
  niceness: number;
  /** First message of each life. */
  startMessage: () => unknown;
  isReady: (message: From) => boolean;
  /** The line a process leaves when it cannot go on. */
  failureOf: (message: From) => string | undefined;
  handlers: SupervisedHandlers<From>;
}

/** One process through all its lives: started, cut off, restored, restarted when it ends by itself. */
export class Supervised<From> {
  readonly #options: SupervisedOptions<From>;
  #child: Child | undefined;
  /** Set while a power cut is on: how long it lasts. */
  #offMs: number | undefined;
  #stopping = false;
  /** When this life was ready, by `performance.now()`. */
  #readyAtMs: number | undefined;
  #failure = "";
  #endedCpuSeconds = 0;
  starts = 0;

  constructor(options: SupervisedOptions<From>) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get cpuSeconds(): number {
    return this.#endedCpuSeconds + (this.#child?.cpuSeconds() ?? 0);
  }

  send(message: unknown): void {
    this.#child?.send(message);
  }

  /** Kills the process as a power cut does; it starts again after `offMs`. @returns false while it is off already. */
  cutPower(offMs: number): boolean {
    if (!this.#child || this.#offMs !== undefined || this.#stopping) return false;
    this.#offMs = offMs;
    this.#child.kill();
    return true;
  }

  /** Asks the process to end, and waits for it. What does not end is killed with the scope it lives in. */
  stop(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.#stopping = true;
      const child = this.#child;
      if (!child) return Effect.void;
      child.cpuSeconds();
      child.send({ type: "stop" });
      return Effect.asVoid(Deferred.await(child.exited));
    });
  }

  /**
   * Lives until it is stopped or given up.
   *
   * @param permits bounds how many processes start at a time
   */
  run(permits: Semaphore.Semaphore): Effect.Effect<void> {
    const { handlers, name } = this.#options;
    return Effect.gen({ self: this }, function* () {
      const budget = new RestartBudget();
      while (!this.#stopping) {
        const exit = yield* Effect.scoped(this.#live(permits)).pipe(
          Effect.catch((error) => Effect.succeed({ code: -1, signal: error.message })),
        );
        const offMs = this.#offMs;
        this.#offMs = undefined;
        handlers.onExit(exit, offMs !== undefined || this.#stopping);
        if (this.#stopping) return;
        const readyMs = this.#readyAtMs === undefined ? undefined : performance.now() - this.#readyAtMs;
        const spent = offMs === undefined ? budget.spentBy({ readyMs, signal: exit.signal }) : undefined;
        if (spent !== undefined) {
          return handlers.onGivenUp(`${name} ended by itself ${spent} times (${this.#causeOf(exit)})`);
        }
        yield* Effect.sleep(offMs ?? RESTART_PAUSE_MS);
        handlers.onRestored();
      }
    });
  }

  /** One life. */
  #live(permits: Semaphore.Semaphore): Effect.Effect<ChildExit, ProcessError, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const child = yield* permits.withPermit(this.#start());
      const exit = yield* Deferred.await(child.exited);
      this.#endedCpuSeconds += child.cpuSeconds();
      this.#child = undefined;
      return exit;
    });
  }

  /** Starts the process and waits until it is ready, or gone. */
  #start(): Effect.Effect<Child, ProcessError, Scope.Scope> {
    const { name, entry, log, niceness, handlers, startMessage } = this.#options;
    return Effect.gen({ self: this }, function* () {
      const ready = yield* Deferred.make<void>();
      this.#readyAtMs = undefined;
      handlers.onStarting(++this.starts);
      const onMessage = (raw: unknown): void => this.#receive(raw as From, ready);
      const child = yield* startChild({ name, entry, log, onMessage });
      this.#child = child;
      child.send(startMessage());
      yield* this.#awaitReady(child, ready, 0, READY_LIMIT_MS);
      if (niceness !== 0) child.giveWay(niceness);
      return child;
    });
  }

  /** Ready, or gone. On a busy machine the limit moves by as long as the process only waited for its turn. */
  #awaitReady(
    child: Child,
    ready: Deferred.Deferred<void>,
    sinceMs: number,
    untilMs: number,
  ): Effect.Effect<unknown, ProcessError> {
    const { name } = this.#options;
    return Effect.raceFirst(Deferred.await(ready), Deferred.await(child.exited)).pipe(
      Effect.timeoutOrElse({
        duration: Math.max(READY_LOOK_MS, untilMs - sinceMs),
        orElse: () => {
          const limitMs = READY_LIMIT_MS + child.waitedMs();
          if (limitMs > untilMs) return this.#awaitReady(child, ready, untilMs, limitMs);
          const message = `${name} was not ready in ${READY_LIMIT_MS} ms`;
          return Effect.fail(new ProcessError({ process: name, message }));
        },
      }),
    );
  }

  #receive(message: From, ready: Deferred.Deferred<void>): void {
    const { isReady, failureOf, handlers } = this.#options;
    this.#failure = failureOf(message) ?? this.#failure;
    if (isReady(message)) {
      this.#readyAtMs = performance.now();
      Deferred.doneUnsafe(ready, Effect.void);
      handlers.onReady();
    }
    handlers.onMessage(message);
  }

  #causeOf(exit: ChildExit): string {
    if (this.#failure !== "") return this.#failure;
    return exit.signal === "" ? `exit code ${exit.code}` : exit.signal;
  }
}
