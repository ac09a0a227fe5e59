/** Counts events and torn flash writes of fuzz runs: a fault that was drawn but never struck shows here. */
import type { OltEvent } from "../../olt/core/types.ts";
import type { OntEvent } from "../../ont/core/types.ts";
import type { RunEvent } from "../../run/journal/index.ts";
import type { Observer, FlashJob, VirtualOnt } from "../../run/virtual/index.ts";

/** Counts what really happened in a run, so that a summary can show what was covered, not only what was drawn. */
export class Counted implements Observer {
  readonly counts = new Map<string, number>();

  #count(name: string, count = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + count);
  }

  olt(_nowNs: number, _pon: number, _ont: VirtualOnt | undefined, event: OltEvent): void {
    switch (event.type) {
      case "windowDone":
        if (event.rounds > 1) this.#count("windows repaired");
        break;
      case "leftGroup":
        this.#count("ONTs that left the group");
        break;
      case "wholeInstead":
        this.#count("deltas refused");
        break;
      case "retry":
        this.#count("requests repeated");
        break;
      case "phase":
        if (event.phase === "committed") this.#count("updates committed");
        if (event.phase === "rolledBack") this.#count("updates rolled back");
        break;
      default:
        break;
    }
  }

  ont(_nowNs: number, _ont: VirtualOnt, event: OntEvent): void {
    switch (event.type) {
      case "imageRefused":
        this.#count("images refused");
        break;
      case "imageStored":
        this.#count("images stored");
        break;
      case "bootFailed":
        this.#count("boots that failed");
        break;
      case "windowAccepted":
        this.#count("windows accepted");
        break;
      default:
        break;
    }
  }

  run(_nowNs: number, event: RunEvent): void {
    if (event.type === "oltEnded") this.#count("OLTs killed");
    if (event.type === "powerCut") this.#count("power cuts");
  }

  flash(_nowNs: number, _ont: VirtualOnt, job: FlashJob, share: number): void {
    if (share < 1) this.#count(`power cuts in ${job.kind}`);
  }
}
