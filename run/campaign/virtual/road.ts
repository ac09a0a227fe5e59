/** A road of a campaign in virtual time: it is told whom to update and whom to leave, and tells how each ended. */
import type { MaintenanceWindow } from "../../../base/maintenance/index.ts";
import type { UpdateEnd } from "../../../headend/campaign/core/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import type { RunImages } from "../../images/index.ts";
import type { OntStores } from "../../pull/virtual/stores.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import type { Guest, GuestHost } from "../../virtual/guest.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";

export interface RoadHost extends GuestHost {
  readonly scenario: Scenario;
  readonly images: RunImages;
  /** What roads beside OMCI fill: an ONT has one store, whoever brings its image. */
  readonly stores: OntStores;
  /** Milliseconds since 1970. */
  readonly beginsAtMs: number;
  /** Of the campaign; undefined: always, or more than one. */
  readonly window: MaintenanceWindow | undefined;
  after(delayNs: number, call: () => void): void;
  ended(ont: VirtualOnt, end: UpdateEnd, cause: string): void;
}

export interface VirtualRoad extends Partial<Pick<Guest, "handleOnt" | "handleCut" | "handleOlt">> {
  /** Together: where a road has groups, these are one. */
  start(onts: readonly VirtualOnt[]): void;
  /** It ends, by `ended`, unless it is too late: then as it would have. */
  stop(ont: VirtualOnt): void;
  /**
   * What was sent by it; undefined: nothing.
   *
   * @param isFinal for the result; a view, which is asked for by a clock on the wall, changes nothing
   */
  totals(isFinal: boolean): OltTotals | undefined;
}
