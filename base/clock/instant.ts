/** The guard of the turn loops: a state machine must not ask for the same instant for ever. */

/** Deadlines that a core may have at one instant before it counts as caught in a loop. */
const TURNS_AT_ONE_INSTANT_MAX = 1000;

/**
 * @param turns that the core has had at this instant before this one
 * @throws Error after too many, a defect of the core
 */
export function guardInstant(turns: number, name: string, nowNs: number): void {
  if (turns > TURNS_AT_ONE_INSTANT_MAX) throw new Error(`${name}: a deadline comes again and again at ${nowNs} ns`);
}
