/** The processes of ONTs, whichever road the image comes by: started in their time, cut off, restored, given up. */
import { Deferred, Effect, type Scope, Semaphore } from "effect";
import { type End, finish } from "./end.ts";
import type { OntRecord, RunState } from "./run-state.ts";
import { Supervised, type SupervisedOptions } from "./supervised.ts";

/** Processes that start at the same time; more only wait for each other. */
const STARTS_AT_ONCE = 4;

export interface OntProcessesOptions<From> extends Pick<
  SupervisedOptions<From>,
  "entry" | "log" | "niceness" | "isReady" | "failureOf"
> {
  state: RunState;
  /** ONTs of each process. */
  groups: readonly (readonly OntRecord[])[];
  /** First message of each life. */
  startMessage: (onts: readonly OntRecord[]) => unknown;
  onMessage: (message: From) => void;
  /** Called once: every ONT that is there from the start is up, or will never be. */
  onAllUp?: () => void;
  /** A life of its process is over. */
  onEnded?: (ont: number) => void;
  onGivenUp?: (ont: number, cause: string) => void;
  end: Deferred.Deferred<End>;
}

export class OntProcesses<From> {
  readonly #options: OntProcessesOptions<From>;
  readonly #each: readonly Supervised<From>[];
  readonly #allUp = Deferred.makeUnsafe<void>();
  #givenUp = 0;

  constructor(options: OntProcessesOptions<From>) {
    this.#options = options;
    this.#each = options.groups.map((onts) => this.#supervise(onts));
  }

  get pids(): number[] {
    return this.#each.flatMap(({ pid }) => pid ?? []);
  }

  get cpuSeconds(): number {
    return this.#each.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  }

  get restarts(): number {
    return this.#each.reduce((sum, each) => sum + restartsOf(each), 0);
  }

  get areAllUp(): boolean {
    return Deferred.isDoneUnsafe(this.#allUp);
  }

  /** Those that are there from the start, as far as they were not given up. */
  get fromStart(): OntRecord[] {
    return this.#options.groups
      .flat()
      .filter(({ fleet, view }) => fleet.plan.joinAtSeconds === 0 && view.cell !== "givenUp");
  }

  /** Power cut of the process an ONT lives in. */
  cut(ont: number, offMs: number): void {
    const { groups, state } = this.#options;
    const index = groups.findIndex((onts) => onts.some(({ view }) => view.id === ont));
    if (index < 0 || !this.#each[index].cutPower(offMs)) return;
    for (const { view } of groups[index])
      state.note({ type: "powerCut", ont: view.id, reason: "scenario" }, `power cut of ONT ${view.id}`);
    state.setCells(groups[index], "off");
  }

  /** Starts them, and those that join later in their time. All live until the scope ends. */
  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      // All ONTs of the run are elsewhere.
      if (this.#each.length === 0) this.#options.state.setPhase("running");
      const permits = yield* Semaphore.make(STARTS_AT_ONCE);
      for (const [index, each] of this.#each.entries()) {
        const { joinAtSeconds } = this.#options.groups[index][0].fleet.plan;
        const joins = joinAtSeconds === 0 ? Effect.void : this.#othersUp(joinAtSeconds);
        yield* Effect.forkScoped(Effect.andThen(joins, each.run(permits)));
      }
    });
  }

  /** Waits until all that are there from the start are up, and so many seconds more. */
  #othersUp(seconds: number): Effect.Effect<void> {
    return Effect.andThen(Deferred.await(this.#allUp), Effect.sleep(`${seconds} seconds`));
  }

  /** Ends all of them; what they report last has been told then. */
  stop(): Effect.Effect<void> {
    return Effect.forEach(this.#each, (each) => each.stop(), { concurrency: "unbounded", discard: true });
  }

  #supervise(onts: readonly OntRecord[]): Supervised<From> {
    const { state, entry, log, niceness, isReady, failureOf, startMessage, onMessage, onEnded } = this.#options;
    const each = (tell: (ont: number) => void): void => {
      for (const { view } of onts) tell(view.id);
    };
    return new Supervised<From>({
      name: `ONT ${onts.map(({ view }) => view.id).join(", ")}`,
      entry,
      log,
      niceness,
      startMessage: () => startMessage(onts),
      isReady,
      failureOf,
      handlers: {
        onStarting: (start) => {
          state.setCells(onts, "starting");
          each((ont) => state.note({ type: "ontStarted", ont, start }));
        },
        onReady: () => {
          state.handleReady(onts);
          this.#checkAllUp();
        },
        onMessage,
        onExit: ({ code, signal }, expected) => {
          if (!expected) state.setCells(onts, "off");
          each((ont) => {
            onEnded?.(ont);
            const line = expected ? "" : `ONT ${ont} ended by itself`;
            state.note({ type: "ontEnded", ont, code, signal, expected }, line);
          });
        },
        onRestored: () => each((ont) => state.note({ type: "powerRestored", ont })),
        onGivenUp: (cause) => this.#giveUp(onts, cause),
      },
    });
  }

  #checkAllUp(): void {
    if (this.fromStart.some(({ readyNs }) => readyNs < 0)) return;
    if (!Deferred.doneUnsafe(this.#allUp, Effect.void)) return;
    this.#options.state.setPhase("running");
    this.#options.onAllUp?.();
  }

  #giveUp(onts: readonly OntRecord[], cause: string): void {
    const { state, end, groups, onGivenUp } = this.#options;
    state.setCells(onts, "givenUp", cause);
    for (const { view } of onts) {
      state.note({ type: "ontGivenUp", ont: view.id, cause }, cause);
      onGivenUp?.(view.id, cause);
    }
    this.#checkAllUp();
    if (++this.#givenUp === groups.length) finish(end, { reason: "failed", text: `no ONT process stays up: ${cause}` });
  }
}

/** Lives of a process beyond its first. */
export const restartsOf = ({ starts }: { starts: number }): number => Math.max(0, starts - 1);
