/** What the depot knows: files to hand out, devices, what each is asked to do and how far it is. */
import type { ArtifactKind, DdiExecution } from "../../../base/ddi/index.ts";
import type { MaintenanceWindow } from "../../../base/maintenance/index.ts";
import type { HoldEvent, HoldSnapshot } from "./holds.ts";

/** A file that devices get, or the part of one that a device is sent. */
export interface DepotArtifact {
  filename: string;
  sizeBytes: number;
  /** Hexadecimal. */
  hashes: { sha256: string; sha1: string; md5: string };
  version: string;
  /** `file`: no bundle of ours (a .swu, for example), for every device. */
  kind: ArtifactKind | "file";
  /** Empty: for any. */
  productCode: string;
  hardware: readonly string[];
  /** Oldest version that it may replace; empty: any. */
  minimumVersion: string;
  /** Milliseconds since 1970 from when on it is not handed out; 0: never. */
  expiresMs: number;
  /** SHA-256 of the bundle that is in the slot afterwards: of an image its own. */
  targetSha256: string;
  /** Of a delta: SHA-256 of what it is applied to. */
  baseSha256?: string;
}

export interface DepotConfig {
  tenant: string;
  /** How long a device sleeps between polls. */
  pollSeconds: number;
  window?: MaintenanceWindow;
  allowDowngrade?: boolean;
  /** A device is given something only while it is released: somebody else says who is updated when. */
  byRelease?: boolean;
  /** Devices that are known at most; more are turned away. */
  devicesMax?: number;
}

export type ActionEnd = "success" | "failure" | "canceled";

/** What one device is asked to do: to get to one target. */
export interface DepotAction {
  id: number;
  device: string;
  /** SHA-256 of the bundle, or file, that is to be installed. */
  target: string;
  /** As the device said last. */
  execution: DdiExecution | "pending";
  /** What it said, for people. */
  detail: string;
  /** Whether a delta was offered last. */
  isDelta: boolean;
  /** Whether it may install by the last answer, and whether it ever might. */
  isAllowed: boolean;
  wasAllowed: boolean;
  isCanceling: boolean;
  ended?: ActionEnd;
}

export interface DepotDevice {
  id: string;
  attributes: ReadonlyMap<string, string>;
  /** Deltas failed there: it is given whole images until it runs another. */
  refusesDeltas: boolean;
  /** It has not said what it is since it was first seen, or since its last action ended. */
  needsAttributes: boolean;
  /** The last one, done or not. */
  action?: DepotAction;
}

/** What changes what the depot knows; in this order they make it again. Plain JSON. */
export type DepotEvent =
  | { type: "device"; device: string }
  | { type: "attributes"; device: string; attributes: Readonly<Record<string, string>> }
  | { type: "action"; id: number; device: string; target: string }
  | { type: "offered"; id: number; isDelta: boolean; isAllowed: boolean }
  | { type: "feedback"; id: number; execution: DdiExecution; detail: string }
  | { type: "canceling"; id: number }
  | { type: "ended"; id: number; as: ActionEnd; detail: string; refusesDeltas: boolean }
  | HoldEvent
  | { type: "paused"; isPaused: boolean };

/** All of it, instead of the events so far. Plain JSON. */
export interface DepotSnapshot extends HoldSnapshot {
  nextAction: number;
  isPaused: boolean;
  devices: {
    id: string;
    attributes: Readonly<Record<string, string>>;
    refusesDeltas: boolean;
    needsAttributes: boolean;
    action?: DepotAction;
  }[];
}

/** What one device gets, and why. */
export type Offer =
  | { kind: "artifact"; artifact: DepotArtifact; target: DepotArtifact }
  | { kind: "none"; why: string; isDone: boolean };

/** A device, for people. */
export interface DeviceStatus {
  device: string;
  /** `pending`: it has something to fetch. */
  state: "upToDate" | "pending" | "waiting" | "failed" | "idle";
  /** Why nothing happens, or what the device said last. */
  why: string;
  action?: number;
  execution?: string;
  version: string;
  /** Milliseconds since 1970; absent: not since this server started. */
  lastPollMs?: number;
  nextPollMs?: number;
}
