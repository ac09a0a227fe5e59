/** HTTPS, or TR-069, as a road of a campaign: the depot, or the ACS, gives what there is to those that are released. */
import type { UpdateEnd } from "../../../headend/campaign/core/index.ts";
import type { OntEvent } from "../../../ont/index.ts";
import type { OntPhase } from "../../../olt/index.ts";
import { PullPart } from "../../pull/virtual/part.ts";
import type { MakeVirtualRoad } from "../../pull/virtual/road.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import type { RoadHost, VirtualRoad } from "./road.ts";

const NS_PER_SECOND = 1e9;
/** An ONT that is told to stop and is not there is given a restart, and a few polls. */
const STOP_POLLS = 3;
const STOP_SECONDS = 900;

export class PullRoad implements VirtualRoad {
  readonly #host: RoadHost;
  readonly #part: PullPart;
  /** Under way; true: to be stopped. */
  readonly #open = new Map<VirtualOnt, boolean>();

  /** @throws RunInputError for what the headend cannot be */
  constructor(host: RoadHost, makeRoad: MakeVirtualRoad) {
    const { scenario, images, onts, stores, queue, beginsAtMs, window } = host;
    this.#host = host;
    this.#part = new PullPart({
      scenario,
      images,
      onts,
      stores,
      queue,
      beginsAtMs,
      makeRoad,
      byRelease: { window },
      onPhase: (nowNs, ont, event) => host.olt(nowNs, onts[ont].plan.pon, onts[ont], event),
      onChange: (ont) => this.#look(ont),
      note: (text) => host.tell({ type: "note", text }),
    });
    this.#part.lookLater(() => {
      for (const ont of this.#open.keys()) this.#look(ont);
    });
  }

  start(onts: readonly VirtualOnt[]): void {
    for (const ont of onts) {
      this.#open.set(ont, false);
      this.#part.release(ont);
    }
  }

  stop(ont: VirtualOnt): void {
    if (!this.#open.has(ont)) return;
    this.#open.set(ont, true);
    this.#part.hold(ont);
    this.#look(ont);
    const { lookSeconds } = this.#part;
    this.#host.after((STOP_SECONDS + STOP_POLLS * lookSeconds) * NS_PER_SECOND, () => {
      if (this.#open.get(ont) === true && !ont.up) this.#end(ont, "offline", "");
    });
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

  #look(ont: VirtualOnt): void {
    const isStopping = this.#open.get(ont);
    if (isStopping === undefined) return;
    const told = this.#part.ends.endOf(ont.index);
    const end = told && endOf(told.phase);
    if (end !== undefined) this.#end(ont, end, told?.cause ?? "");
    else if (isStopping && !this.#part.isAtWork(ont)) this.#end(ont, "stopped", "");
  }

  #end(ont: VirtualOnt, end: UpdateEnd, cause: string): void {
    if (!this.#open.delete(ont)) return;
    this.#part.hold(ont);
    this.#part.forget(ont);
    this.#host.ended(ont, end, cause);
  }
}

function endOf(phase: OntPhase): UpdateEnd | undefined {
  switch (phase) {
    case "committed":
    case "rolledBack":
    case "failed":
      return phase;
    case "skipped":
      return "failed";
    default:
      return undefined;
  }
}
