/** update.zip in a watched folder, as a road to the image store: the update agent asks the folder as it asks a depot. */
export { folderAgentConfig, type FolderRoad } from "./config.ts";
export { FOLDER_ORIGIN, type FolderAnswer, FolderDepot, type FolderDepotOptions } from "./depot.ts";
export type * from "./folder.ts";
export { UPDATE_FILE } from "./folder.ts";
export type { FolderFacts } from "./offer.ts";
export { MemoryFolder, modelAnswer } from "./virtual.ts";
