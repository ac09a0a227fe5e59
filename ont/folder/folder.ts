/** A watched folder, as who looks for update.zip in it sees it: on a disk or a stick, or a model of one. */

/** The customer's rule: so the file is named, and it lies in the root. */
export const UPDATE_FILE = "update.zip";

/** By which it is seen that a file is another, or still being written. */
export interface FileSight {
  sizeBytes: number;
  mtimeMs: number;
}

export interface OpenFile extends FileSight {
  /** Exactly so many. @throws Error where there are not as many */
  read(at: number, count: number): Buffer;
  close(): void;
}

export interface WatchedFolder {
  /** update.zip as it is now; undefined: there is none. @throws Error when that cannot be said at the moment */
  look(): FileSight | undefined;
  /** @throws Error when it cannot be read, or is no plain file */
  open(): OpenFile;
  /** Until it changes next; absent: nobody knows, and it is looked at again and again. */
  nextChangeSeconds?(): number;
}
