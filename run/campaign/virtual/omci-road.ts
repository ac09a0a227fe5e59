/** OMCI as a road of a campaign: a distribution on each port, by the OLT there, for the ONTs that it is given. */
import type { OltEvent } from "../../../olt/index.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import { portTotals } from "../../virtual/outcome.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import { OmciUpdates } from "../omci-updates.ts";
import type { RoadHost, VirtualRoad } from "./road.ts";

const BY = "the campaign";

export class OmciRoad implements VirtualRoad {
  readonly #host: RoadHost;
  readonly #updates: OmciUpdates<VirtualOnt>;

  constructor(host: RoadHost) {
    this.#host = host;
    this.#updates = new OmciUpdates({
      admit: (pon, onts) => host.admit(pon, onts),
      release: (ont) => host.ports[ont.plan.pon].release(ont),
      skip: ({ plan: { serial, pon } }) => void host.command(pon, { kind: "skip", serial, ahead: true, by: BY }),
      hasFinished: (pon) => host.ports[pon].olt?.finished !== false,
      soon: (call) => host.after(0, call),
      ended: (ont, end, cause) => host.ended(ont, end, cause),
    });
  }

  start(onts: readonly VirtualOnt[]): void {
    this.#updates.start(onts);
  }

  stop(ont: VirtualOnt): void {
    this.#updates.stop(ont);
  }

  handleOlt(_nowNs: number, pon: number, ont: VirtualOnt | undefined, event: OltEvent): void {
    this.#updates.handleOlt(pon, ont, event);
  }

  totals(): OltTotals | undefined {
    const begun = this.#host.ports.filter(({ lives }) => lives > 0);
    return begun.length === 0 ? undefined : portTotals(begun);
  }
}
