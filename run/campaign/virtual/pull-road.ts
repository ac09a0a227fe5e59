/** HTTPS, or TR-069, as a road of a campaign in virtual time: the part of the world that has its headend and devices. */
import type { OntEvent } from "../../../ont/index.ts";
import { PullPart } from "../../pull/virtual/part.ts";
import type { MakeVirtualRoad } from "../../pull/virtual/road.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import { PullUpdates } from "../pull-updates.ts";
import type { RoadHost, VirtualRoad } from "./road.ts";

export class PullRoad implements VirtualRoad {
  readonly #part: PullPart;
  readonly #updates: PullUpdates<VirtualOnt>;

  /** @throws RunInputError for what the headend cannot be */
  constructor(host: RoadHost, makeRoad: MakeVirtualRoad) {
    const { scenario, images, onts, stores, queue, beginsAtMs, window } = host;
    const part = new PullPart({
      scenario,
      images,
      onts,
      stores,
      queue,
      beginsAtMs,
      makeRoad,
      byRelease: { window },
      onPhase: (nowNs, ont, event) => host.olt(nowNs, onts[ont].plan.pon, onts[ont], event),
      onChange: (ont) => this.#updates.look(ont),
      note: (text) => host.tell({ type: "note", text }),
    });
    this.#part = part;
    this.#updates = new PullUpdates({
      lookSeconds: part.lookSeconds,
      release: (ont) => part.release(ont),
      hold: (ont) => part.hold(ont),
      forget: (ont) => part.forget(ont),
      isAtWork: (ont) => part.isAtWork(ont),
      endOf: ({ index }) => part.ends.endOf(index),
      after: (delayNs, call) => host.after(delayNs, call),
      ended: (ont, end, cause) => host.ended(ont, end, cause),
    });
    part.lookLater(() => this.#updates.lookAtAll());
  }

  start(onts: readonly VirtualOnt[]): void {
    this.#updates.start(onts);
  }

  stop(ont: VirtualOnt): void {
    this.#updates.stop(ont);
  }

  handleOnt(ont: VirtualOnt, event: OntEvent): void {
    this.#part.handleOnt(ont, event);
  }

  handleCut(ont: VirtualOnt): void {
    this.#part.handleCut(ont);
  }

  totals(isFinal: boolean): OltTotals {
    return isFinal ? this.#part.totals() : this.#part.lastTotals();
  }
}
