/** What had to be sent again, by cause. */
import type { OltEvent } from "../../../olt/core/types.ts";
import type { RepairCause } from "../types.ts";

/** Causes that are told apart. */
const CAUSES_MAX = 24;
const REST = "other causes";

export class Repairs {
  readonly #causes = new Map<string, RepairCause>();
  #isChanged = false;

  handle(event: OltEvent): void {
    switch (event.type) {
      case "repair": {
        const of = event.onuId < 0 ? "sections missing" : "sections missing, sent to one alone";
        const cause = event.reason === "missing" ? of : "no answer to a window";
        return this.#count(cause, event.sections + event.paritySections);
      }
      case "windowSent":
        if (event.paritySections > 0) this.#count("parity sent along unasked", event.paritySections);
        return;
      case "retry":
        return this.#count(`no answer to ${event.message}`, 0);
      default:
        return;
    }
  }

  takeChange(): boolean {
    const was = this.#isChanged;
    this.#isChanged = false;
    return was;
  }

  get causes(): RepairCause[] {
    return [...this.#causes.values()].toSorted((a, b) => b.sections - a.sections || b.times - a.times);
  }

  #count(cause: string, sections: number): void {
    let found = this.#causes.get(cause);
    if (found === undefined) {
      const name = this.#causes.size < CAUSES_MAX ? cause : REST;
      found = this.#causes.get(name) ?? { cause: name, times: 0, sections: 0 };
      this.#causes.set(name, found);
    }
    found.times++;
    found.sections += sections;
    this.#isChanged = true;
  }
}
