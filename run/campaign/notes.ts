/** What a campaign decides, in lines for people: into the journal of a run. What happens at one instant is one line. */
import type { CampaignEvent, CampaignStatus } from "../../headend/campaign/core/index.ts";

export class CampaignNotes {
  readonly #tell: (text: string) => void;
  readonly #counts = new Map<string, number>();
  #lastState = "";

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  add(event: CampaignEvent): void {
    switch (event.type) {
      case "started":
        return this.#count(`begun ${event.why}`);
      case "stopping":
        return this.#count(`stopped: ${event.why}`);
      case "updateEnded":
        if (event.end === "failed" || event.end === "rolledBack" || event.end === "offline")
          this.#count(`${event.end}${event.cause === "" ? "" : `: ${event.cause}`}`);
        return;
      case "joined":
        return this.#count("come late");
      case "left":
        return this.#count(`set aside: ${event.why}`);
      case "waveBegan":
        return this.#say(event.why);
      case "wavePassed":
        return this.#say(`wave ${event.wave + 1} is done: ${event.why}`);
      case "halted":
        if (event.why !== "") this.#say(`stops by itself: ${event.why}`);
        return;
      case "ended":
        return this.#say(event.why);
      case "command":
        return this.#say(commandText(event));
      case "device":
      case "chosen":
      case "paused":
      case "awaitsNext":
        return;
    }
  }

  /** All that was added since. */
  tell({ state, why }: Pick<CampaignStatus, "state" | "why">): void {
    for (const [text, onts] of this.#counts) this.#say(`${onts} ONT${onts === 1 ? "" : "s"} ${text}`);
    this.#counts.clear();
    const now = state === "waitsForWindow" || state === "waitsForNext" ? `waits: ${why}` : "";
    if (now !== "" && now !== this.#lastState) this.#say(now);
    this.#lastState = now;
  }

  #count(text: string): void {
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
  }

  #say(text: string): void {
    this.#tell(`campaign: ${text}`);
  }
}

function commandText({ command, answer }: Extract<CampaignEvent, { type: "command" }>): string {
  const whom = "serial" in command ? ` ${command.serial}` : "";
  const by = command.by === undefined ? "" : `, by ${command.by}`;
  return `${command.kind}${whom}${by}${answer.accepted ? "" : `, refused: ${answer.reason}`}`;
}
