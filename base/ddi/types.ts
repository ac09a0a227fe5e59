/** hawkBit's Direct Device Integration (DDI): what a device and the server that has its updates say to one another, in words of ours. */

/** How a download or an update is to be done: not, when the device likes, at once. */
export const DDI_HANDLINGS = ["skip", "attempt", "forced"] as const;
export type DdiHandling = (typeof DDI_HANDLINGS)[number];

export const DDI_EXECUTIONS = [
  "proceeding",
  "download",
  "downloaded",
  "scheduled",
  "resumed",
  "rejected",
  "canceled",
  "closed",
] as const;
/** How far a device is with an action; `closed` ends it, nothing else does. */
export type DdiExecution = (typeof DDI_EXECUTIONS)[number];

export const DDI_FINISHED = ["none", "success", "failure"] as const;
export type DdiFinished = (typeof DDI_FINISHED)[number];

export const DDI_CONFIG_MODES = ["merge", "replace", "remove"] as const;
export type DdiConfigMode = (typeof DDI_CONFIG_MODES)[number];

export const DDI_LINKS = ["configData", "deploymentBase", "cancelAction", "confirmationBase", "installedBase"] as const;
/** What the answer to a poll may name: each asks the device to do something there. */
export type DdiLink = (typeof DDI_LINKS)[number];

/** Answer to `GET /{tenant}/controller/v1/{id}`. */
export interface DdiPoll {
  /** The device comes again after as long. */
  sleepSeconds: number;
  links: Partial<Record<DdiLink, string>>;
}

/** Where a file is: over TLS (`download`), without (`download-http`). */
export interface DdiArtifactLinks {
  download?: string;
  downloadHttp?: string;
}

export interface DdiArtifact {
  filename: string;
  sizeBytes: number;
  /** Hexadecimal, small letters; one of them at least. */
  hashes: { sha256?: string; sha1?: string; md5?: string };
  links: DdiArtifactLinks;
}

export interface DdiMetadata {
  key: string;
  value: string;
}

/** A part of the software: `os` for a firmware image. */
export interface DdiChunk {
  part: string;
  name: string;
  version: string;
  artifacts: readonly DdiArtifact[];
  metadata: readonly DdiMetadata[];
}

/** Answer to `GET …/deploymentBase/{action}`. */
export interface DdiDeployment {
  id: string;
  download: DdiHandling;
  /** `skip` with a window that is not open: download now, install later. */
  update: DdiHandling;
  maintenanceWindow?: "available" | "unavailable";
  chunks: readonly DdiChunk[];
}

/** Body of `POST …/deploymentBase/{action}/feedback`, and of that of a cancel action. */
export interface DdiFeedback {
  /** Of the action; empty where the device names it in the path alone. */
  id: string;
  /** Milliseconds since 1970; absent where the device does not say. */
  timeMs?: number;
  execution: DdiExecution;
  finished: DdiFinished;
  progress?: { count: number; of: number };
  /** Lines for people. */
  details: readonly string[];
}

/** Body of `PUT …/configData`: what the device says of itself. */
export interface DdiConfigData {
  mode: DdiConfigMode;
  data: ReadonlyMap<string, string>;
}

/** Answer to `GET …/cancelAction/{id}`: the action `stopId` is to end. */
export interface DdiCancel {
  id: string;
  stopId: string;
}

/** What was read, or one line that says what is wrong with it. */
export type DdiReading<Value> = { ok: true; value: Value } | { ok: false; problem: string };
