/** A promise and what resolves it. */
export function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((done) => (resolve = done));
  return { promise, resolve };
}

/** Waits for `work`, or until somebody wants it to end (Ctrl-C, SIGTERM): then undefined. */
export async function orInterrupted<Value>(work: Promise<Value>): Promise<Value | undefined> {
  const { promise, resolve } = deferred<undefined>();
  const interrupt = (): void => resolve(undefined);
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    return await Promise.race([work, promise]);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
