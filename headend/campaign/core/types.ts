/** What a campaign is told, what it decides, and what it remembers: who is updated when, by which road. */
import type { MaintenanceWindow } from "../../../base/maintenance/index.ts";

/** A device as the roads tell of it. */
export interface CampaignDevice {
  serial: string;
  product: string;
  hardware: string;
  /** That it runs; empty: it has not said. */
  version: string;
  labels: readonly string[];
  /** By which it can be updated at all. */
  roads: readonly string[];
}

/** Whom the campaign is for; what is absent says nothing. */
export interface DeviceFilter {
  products?: readonly string[];
  hardware?: readonly string[];
  versions?: readonly string[];
  /** All of them. */
  labels?: readonly string[];
  serials?: readonly string[];
}

/** One way to a device. */
export interface RoadPlan {
  road: string;
  /** Failures by this road after which a device is given to the next one. */
  attempts: number;
  /** Whether it is for those, too, who come after their wave has begun; they are given to the next road otherwise. */
  takesLate: boolean;
  /** Devices under way by it at most. */
  concurrency: number;
  /** What an update takes, from its start to Commit: none is started that would not be done before its window closes. */
  updateMs: number;
  /** After which it is stopped, and counts as a failure. */
  limitMs: number;
}

/** Devices that are updated together. */
export interface WavePlan {
  /** How many; 0: all there are, and whoever comes. */
  devices: number;
  /** The next wave begins as soon as this share has succeeded. */
  successShare: number;
  /** The campaign stops by itself when more than this share has failed. */
  failureShare: number;
  /** The next wave is begun by hand. */
  pauseAfter: boolean;
}

export interface CampaignPlan {
  name: string;
  filter: DeviceFilter;
  /** Who runs it is done; empty: nobody is told apart by that. */
  targetVersion: string;
  /** None: always. */
  windows: readonly MaintenanceWindow[];
  /** Nothing is begun from then on, and what is under way is stopped. Infinity: never. */
  endsMs: number;
  /** So long after the first device was there, the first wave waits for others. */
  gatherMs: number;
  /** Devices under way at most, by all roads. */
  concurrency: number;
  /** In the order in which they are tried; at least one. */
  roads: readonly RoadPlan[];
  /** In order; the last one again and again until nobody is left. At least one. */
  waves: readonly WavePlan[];
}

/**
 * How an update ended. `offline`: the device went away, and is pending again. `stopped`: because the campaign said so; what it
 * runs is what it ran before.
 */
export type UpdateEnd = "committed" | "upToDate" | "rolledBack" | "failed" | "offline" | "stopped";

export const CAMPAIGN_COMMANDS = ["pause", "resume", "abort", "next", "add", "remove"] as const;

interface AskedCampaign {
  /** The same id again is the same command: told the same once more, and not carried out a second time. */
  id?: string;
  by?: string;
}

export type CampaignCommand = AskedCampaign &
  (
    | { kind: "pause" | "resume" | "abort" }
    /** The next wave begins, whatever the present one has come to. */
    | { kind: "next" }
    /** A device beside those of the filter, or one that was removed. */
    | { kind: "add"; serial: string }
    /** No more of it; an update under way is stopped. */
    | { kind: "remove"; serial: string }
  );

export type CampaignAnswer = { accepted: true } | { accepted: false; reason: string };

/** What the roads are to do. The same attempt may be told again after a restart. */
export type CampaignAction =
  | { kind: "start"; serial: string; road: string; attempt: number; isLate: boolean }
  | { kind: "stop"; serial: string; road: string; attempt: number; why: string };

/** Why an update is stopped. */
export type StopCause = "window" | "limit" | "removed" | "aborted" | "over";

/** What changes what the campaign knows; in this order they make it again. Plain JSON. */
export type CampaignEvent =
  | { type: "device"; device: CampaignDevice }
  | { type: "command"; atMs: number; command: CampaignCommand; answer: CampaignAnswer }
  | { type: "chosen"; serial: string; isChosen: boolean }
  | { type: "paused"; isPaused: boolean; why: string }
  /** It stopped by itself; empty: it goes on. */
  | { type: "halted"; why: string }
  | { type: "awaitsNext"; isAwaiting: boolean }
  | { type: "ended"; as: "aborted" | "over"; why: string }
  | { type: "waveBegan"; wave: number; serials: readonly string[]; why: string }
  | { type: "joined"; serial: string }
  /** Before its turn. */
  | { type: "left"; serial: string; why: string }
  | { type: "wavePassed"; wave: number; why: string }
  | { type: "started"; atMs: number; serial: string; road: string; attempt: number; isLate: boolean; why: string }
  | { type: "stopping"; serial: string; attempt: number; cause: StopCause; why: string }
  | { type: "updateEnded"; atMs: number; serial: string; attempt: number; end: UpdateEnd; cause: string };

/**
 * Where a device stands. `pending`: in no wave yet, offline ones among them; `waiting`: in a wave, its turn has not come;
 * `running`, `stopping`: given to a road.
 */
export type DeviceStanding = "pending" | "waiting" | "running" | "stopping" | "done" | "failed" | "removed";

export interface CampaignEntry {
  device: CampaignDevice;
  standing: DeviceStanding;
  /** By an operator; absent: as the filter says. */
  isChosen?: boolean;
  /** Of its last wave; -1: it has been in none. */
  wave: number;
  /** It came after its wave had begun, or was lost while it was under way. */
  isLate: boolean;
  /** Updates begun so far. */
  attempt: number;
  /** Of the last one. */
  road: string;
  startedMs: number;
  /** Failures by road. */
  failures: Readonly<Record<string, number>>;
  stopCause?: StopCause;
  /** Of its last failure, or why it has ended. */
  cause: string;
}

export interface WaveState {
  wave: number;
  /** Who belongs to it: whoever goes offline does not any more. */
  size: number;
  succeeded: number;
  failed: number;
  isPassed: boolean;
}

/** All of it, instead of the events so far. Plain JSON. */
export interface CampaignSnapshot {
  entries: readonly CampaignEntry[];
  /** Of devices that nobody has told of yet. */
  chosen: Readonly<Record<string, boolean>>;
  answers: readonly (readonly [id: string, answer: CampaignAnswer])[];
  waves: readonly WaveState[];
  pending: readonly string[];
  /** In the order of their turns. */
  waiting: readonly string[];
  pausedWhy: string;
  haltedWhy: string;
  awaitsNext: boolean;
  ended?: { as: "aborted" | "over"; why: string };
}

/** A device, for people. */
export interface CampaignDeviceStatus {
  serial: string;
  standing: DeviceStanding;
  road: string;
  attempt: number;
  /** One line: what it waits for, or how it ended. */
  why: string;
}

export interface CampaignStatus {
  state: "running" | "waitsForWindow" | "waitsForNext" | "paused" | "halted" | "aborted" | "over";
  why: string;
  /** It had stopped by itself, also where it is over by now; empty: it had not. */
  haltedWhy: string;
  counts: Readonly<Record<DeviceStanding, number>>;
  waves: readonly WaveState[];
}
