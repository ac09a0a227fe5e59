/** The folder of a run and what is written into it. */
export { checkRunFolder, RUN_FILES } from "./run-folder.ts";
export { readResult } from "./read-result.ts";
