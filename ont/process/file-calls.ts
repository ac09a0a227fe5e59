/** What the flash of an ONT on disk asks of the file system. */
import type * as nodeFs from "node:fs";

/** The file calls of a flash, so that a test can cut the power at each of them, and lose what was not synced. */
export type FileCalls = Pick<
  typeof nodeFs,
  | "closeSync"
  | "copyFileSync"
  | "existsSync"
  | "fdatasync"
  | "fdatasyncSync"
  | "fstatSync"
  | "fsyncSync"
  | "ftruncateSync"
  | "linkSync"
  | "mkdirSync"
  | "openSync"
  | "readFileSync"
  | "readSync"
  | "renameSync"
  | "statSync"
  | "unlinkSync"
  | "writeSync"
>;

/**
 * fsync: what is answered for outlives a power cut of this machine. none: it outlives the death of the process, which
 * is enough for a simulation and spares the disk.
 */
export type Durability = "fsync" | "none";
