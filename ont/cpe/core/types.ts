/** What the CPE is told and tells: the types of its core. */
import type {
  CwmpDeviceId,
  CwmpEvent,
  CwmpFaultStruct,
  CwmpTime,
  CwmpTimeWindow,
  CwmpVersion,
} from "../../../cwmp/index.ts";
import type { DrivenRoad, FileRecord, RoadAction, RoadConfig, RoadEvent, UpdateState } from "../../road/core/index.ts";

export interface CpeConfig extends RoadConfig {
  deviceId: CwmpDeviceId;
  hardwareVersion: string;
  /** Where the ACS is, until it names another place. */
  acsUrl: string;
  acsUsername: string;
  acsPassword: string;
  /** In whose namespace its Inform is; it goes on in that of the answer. */
  version: CwmpVersion;
  /** 0: it informs nobody without a reason. */
  periodicInformSeconds: number;
  /** Where connection requests are taken; empty: nowhere. */
  connectionRequestUrl: string;
  connectionRequestUsername: string;
  connectionRequestPassword: string;
  /** What proves that a new image is good: that the ACS has answered its Inform, or that it has booted. */
  confirmBy: "acs" | "boot";
  /** A download that needs no restart is answered when it is done, if that takes no longer; 0: it is always answered at once. */
  answerWithinSeconds: number;
}

/** What is asked for over HTTP: of the ACS, or of a file server. */
export interface CpeRequest {
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  /** SOAP. */
  body?: string;
  /** Its body is what the throttle is for. */
  isBulk: boolean;
  /** For a server that asks who is there; the first request of a session goes without them. */
  credentials: { username: string; password: string };
}

export type TransferRpc = "Download" | "ScheduleDownload" | "autonomous";

export interface TransferRecord {
  /** Its own, in the order in which they came. */
  number: number;
  rpc: TransferRpc;
  commandKey: string;
  fileType: string;
  url: string;
  username: string;
  password: string;
  /** As it was announced; 0: it was not. */
  fileSizeBytes: number;
  targetFileName: string;
  /** By the wall clock; for delays and windows, which go on while the power is off. */
  receivedMs: CwmpTime;
  delaySeconds: number;
  windows: readonly CwmpTimeWindow[];
  phase: "queued" | "fetching" | "verifying" | "stored" | "applying" | "done";
  file: FileRecord | null;
  /** Tries after the first, in the window that was open last. */
  retries: number;
  windowOfRetries: number;
  /** Restarts into the new image. */
  attempts: number;
  startMs: CwmpTime;
  completeMs: CwmpTime;
  /** Of one that is done; code 0: well. */
  fault: CwmpFaultStruct | null;
}

export interface ScheduledInform {
  number: number;
  commandKey: string;
  receivedMs: CwmpTime;
  delaySeconds: number;
}

/** What the ACS has asked of a parameter (TR-069, A.3.2.4). */
export interface ParameterAttributes {
  /** 0: none; 1: changes are told in the next Inform; 2: at once. */
  notification: number;
  accessList: readonly string[];
}

/** What outlives a power cut, beside what the image store keeps. */
export interface CpeRecord {
  /** The ACS that has heard 0 BOOTSTRAP. */
  knownAcsUrl: string;
  /** What the ACS has set, by name. */
  parameters: Readonly<Record<string, string>>;
  parameterKey: string;
  /** By the parameter's name, where they were set. */
  attributes: Readonly<Record<string, ParameterAttributes>>;
  /** Values of parameters whose changes are told, as the ACS knows them, by name. */
  toldValues: Readonly<Record<string, string>>;
  /** Not delivered yet. */
  events: readonly CwmpEvent[];
  /** In the order in which they came; a done one stays until the ACS has acknowledged it. */
  transfers: readonly TransferRecord[];
  informs: readonly ScheduledInform[];
  lastNumber: number;
  /** Version and SHA-256 of what ran and was committed when the ACS heard of it last. */
  knownVersion: string;
  knownSha256: string;
  /** SHA-256 of the other image, which the next restart is to boot (BootFirmwareImage); empty: it boots what runs. */
  bootSha256: string;
  /** An image that the ACS has activated without a transfer, on trial. */
  trialSha256: string;
}

export type CpeAction = RoadAction<CpeRequest, CpeRecord>;

export type CpeEvent =
  | RoadEvent
  /** @property cause empty: it came to its end. @property events those of its Inform */
  | { type: "session"; cause: string; events: readonly string[]; retryCount: number };

export type ConnectionVerdict =
  | "accepted"
  /** A session is under way. */
  | "busy"
  /** Too many of them. */
  | "limited";

/** One CPE as a state machine with no I/O. Constructing it is power-on; dropping it is a power cut. */
export interface Cpe extends DrivenRoad<CpeRequest, CpeRecord, CpeEvent, CpeSnapshot> {
  /** Somebody who has shown who he is asks for a session. */
  handleConnectionRequest(nowNs: number): ConnectionVerdict;
  /** What somebody who asks for a session has to know. @returns undefined for a user who is not known */
  connectionRequestPassword(username: string): string | undefined;
  /** Of the device's user: to what needs a confirmation; or a wish for new firmware (RequestDownload). */
  handleUser(nowNs: number, wish: "confirm" | "refuse" | "request"): void;
  /** Whether nobody uses the device (windows "When Idle"). */
  handleIdle(nowNs: number, isIdle: boolean): void;
}

export interface CpeSnapshot {
  state: UpdateState;
  cause: string;
  /** Of the transfer under way, or of one that the ACS does not know the end of; empty: there is none. */
  action: string;
  /** Sessions that came to their end. */
  polls: number;
  /** When it goes to the ACS by itself. */
  nextPollNs: number;
  receivedBytes: number;
  heldBytes: number;
  imageBytes: number;
  retryCount: number;
  queued: number;
  inSession: boolean;
}
