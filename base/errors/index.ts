/** What is wrong with what somebody gave us, and what must not end us. */
export { FaultError } from "./fault-error.ts";
export { type Caught, caughtLine, Guard } from "./guard.ts";
export { endThreads, untilOneEnds } from "./threads.ts";
export { InputError, isSystemError, orRefused, placed, placedLater, type Problem, systemWords } from "./input-error.ts";
