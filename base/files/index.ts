/** Files and folders, made so that nothing is left half done. */
export { makeFolders } from "./folders.ts";
export { GrowingFile, writeAll, writeWhole, type WriteOptions } from "./whole.ts";
