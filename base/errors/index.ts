/** What is wrong with what somebody gave us. */
export { InputError, placed, type Problem } from "./input-error.ts";
