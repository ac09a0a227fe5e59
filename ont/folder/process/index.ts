/** update.zip from a folder on the disk, in real time. */
export { type FolderAgentOptions, startFolderAgent } from "./agent.ts";
export { DiskFolder } from "./disk-folder.ts";
