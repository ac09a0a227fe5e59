/** Threads that are given up. */
import type { Worker } from "node:worker_threads";

/** Ends threads whose messages and errors are nobody's any more: an error that nobody hears would end the process. */
export async function endThreads(threads: Iterable<Worker>): Promise<void> {
  const ends = Array.from(threads, (thread) =>
    thread
      .removeAllListeners()
      .on("error", () => undefined)

      .terminate(),
  );
  await Promise.all(ends);
}

/** Fails as soon as one of them ends, by an error or of itself. */
export function untilOneEnds(threads: Iterable<Worker>): Promise<never> {
  const one = new Promise<never>((_, fail) => {
    for (const thread of threads) {
      thread.on("error", fail);
      thread.on("exit", (code) => fail(new Error(`exit code ${code}`)));
    }
  });
  // Where the others are done first, nobody waits for it.
  one.catch(() => undefined);
  return one;
}
