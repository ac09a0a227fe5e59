/** Updates of a campaign by OMCI: how each ends follows from what the OLT of its port tells. */
import type { UpdateEnd } from "../../headend/campaign/core/index.ts";
import { SKIPPED } from "../../olt/core/types.ts";
import type { OltEvent, OntPhase } from "../../olt/index.ts";
import type { CampaignHand, CampaignOnt } from "./conductor.ts";

/** The OLTs, and who is told. */
export interface OmciUpdatesHost<Ont> {
  /** To the distribution that is under way there, or to a new one. */
  admit(pon: number, onts: readonly Ont[]): void;
  /** The distribution is over for it. */
  release(ont: Ont): void;
  /** Taken out of the distribution, by the campaign. */
  skip(ont: Ont): void;
  hasFinished(pon: number): boolean;
  /** Behind the turn that is under way. */
  soon(call: () => void): void;
  ended(ont: Ont, end: UpdateEnd, cause: string): void;
}

export class OmciUpdates<Ont extends CampaignOnt> implements CampaignHand<Ont> {
  readonly #host: OmciUpdatesHost<Ont>;
  readonly #open = new Set<Ont>();

  constructor(host: OmciUpdatesHost<Ont>) {
    this.#host = host;
  }

  start(onts: readonly Ont[]): void {
    for (const ont of onts) this.#open.add(ont);
    for (const pon of new Set(onts.map(({ plan }) => plan.pon)))
      this.#host.admit(
        pon,
        onts.filter(({ plan }) => plan.pon === pon),
      );
  }

  stop(ont: Ont): void {
    this.#host.skip(ont);
    // There is nobody to take back who is not there: the next distribution knows what it is then.
    if (!ont.up) this.#end(ont, "offline", "");
  }

  handleOlt(pon: number, ont: Ont | undefined, event: OltEvent): void {
    if (event.type === "phase" && ont !== undefined) {
      const end = this.#endOf(ont, event.phase, event.cause);
      if (end !== undefined) this.#end(ont, end, end === "stopped" ? "" : event.cause);
    }
    // Behind its turn: it may have stopped in the middle of one.
    if (event.type === "runPhase" && (event.phase === "done" || event.phase === "stopped"))
      this.#host.soon(() => this.#endAll(pon, event.reason));
  }

  #endOf(ont: Ont, phase: OntPhase, cause: string): UpdateEnd | undefined {
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
    if (!this.#host.hasFinished(pon)) return;
    for (const ont of this.#open)
      if (ont.plan.pon === pon) this.#end(ont, ont.up ? "failed" : "offline", reason || "the OLT has ended");
  }

  #end(ont: Ont, end: UpdateEnd, cause: string): void {
    if (!this.#open.delete(ont)) return;
    this.#host.release(ont);
    this.#host.ended(ont, end, cause);
  }
}
