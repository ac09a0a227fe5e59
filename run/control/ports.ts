/** Which ports of a headend an operator's command is for: all, or that of the ONT that is named. */
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";

/**
 * @param ports how many there are
 * @param portOf the port of the ONT with this serial number
 * @returns numbers of ports, or why it is for none
 */
export function portsAsked(
  command: OltCommand,
  ports: number,
  portOf: (serial: string) => number | undefined,
): number[] | { accepted: false; reason: string } {
  const isOne = command.kind === "skip" || command.kind === "retry";
  if (isOne && command.serial === undefined && ports > 1)
    return { accepted: false, reason: "each port has ONU-IDs of its own: name the ONT by its serial number" };
  const named = isOne && command.serial !== undefined ? portOf(command.serial) : undefined;
  return named === undefined ? Array.from({ length: ports }, (_, port) => port) : [named];
}

/** Accepted as soon as one port took it, for others may be done; else the first refusal. */
export const outcomeOf = (outcomes: readonly OltCommandOutcome[]): OltCommandOutcome =>
  outcomes.find(({ accepted }) => accepted) ?? outcomes[0];
