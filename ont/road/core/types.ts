/** What every road to the image store has in common, HTTPS and TR-069 alike: states, files, what is asked for and told. */
import type { DeviceState, FileKind, StoreCommand, StoreFinding } from "../../store/types.ts";

/** Where an update is, as its operator sees it, whatever the road. */
export type UpdateState =
  | "idle"
  | "checking"
  | "downloading"
  | "paused"
  | "verifying"
  /** For its window. */
  | "waiting"
  | "applying"
  | "rebooting"
  | "confirming"
  | "committed"
  | "rolledBack"
  | "failed";

/** What the header of an image tells before the rest is fetched. */
export type HeaderVerdict =
  /** So far; more bytes are needed. */
  | { kind: "more" }
  /** @property image what is stored; `targetSha256` is empty for a whole image, which is its own target */
  | { kind: "fits"; image: FileKind; targetSha256: string }
  | { kind: "refused"; cause: string };

export interface RoadConfig {
  /** Infinity: as fast as it comes. */
  rateBytesPerSecond: number;
  /** At most so many bytes come twice after a cut. */
  blockBytes: number;
  /** Uniform in [0, 1), from the seed of the device. */
  chance: { nextFloat(): number };
  /** @param wallSeconds undefined: the device has no clock to be trusted */
  checkHeader(
    bytes: Uint8Array,
    imageBytes: number,
    device: DeviceState,
    wallSeconds: number | undefined,
  ): HeaderVerdict;
}

/** Names in small letters. */
export type RoadHeaders = Readonly<Record<string, string | undefined>>;

/** A file as the record of its road names it. */
export interface FileRecord {
  /** Of the file, hexadecimal; empty: nobody told. */
  sha256: string;
  /** 0: nobody told, until the server does. */
  sizeBytes: number;
  image: FileKind;
  /** Strong, with its quotes; empty: the server gave none, and a cut begins it anew. */
  etag: string;
  /** Of the image that is in the slot afterwards. */
  targetSha256: string;
}

export type RoadAction<Request, Kept> =
  | { kind: "request"; id: number; request: Request }
  /** Of no use any more; nothing that comes of it counts. */
  | { kind: "abort"; id: number }
  | { kind: "store"; command: StoreCommand }
  /** Bring it to stable storage in place of the one before; answered by `handlePersisted`. */
  | { kind: "persist"; id: number; record: Kept };

export type RoadEvent =
  | { type: "state"; state: UpdateState; cause?: string }
  /** Bytes came in from here on: `offsetBytes` 0 is the beginning. */
  | { type: "transfer"; offsetBytes: number; imageBytes: number }
  /** The headend was told. */
  | { type: "reported"; execution: string; finished: string }
  /** What was of no use, by its cause. */
  | { type: "dropped"; cause: string };

/** A road as a state machine with no I/O, as drivers need it in real time and in virtual time. */
export interface DrivenRoad<Request, Kept, Event, Snapshot> {
  /** @param cookies values of Set-Cookie */
  handleResponse(nowNs: number, id: number, status: number, headers: RoadHeaders, cookies?: readonly string[]): void;
  /** A piece of the body of a response; `bytes` is not kept. */
  handleBody(nowNs: number, id: number, bytes: Uint8Array): void;
  /** The body is over. */
  handleEnd(nowNs: number, id: number): void;
  /** No response, or none that came to its end. */
  handleBroken(nowNs: number, id: number, cause: string): void;
  handleStored(nowNs: number, finding: StoreFinding): void;
  handlePersisted(nowNs: number, id: number): void;
  /** @param wallSeconds since 1970-01-01 UTC; undefined: nobody knows */
  handleWallClock(nowNs: number, wallSeconds: number | undefined): void;
  handleTimeout(nowNs: number): void;
  /** Bytes of a bulk body that may be read now; a driver leaves what is more where it is. */
  roomBytes(nowNs: number): number;
  pollAction(): RoadAction<Request, Kept> | undefined;
  pollEvent(): Event | undefined;
  /** Earliest deadline, or Infinity. */
  nextTimeoutNs(nowNs: number): number;
  snapshot(): Snapshot;
}
