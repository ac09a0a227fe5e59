/** Time as real-time drivers need it: one clock for all processes, one timer for all deadlines, a guard against loops. */
export { startClock, systemClock } from "./clock.ts";
export { DeadlineTimer, sleepMs } from "./deadline-timer.ts";
export { guardInstant } from "./instant.ts";
export { Lateness } from "./lateness.ts";
