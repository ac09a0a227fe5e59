/** Whom the devices of a simulation ask, and what lies between: a depot over HTTPS, an ACS over TR-069, or folders. */
import type { MaintenanceWindow } from "../../../base/maintenance/index.ts";
import type { RoadEvent } from "../../../ont/road/index.ts";
import type { RoadNet, RoadNetOptions } from "../../../ont/road/virtual/index.ts";
import type { OntImageStore } from "../../../ont/store/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import type { OntPlan } from "../../fleet/plan.ts";
import type { RunImages } from "../../images/index.ts";
import type { PulledFrom, PullProgress } from "../ends.ts";

/** A device's road, with its power: a `NetDevice`. */
export interface PullDevice {
  readonly bulkBytes: number;
  snapshot(): PullProgress;
  powerOn(): void;
  powerOff(): void;
  /** The connections are gone. */
  breakOff(cause: string): void;
  /** The file that is coming in comes no further. */
  breakOffFile(cause: string): void;
}

/** Devices by the names that it has for them. */
export interface VirtualHeadend extends Readonly<PulledFrom> {
  readonly isDown: boolean;
  /** Its process goes, and comes back with what it has kept. */
  setDown(isDown: boolean): void;
  setPaused(isPaused: boolean): void;
  /** By an operator, for good. @param device absent: all */
  leaveOut(device?: string): void;
  /** Where others say who is updated when: it may have what there is for it, and no more. */
  release(device: string): void;
  hold(device: string): void;
  /** At something that has not ended. */
  isAtWork(device: string): boolean;
  deviceOf(plan: OntPlan): string;
}

export interface VirtualRoad {
  /** What it sends leaves the headend; absent: nothing does. */
  readonly headend?: VirtualHeadend;
  readonly network: RoadNetOptions;
  /** How often it is looked whether there is anything left to do. */
  readonly lookSeconds: number;
  /** Without power. */
  makeDevice(
    plan: OntPlan,
    net: RoadNet,
    store: OntImageStore,
    onEvent: (nowNs: number, event: RoadEvent) => void,
  ): PullDevice;
}

export interface RoadAround {
  scenario: Scenario;
  images: RunImages;
  /** Of virtual time. */
  nowNs: () => number;
  /** When virtual time begins, milliseconds since 1970. */
  beginsAtMs: number;
  /** Others say who is updated when, and in which hours. */
  byRelease?: { window: MaintenanceWindow | undefined };
}

/** @throws RunInputError for what a device or a headend cannot be */
export type MakeVirtualRoad = (around: RoadAround) => VirtualRoad;

const NS_PER_MS = 1e6;

/** Milliseconds since 1970. */
export const wallMsOf =
  ({ nowNs, beginsAtMs }: Pick<RoadAround, "nowNs" | "beginsAtMs">) =>
  (): number =>
    beginsAtMs + nowNs() / NS_PER_MS;
