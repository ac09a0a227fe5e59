/** What the update agent is told and tells: the types of its core. */
import type {
  DrivenRoad,
  FileRecord,
  HeaderVerdict,
  RoadAction,
  RoadConfig,
  RoadEvent,
  RoadHeaders,
  UpdateState,
} from "../../road/core/index.ts";
import type { DeviceState } from "../../store/types.ts";

export type AgentState = UpdateState;
/** Names in small letters. */
export type AgentHeaders = RoadHeaders;
export type { HeaderVerdict };

/** When an image may be installed, by the time of day; absent in the configuration: always. */
export interface InstallWindow {
  /** @param wallSeconds since 1970-01-01 UTC @returns whether it is open, and for how long it stays as it is */
  at(wallSeconds: number): { isOpen: boolean; changesInSeconds: number };
}

export interface AgentConfig extends RoadConfig {
  /** Its name in DDI. */
  device: string;
  tenant: string;
  /** Scheme, host and port of the depot: nothing is asked elsewhere, wherever a document points. */
  origin: string;
  /** Sent with each request: Authorization. */
  headers: Readonly<Record<string, string>>;
  /** Until the depot says otherwise. */
  pollSeconds: number;
  window?: InstallWindow;
  /** Downloads are for the window, too. */
  downloadsInWindowOnly?: boolean;
  /** What proves that a new image is good: that it has booted, or that it reaches the depot as well. */
  confirmBy: "depot" | "boot";
  /** What it tells the depot of itself. */
  attributes(device: DeviceState): ReadonlyMap<string, string>;
}

export type AgentAction = RoadAction<AgentRequest, AgentRecord>;

export interface AgentRequest {
  method: "GET" | "POST" | "PUT";
  /** With its query. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** JSON. */
  body?: string;
  /** Its body is what the throttle is for. */
  isBulk: boolean;
}

/** A file as the record of the agent names it. */
export interface ArtifactRecord extends FileRecord {
  path: string;
}

export interface ActionOutcome {
  state: "committed" | "rolledBack" | "failed";
  /** Empty where it went well. */
  cause: string;
}

/** An action of the depot that is under way. */
export interface ActionRecord {
  id: string;
  /** Of its deployment, with what changes when the content does. */
  path: string;
  phase: "checking" | "downloading" | "stored" | "applying" | "closed";
  artifact: ArtifactRecord | null;
  /** Restarts into the new image. */
  attempts: number;
  /** Of a closed one: the depot does not know of it yet. */
  outcome: ActionOutcome | null;
}

/** What outlives a power cut, beside what the image store keeps. */
export interface AgentRecord {
  action: ActionRecord | null;
  /** Path of the deployment that was closed last: it is not begun again. */
  closedPath: string;
  isUserPaused: boolean;
}

/** `again`: what was closed last may be begun once more. */
export type UserWish = "pause" | "resume" | "again";

export type AgentEvent = RoadEvent;

/** One update agent as a state machine with no I/O. Constructing it is power-on; dropping it is a power cut. */
export interface Agent extends DrivenRoad<AgentRequest, AgentRecord, AgentEvent, AgentSnapshot> {
  handleUser(nowNs: number, wish: UserWish): void;
}

export interface AgentSnapshot {
  state: AgentState;
  cause: string;
  action: string;
  polls: number;
  /** When it asks the depot next. */
  nextPollNs: number;
  receivedBytes: number;
  /** Of the file under way. */
  heldBytes: number;
  imageBytes: number;
}
