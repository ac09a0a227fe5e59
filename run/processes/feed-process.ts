/** The process that serves the feed which the OLTs of a run share. The run outlives it: they go on at their fair shares. */
import { Deferred, Effect, Semaphore } from "effect";
import type { FeedServerConfig, FromFeed } from "../../olt/feed/index.ts";
import type { RunState } from "./run-state.ts";
import { Supervised } from "./supervised.ts";

export class FeedProcess {
  readonly supervised: Supervised<FromFeed>;
  /** Where it listens; undefined: it never did. */
  address: { address: string; port: number } | undefined;
  readonly listening = Deferred.makeUnsafe<void>();

  constructor(config: FeedServerConfig, state: RunState, entry: string, log: number) {
    const name = "the feed's server";
    const note = (text: string): void => state.note({ type: "note", text }, text);
    this.supervised = new Supervised<FromFeed>({
      name,
      entry,
      log,
      niceness: 0,
      // Its OLTs look for it where it was.
      startMessage: () => ({ type: "start", config: { ...config, port: this.address?.port ?? config.port } }),
      isReady: (message) => message.type === "listening",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      handlers: {
        onStarting: () => undefined,
        onReady: () => undefined,
        onMessage: (message) => {
          if (message.type !== "listening") return;
          this.address = message.address;
          Deferred.doneUnsafe(this.listening, Effect.void);
        },
        onExit: (_exit, expected) => {
          if (!expected) note(`${name} ended by itself`);
        },
        onRestored: () => undefined,
        onGivenUp: (cause) => {
          note(`${cause}: each OLT goes on at its fair share`);
          Deferred.doneUnsafe(this.listening, Effect.void);
        },
      },
    });
  }

  run(): Effect.Effect<void> {
    return Effect.flatMap(Semaphore.make(1), (permits) => this.supervised.run(permits));
  }
}
