/** Commands that outlive an OLT: one that takes its place is told them first. */
import type { OltCommand } from "../../olt/core/types.ts";

export class StandingCommands {
  #isPaused = false;
  #isAborted = false;
  #rate: OltCommand | undefined;
  readonly #skips = new Map<string, OltCommand>();

  /** It was accepted, or there is no OLT at the moment. ONTs are known by their serial numbers here. */
  note(command: OltCommand): void {
    switch (command.kind) {
      case "pause":
        this.#isPaused = true;
        return;
      case "resume":
        this.#isPaused = false;
        return;
      case "abort":
        this.#isAborted = true;
        return;
      case "rate":
        this.#rate = command;
        return;
      case "skip":
        if (command.serial !== undefined) this.#skips.set(command.serial, { ...command, ahead: true });
    }
  }

  /** What a new OLT has to know, in order. */
  forNewOlt(): OltCommand[] {
    const by = "the OLT before";
    return [
      ...this.#skips.values(),
      ...(this.#rate ? [this.#rate] : []),
      ...(this.#isAborted ? [{ kind: "abort" as const, by }] : []),
      ...(this.#isPaused && !this.#isAborted ? [{ kind: "pause" as const, by }] : []),
    ];
  }
}
