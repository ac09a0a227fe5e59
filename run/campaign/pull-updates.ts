/** Updates of a campaign over HTTPS or TR-069: the depot, or the ACS, gives what there is to those that are released. */
import type { UpdateEnd } from "../../headend/campaign/core/index.ts";
import type { OntPhase } from "../../olt/index.ts";
import type { CampaignHand, CampaignOnt } from "./conductor.ts";

const NS_PER_SECOND = 1e9;
/** An ONT that is told to stop and is not there is given a restart, and a few polls. */
const STOP_POLLS = 3;
const STOP_SECONDS = 900;

/** The headend with its devices, and who is told. */
export interface PullUpdatesHost<Ont> {
  /** How often devices ask. */
  readonly lookSeconds: number;
  release(ont: Ont): void;
  hold(ont: Ont): void;
  /** Nothing more is told of it. */
  forget(ont: Ont): void;
  /** At something that has not ended. */
  isAtWork(ont: Ont): boolean;
  /** How its update has ended, and the headend knows; undefined: it has not. */
  endOf(ont: Ont): { phase: OntPhase; cause: string } | undefined;
  after(delayNs: number, call: () => void): void;
  ended(ont: Ont, end: UpdateEnd, cause: string): void;
}

export class PullUpdates<Ont extends CampaignOnt> implements CampaignHand<Ont> {
  readonly #host: PullUpdatesHost<Ont>;
  /** Under way; true: to be stopped. */
  readonly #open = new Map<Ont, boolean>();

  constructor(host: PullUpdatesHost<Ont>) {
    this.#host = host;
  }

  start(onts: readonly Ont[]): void {
    for (const ont of onts) {
      this.#open.set(ont, false);
      this.#host.release(ont);
    }
  }

  stop(ont: Ont): void {
    if (!this.#open.has(ont)) return;
    this.#open.set(ont, true);
    this.#host.hold(ont);
    this.look(ont);
    const { lookSeconds } = this.#host;
    this.#host.after((STOP_SECONDS + STOP_POLLS * lookSeconds) * NS_PER_SECOND, () => {
      if (this.#open.get(ont) === true && !ont.up) this.#end(ont, "offline", "");
    });
  }

  /** Those that are to be stopped, and have not. */
  *stopping(): Generator<Ont> {
    for (const [ont, isStopping] of this.#open) if (isStopping) yield ont;
  }

  lookAtAll(): void {
    for (const ont of this.#open.keys()) this.look(ont);
  }

  look(ont: Ont): void {
    const isStopping = this.#open.get(ont);
    if (isStopping === undefined) return;
    const told = this.#host.endOf(ont);
    const end = told && endOf(told.phase);
    if (end !== undefined) this.#end(ont, end, told?.cause ?? "");
    else if (isStopping && !this.#host.isAtWork(ont)) this.#end(ont, "stopped", "");
  }

  #end(ont: Ont, end: UpdateEnd, cause: string): void {
    if (!this.#open.delete(ont)) return;
    this.#host.hold(ont);
    this.#host.forget(ont);
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
