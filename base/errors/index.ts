/** What is wrong with what somebody gave us. */
export { InputError, isSystemError, orRefused, placed, placedLater, type Problem } from "./input-error.ts";
