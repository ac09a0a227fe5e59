/** The clock that all processes of a run share: the system's monotonic one. */

/** Readings of both clocks from which the closest pair is taken: another process may have its turn between two of them. */
const READINGS = 8;
const NS_PER_MS = 1e6;

/**
 * In integer nanoseconds, for who reads it now and then.
 *
 * @param epochNs reading of `process.hrtime.bigint()` that counts as 0
 */
export const systemClock = (epochNs: bigint) => (): number => Number(process.hrtime.bigint() - epochNs);

/**
 * The same for who reads it for each frame: `performance.now()` costs less, but counts from the start of its process, and
 * its first reading loads a module, which an ONT process, of which 128 start, does better without.
 *
 * @param epochNs reading of `process.hrtime.bigint()` that counts as 0
 */
export function startClock(epochNs: bigint): () => number {
  let offsetNs = 0;
  let closestMs = Infinity;
  for (let reading = 0; reading < READINGS; reading++) {
    const beforeMs = performance.now();
    const systemNs = Number(process.hrtime.bigint() - epochNs);
    const afterMs = performance.now();
    if (afterMs - beforeMs >= closestMs) continue;
    closestMs = afterMs - beforeMs;
    offsetNs = systemNs - ((beforeMs + afterMs) / 2) * NS_PER_MS;
  }
  return () => Math.round(performance.now() * NS_PER_MS + offsetNs);
}
