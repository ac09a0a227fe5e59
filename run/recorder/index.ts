/** The folder of a run and what is written into it. */
export { RUN_FILES } from "./run-folder.ts";
export { readResult } from "./read-result.ts";
