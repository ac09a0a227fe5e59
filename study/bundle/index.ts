/** A study as one archive that somebody else can make again. */
export { notebookOf } from "./notebook.ts";
export { type BundleFacts, bundleReadme } from "./readme.ts";
export { bundleOf } from "./zip.ts";
