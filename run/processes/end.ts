/** How a run of processes came to its end. */
import { Deferred, Effect } from "effect";

/** An ended run waits this long for last reports. */
export const STOP_LIMIT = "5 seconds";

export interface End {
  reason: "finished" | "interrupted" | "timeLimit" | "failed";
  /** One line; empty when it finished. */
  text: string;
}

/** The first end counts. */
export function finish(end: Deferred.Deferred<End>, value: End): void {
  Deferred.doneUnsafe(end, Effect.succeed(value));
}
