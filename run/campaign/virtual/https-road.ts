/** HTTPS as a road of a campaign: the depot gives what there is to those that are released. */
import type { UpdateEnd } from "../../../headend/campaign/core/index.ts";
import type { LocalAnswer, OntEvent } from "../../../ont/index.ts";
import type { OntPhase } from "../../../olt/index.ts";
import { depotConfigOf } from "../../https/facts.ts";
import { DepotPart } from "../../https/virtual/part.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import type { RoadHost, VirtualRoad } from "./road.ts";

const NS_PER_SECOND = 1e9;
/** An ONT that is told to stop and is not there is given a restart, and a few polls. */
const STOP_POLLS = 3;
const STOP_SECONDS = 900;

export class HttpsRoad implements VirtualRoad {
  readonly #host: RoadHost;
  readonly #part: DepotPart;
  /** Under way; true: to be stopped. */
  readonly #open = new Map<VirtualOnt, boolean>();

  /** @throws RunInputError for what the depot cannot be */
  constructor(host: RoadHost) {
    const { scenario, images, onts, queue, beginsAtMs, window } = host;
    this.#host = host;
    this.#part = new DepotPart({
      scenario,
      images,
      onts,
      queue,
      beginsAtMs,
      config: { ...depotConfigOf(scenario), ...(window && { window }), byRelease: true },
      pump: (ont) => host.pump(ont),
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
    const { pollSeconds } = this.#host.scenario.depot;
    this.#host.after((STOP_SECONDS + STOP_POLLS * pollSeconds) * NS_PER_SECOND, () => {
      if (this.#open.get(ont) === true && !ont.up) this.#end(ont, "offline", "");
    });
  }

  answer(ont: VirtualOnt, answer: LocalAnswer): void {
    this.#part.answer(ont, answer);
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
    else if (isStopping && !this.#part.depot.isAtWork(ont.plan.serial)) this.#end(ont, "stopped", "");
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
