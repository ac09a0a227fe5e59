/** What the roads are to be told, as it follows from a campaign's events. */
import type { CampaignLedger } from "./ledger.ts";
import type { CampaignAction, CampaignEntry, CampaignEvent } from "./types.ts";

export class Actions {
  readonly #waiting: CampaignAction[] = [];

  poll(): CampaignAction | undefined {
    return this.#waiting.shift();
  }

  handle(event: CampaignEvent, ledger: Pick<CampaignLedger, "entry">): void {
    if (event.type === "started") {
      const { serial, road, attempt, isLate } = event;
      this.#waiting.push({ kind: "start", serial, road, attempt, isLate });
    } else if (event.type === "stopping") {
      const { serial, attempt, why } = event;
      this.#waiting.push({ kind: "stop", serial, road: ledger.entry(serial)?.road ?? "", attempt, why });
    }
  }

  /** After a restart: whether a road had heard of it is not known. */
  tellAgain({ device, road, attempt, standing, isLate, stopCause }: CampaignEntry): void {
    const { serial } = device;
    if (standing === "stopping") this.#waiting.push({ kind: "stop", serial, road, attempt, why: stopCause ?? "" });
    else this.#waiting.push({ kind: "start", serial, road, attempt, isLate });
  }
}
