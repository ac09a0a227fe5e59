/** What a server of the headend keeps in its state folder, so that the end of its process at any instant loses nothing. */
export { EventLog, type Kept, LOG_FILE, SNAPSHOT_FILE } from "./event-log.ts";
export { EventKeeper } from "./keeper.ts";
export { holdFolder } from "./hold.ts";
