/** Commands that outlive an OLT: one that takes its place is told them first. */
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";

/** A command with the ONT's serial number where it has its ONU-ID, which the next OLT gives to another. */
export function bySerial(command: OltCommand, serialOf: (onuId: number) => string | undefined): OltCommand {
  if ((command.kind !== "skip" && command.kind !== "retry") || command.onuId === undefined) return command;
  const { onuId, ...rest } = command;
  const serial = serialOf(onuId);
  return serial === undefined ? command : { ...rest, serial };
}

export class StandingCommands {
  #isPaused = false;
  #isAborted = false;
  #rate: OltCommand | undefined;
  readonly #skips = new Map<string, OltCommand>();

  /** There is no OLT at the moment: it is for the next one. */
  keep(command: OltCommand): OltCommandOutcome {
    if (command.kind === "release") return { accepted: false, reason: "there is no OLT at the moment" };
    if ((command.kind === "skip" || command.kind === "retry") && command.serial === undefined)
      return { accepted: false, reason: `no ONT with ONU-ID ${command.onuId} is known` };
    this.note(command);
    return { accepted: true };
  }

  /** It was accepted. ONTs are known by their serial numbers here. */
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
        return;
      case "retry":
        // Whoever failed before is for the next OLT one like all others.
        if (command.serial !== undefined) this.#skips.delete(command.serial);
        return;
      case "release":
        return;
    }
  }

  /** What a new OLT has to know, in order. */
  forNewOlt(): OltCommand[] {
    const by = "the OLT before";
    return [
      ...this.#skips.values(),
      ...(this.#rate ? [this.#rate] : []),
      ...(this.#isAborted ? [{ kind: "abort" as const, ahead: true as const, by }] : []),
      ...(this.#isPaused && !this.#isAborted ? [{ kind: "pause" as const, by }] : []),
    ];
  }
}
