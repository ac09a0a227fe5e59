/** What the owner of a run and a host that brings a port to it tell each other; all of it is data, see wire.ts. */
import type { OltCommand, OltCommandOutcome } from "../../../olt/core/types.ts";
import type { Slot, StoredImage } from "../../../ont/core/types.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import type { JournalRecord } from "../../journal/index.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import type { OntStorage } from "../../result/types.ts";
import type { OntCell } from "../../types.ts";
import type { End } from "../end.ts";

/** What a host fetches from the owner, by its digest. */
export interface SharedFile {
  /** Hexadecimal. */
  sha256: string;
  bytes: number;
}

/** An image that ONTs come with, for those of this kind. */
export interface SharedFactory {
  version: string;
  productCode: string;
  hardware: string;
  image: StoredImage;
  file: SharedFile;
}

/** The port that a host has taken upon itself, and all that its processes have to know. */
export interface Assignment {
  /** Number of the port. */
  pon: number;
  /** UDP port of its OLT: each port of the run has another, as multicast groups follow from them. */
  port: number;
  scenario: Scenario;
  /** What its OLT may send, first the image that all are to run. */
  payloads: readonly SharedFile[];
  factories: readonly SharedFactory[];
  /** Raw public keys that the ONTs trust. */
  trustedKeys: readonly Uint8Array[];
  /** What all ports share; absent: nothing. */
  feedBytesPerSecond?: number;
  /** The run's clock when this was said, nanoseconds. */
  nowNs: number;
}

/** How an ONT of a host stands. */
export interface HostOnt {
  id: number;
  cell: OntCell;
  cause: string;
  activeSlot?: Slot | undefined;
  bootAttempts: number;
  /** On the run's clock; -1: not yet. */
  readyNs: number;
}

/** How a port stands: counters of all lives of its OLT, and its ONTs. Told again and again; the last one counts. */
export interface PortStanding {
  totals: OltTotals;
  onts: readonly HostOnt[];
}

/** A port's part of the result. */
export interface PortResult extends PortStanding {
  ended: End;
  /** Read back from the flash; null: these ONTs are elsewhere. In the order of `onts`. */
  storages: readonly (OntStorage | null)[];
  cpuSeconds: { olt: number; onts: number };
  restarts: { olt: number; onts: number };
}

export type FromHost =
  /** Asks for a port; `image`: SHA-256 of the image that it has already. */
  | { type: "join"; build: string; image?: string | undefined }
  | { type: "fetch"; sha256: string; at: number }
  | { type: "records"; records: readonly JournalRecord[] }
  | { type: "standing"; standing: PortStanding }
  | { type: "commandDone"; request: number; outcome: OltCommandOutcome }
  | { type: "over"; result: PortResult }
  /** It cannot serve the port that it was given: why. */
  | { type: "failed"; text: string };

export type ToHost =
  | { type: "assigned"; assignment: Assignment }
  /** Nothing is to be had for it here: why. */
  | { type: "refused"; reason: string }
  | { type: "piece"; sha256: string; at: number; bytes: Uint8Array }
  /** Request 0 is nobody's. */
  | { type: "command"; request: number; command: OltCommand }
  /** Power cut of the process that an ONT lives in. */
  | { type: "cutOnt"; ont: number; offMs: number }
  | { type: "killOlt"; offMs: number }
  /** The run ends: what there is of a result is asked for. */
  | { type: "stop" };
