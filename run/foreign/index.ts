/** A run whose ONTs are somebody else's. */
export { runOpenOlt } from "./runner.ts";
