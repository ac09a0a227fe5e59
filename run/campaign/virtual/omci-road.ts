/** OMCI as a road of a campaign: a distribution on each port, by the OLT there, for the ONTs that it is given. */
import { SKIPPED } from "../../../olt/core/types.ts";
import type { OltEvent, OntPhase } from "../../../olt/index.ts";
import type { UpdateEnd } from "../../../headend/campaign/core/index.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import { portTotals } from "../../virtual/outcome.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import type { RoadHost, VirtualRoad } from "./road.ts";

const BY = "the campaign";

export class OmciRoad implements VirtualRoad {
  readonly #host: RoadHost;
  readonly #open = new Set<VirtualOnt>();

  constructor(host: RoadHost) {
    this.#host = host;
  }

  start(onts: readonly VirtualOnt[]): void {
    for (const ont of onts) this.#open.add(ont);
    for (const pon of new Set(onts.map(({ plan }) => plan.pon)))
      this.#host.admit(
        pon,
        onts.filter(({ plan }) => plan.pon === pon),
      );
  }

  stop(ont: VirtualOnt): void {
    const { serial, pon } = ont.plan;
    this.#host.command(pon, { kind: "skip", serial, ahead: true, by: BY });
    // There is nobody to take back who is not there: the next distribution knows what it is then.
    if (!ont.up) this.#end(ont, "offline", "");
  }

  handleOlt(_nowNs: number, pon: number, ont: VirtualOnt | undefined, event: OltEvent): void {
    if (event.type === "phase" && ont !== undefined) {
      const end = this.#endOf(ont, event.phase, event.cause);
      if (end !== undefined) this.#end(ont, end, end === "stopped" ? "" : event.cause);
    }
    // Behind its turn: it may have stopped in the middle of one.
    if (event.type === "runPhase" && (event.phase === "done" || event.phase === "stopped"))
      this.#host.after(0, () => this.#endAll(pon, event.reason));
  }

  #endOf(ont: VirtualOnt, phase: OntPhase, cause: string): UpdateEnd | undefined {
    switch (phase) {
      case "committed":
      case "rolledBack":
        return phase;
      case "failed":
        return ont.up ? "failed" : "offline";
      case "skipped":
        return cause.startsWith(SKIPPED) ? "stopped" : "failed";
      default:
        return undefined;
    }
  }

  /** Its OLT is done: whoever has not ended by then holds the image and was not activated, or never came. */
  #endAll(pon: number, reason: string): void {
    if (this.#host.ports[pon].olt?.finished === false) return;
    for (const ont of this.#open)
      if (ont.plan.pon === pon) this.#end(ont, ont.up ? "failed" : "offline", reason || "the OLT has ended");
  }

  #end(ont: VirtualOnt, end: UpdateEnd, cause: string): void {
    if (!this.#open.delete(ont)) return;
    this.#host.ports[ont.plan.pon].release(ont);
    this.#host.ended(ont, end, cause);
  }

  totals(): OltTotals | undefined {
    const begun = this.#host.ports.filter(({ lives }) => lives > 0);
    return begun.length === 0 ? undefined : portTotals(begun);
  }
}
