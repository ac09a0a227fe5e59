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

interface OpenUpdate {
  /** Its OLT has told of it. */
  isHeard: boolean;
  /** It was given to a distribution that was over before it came in, and then to the next one. */
  isGivenAgain: boolean;
}

export class OmciUpdates<Ont extends CampaignOnt> implements CampaignHand<Ont> {
  readonly #host: OmciUpdatesHost<Ont>;
  readonly #open = new Map<Ont, OpenUpdate>();

  constructor(host: OmciUpdatesHost<Ont>) {
    this.#host = host;
  }

  start(onts: readonly Ont[]): void {
    for (const ont of onts) this.#open.set(ont, { isHeard: false, isGivenAgain: false });
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
      const open = this.#open.get(ont);
      if (open !== undefined) open.isHeard = true;
      const end = this.#endOf(ont, event.phase, event.cause);
      if (end !== undefined) this.#end(ont, end, end === "stopped" ? "" : event.cause);
    }
    // Behind its turn: it may have stopped in the middle of one.
    if (event.type === "runPhase" && (event.phase === "done" || event.phase === "stopped"))
      this.#host.soon(() => this.#endAll(pon, event.phase === "done", event.reason));
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

  /**
   * Its OLT is done: whoever has not ended by then holds the image and was not activated, or never came. Whom it had been given
   * just before, when its last ONT was all that it waited for, is the next distribution's.
   */
  #endAll(pon: number, isDone: boolean, reason: string): void {
    if (!this.#host.hasFinished(pon)) return;
    const again: Ont[] = [];
    for (const [ont, open] of this.#open) {
      if (ont.plan.pon !== pon) continue;
      if (isDone && ont.up && !open.isHeard && !open.isGivenAgain) {
        open.isGivenAgain = true;
        again.push(ont);
      } else this.#end(ont, ont.up ? "failed" : "offline", reason || "the OLT has ended");
    }
    if (again.length > 0) this.#host.admit(pon, again);
  }

  #end(ont: Ont, end: UpdateEnd, cause: string): void {
    if (!this.#open.delete(ont)) return;
    this.#host.release(ont);
    this.#host.ended(ont, end, cause);
  }
}
