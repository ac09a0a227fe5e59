/** The folder of a run and what is written into it. */
export { writeWhole } from "./files.ts";
export { makeFolders } from "./folders.ts";
export { RUN_FILES } from "./run-folder.ts";
