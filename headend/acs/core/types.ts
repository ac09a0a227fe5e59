/** What the ACS knows: devices, what each is asked to do and how far it is. */
import type { CwmpDeviceId, CwmpEnvelope, CwmpRequestOf, CwmpResponse, CwmpVersion } from "../../../cwmp/types.ts";
import type { MaintenanceWindow } from "../../../base/maintenance/index.ts";
import type { HoldEvent, HoldSnapshot } from "../../depot/core/index.ts";

/** RPCs that an ACS sends. */
export type AcsRpc =
  | "GetRPCMethods"
  | "GetParameterNames"
  | "GetParameterValues"
  | "SetParameterValues"
  | "SetParameterAttributes"
  | "GetParameterAttributes"
  | "AddObject"
  | "DeleteObject"
  | "Download"
  | "ScheduleDownload"
  | "CancelTransfer"
  | "GetQueuedTransfers"
  | "GetAllQueuedTransfers"
  | "ScheduleInform"
  | "Reboot"
  | "FactoryReset";

/** A request of the ACS; where it has a command key of its own that is empty, the task's is put in. */
export type AcsRequest = { [Rpc in AcsRpc]: CwmpRequestOf<Rpc> }[AcsRpc];

export interface AcsConfig {
  /** When devices may install. */
  window?: MaintenanceWindow;
  allowDowngrade?: boolean;
  /** A device is updated only while it is released: somebody else says who is updated when. */
  byRelease?: boolean;
  /** Devices that are known at most; more are turned away. */
  devicesMax?: number;
  /** From the order on, or from the start of its window on: whoever has said nothing of a transfer by then has failed. */
  transferSeconds?: number;
  /** Whether devices are given name and password of connection requests when they are first seen. */
  setsConnectionRequest?: boolean;
  /** What each device is asked when it comes for the first time. */
  firstTasks?: readonly AcsRequest[];
}

/** Name and password. */
export interface AcsCredentials {
  username: string;
  password: string;
}

/** What devices have to show, by device. */
export interface AcsSecrets {
  /** For files: goes into Download; empty: files are given to anybody. */
  file(device: string): AcsCredentials;
  /** What the ACS shows a device when it asks it for a session. */
  connectionRequest(device: string): AcsCredentials;
}

/** `update`: brings the device to an image, by Download or ScheduleDownload. */
export type AcsOrder =
  | { kind: "request"; request: AcsRequest }
  /** Of the bundle: SHA-256 and version; and the version that ran when it was ordered. */
  | { kind: "update"; target: string; version: string; fromVersion: string };

export type AcsTaskEnd = "success" | "failure" | "canceled";

export interface AcsTask {
  id: number;
  device: string;
  order: AcsOrder;
  /**
   * `asked`: the request went out, and there is no answer yet; `taken`: the device has said that it will (Status 1); `transferred`: it has
   * the file, and has not said yet that it runs it.
   */
  state: "queued" | "asked" | "taken" | "transferred" | "ended";
  /** How often it was asked. */
  asks: number;
  /** When it was asked last; for a deadline. Milliseconds since 1970. */
  askedMs: number;
  /** What an update was asked with last. */
  by: "Download" | "ScheduleDownload" | "";
  isDelta: boolean;
  isCanceling: boolean;
  ended?: AcsTaskEnd;
  /** Of the device's fault; 0: none. */
  code: number;
  /** For people. */
  detail: string;
  /** What it answered, where that is worth keeping. */
  result?: CwmpResponse;
}

/** What the device says of itself, in the words of the depot. Absent: it has not said. */
export interface AcsFacts {
  productCode: string;
  hardware: string;
  version: string;
  /** Of the image that runs (FirmwareImage.{i}.Name, where that has the form of one). */
  imageSha256?: string;
  /** Device, or InternetGatewayDevice. */
  root: string;
  connectionRequestUrl: string;
  cwmp: CwmpVersion;
}

export interface AcsDevice {
  /** `OUI-ProductClass-SerialNumber` (TR-069, 3.4.4). */
  id: string;
  deviceId: CwmpDeviceId;
  facts: AcsFacts;
  /** Deltas failed there: it is given whole images until it runs another. */
  refusesDeltas: boolean;
  /** It has no ScheduleDownload. */
  refusesSchedules: boolean;
  /** It was asked for the hash of its image, and has none to say. */
  refusesHash: boolean;
  /** It was asked to take the name and password of connection requests. */
  isProvisioned: boolean;
  /** Oldest first; of those that ended, the last ones. */
  tasks: readonly AcsTask[];
}

/** What changes what the ACS knows; in this order they make it again. Plain JSON. */
export type AcsEvent =
  | { type: "device"; device: string; deviceId: CwmpDeviceId }
  | { type: "facts"; device: string; facts: AcsFacts }
  | { type: "refuses"; device: string; what: "schedules" | "hash" }
  | { type: "provisioned"; device: string; isDone: boolean }
  | { type: "task"; id: number; device: string; order: AcsOrder }
  | { type: "asked"; id: number; atMs: number; by: AcsTask["by"]; isDelta: boolean }
  | { type: "notAsked"; id: number }
  | { type: "taken"; id: number }
  | { type: "transferred"; id: number }
  | { type: "canceling"; id: number }
  | {
      type: "ended";
      id: number;
      device: string;
      as: AcsTaskEnd;
      code: number;
      detail: string;
      result?: CwmpResponse;
    }
  | HoldEvent
  | { type: "paused"; isPaused: boolean };

/** All of it, instead of the events so far. Plain JSON. */
export interface AcsSnapshot extends HoldSnapshot {
  nextTask: number;
  isPaused: boolean;
  devices: AcsDevice[];
}

/** A device, for people. */
export interface AcsDeviceStatus {
  device: string;
  /** `pending`: it is at an update, or has tasks. */
  state: "upToDate" | "pending" | "waiting" | "failed" | "idle";
  /** Why nothing happens, or what the device said last. */
  why: string;
  version: string;
  /** Its open task, or the last one. */
  task?: number;
  taskState?: AcsTask["state"];
  /** Milliseconds since 1970; absent: not since this server started. */
  lastInformMs?: number;
  connectionRequestUrl: string;
}

/** What goes back for one POST of a CPE. */
export type AcsReply =
  | { kind: "message"; envelope: CwmpEnvelope }
  /** 204: the session is over. */
  | { kind: "end" }
  | { kind: "refused"; status: 400 | 403 | 503; line: string };
