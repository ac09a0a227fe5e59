/** Ctrl-C in the middle of a command that writes a file: the file is whole, or it is not there. */

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
export const EXIT_INTERRUPTED = 130;

/** Work that ends early when it is interrupted, and cleans up after itself. @returns undefined: it was, and the exit code says so */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  for (const name of SIGNALS) process.once(name, onSignal);
  try {
    return await work(interrupt.signal);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    process.exitCode = EXIT_INTERRUPTED;
    return undefined;
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

/** A write that takes no time to speak of: it is ended before the signal is heard. */
export function uninterrupted(write: () => void): void {
  const onSignal = (): void => void (process.exitCode = EXIT_INTERRUPTED);
  for (const name of SIGNALS) process.once(name, onSignal);
  try {
    write();
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}
