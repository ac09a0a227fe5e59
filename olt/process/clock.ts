/**
 * A monotonic clock in integer nanoseconds that all processes of a run share: `performance.now()` is cheap but counts
 * from the start of its process, the system's monotonic clock is common to them.
 *
 * @param epochNs reading of `process.hrtime.bigint()` that counts as 0
 */
export function startClock(epochNs: bigint): () => number {
  const offsetNs = Number(process.hrtime.bigint() - epochNs) - performance.now() * 1e6;
  return () => Math.round(performance.now() * 1e6 + offsetNs);
}
