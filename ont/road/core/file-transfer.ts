/** A file on its way into the image store: where it has come to. What happens to it is in transfer.ts. */
import { strongTag } from "./http.ts";
import type { FileRecord, RoadHeaders } from "./types.ts";

/** A request that is under way. */
export interface RoadExchange {
  id: number;
  deadlineNs: number;
  /** 0: no answer yet. */
  status: number;
  headers: RoadHeaders;
}

export interface FileTransfer<File extends FileRecord = FileRecord> {
  file: File;
  step: "header" | "begin" | "body" | "finish";
  exchange: RoadExchange | null;
  /** The beginning of the file, until its header is checked. */
  header: Uint8Array;
  /** Bytes of the answer under way that are held already. */
  skipBytes: number;
  /** From the beginning of the file: handed to the store; outliving a power cut; asked to outlive one. */
  receivedBytes: number;
  stableBytes: number;
  markedBytes: number;
  /** Requests without a block of progress, and where the last that made progress began. */
  attempts: number;
  progressBytes: number;
  /** How often it was begun from the beginning. */
  restarts: number;
  retryNs: number;
  /** When its pace is looked at, and how much there was when it was last. */
  paceNs: number;
  paceBytes: number;
}

/** What the store was asked, by its id. */
export type StoreWait =
  | { kind: "begin" | "finish" | "activate" | "commit" | "rollBack" | "drop" }
  /** @property stableBytes what outlives a power cut then; 0: nothing new */
  | { kind: "write"; transfer: FileTransfer; stableBytes: number };

export const newTransfer = <File extends FileRecord>(file: File, nowNs: number): FileTransfer<File> => ({
  file,
  step: "header",
  exchange: null,
  header: new Uint8Array(0),
  skipBytes: 0,
  receivedBytes: 0,
  stableBytes: 0,
  markedBytes: 0,
  attempts: 0,
  progressBytes: 0,
  restarts: 0,
  retryNs: nowNs,
  paceNs: Infinity,
  paceBytes: 0,
});

/** Whether the file under way is still the one that was begun: its tag has not changed. */
export const isSameFile = ({ file }: FileTransfer, headers: RoadHeaders): boolean =>
  headers.etag === undefined || strongTag(headers) === file.etag;
