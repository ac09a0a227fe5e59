/** An operator's command to a whole simulation: to the OLTs of all ports, or of the ONT's that is named. */
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { Simulation } from "./world.ts";

/** @returns accepted as soon as one port took it, for others may be done; else the first refusal */
export function commandAll(simulation: Simulation, command: OltCommand): OltCommandOutcome {
  const { onts, ports } = simulation;
  const isOne = command.kind === "skip" || command.kind === "retry";
  if (isOne && command.serial === undefined && ports.length > 1)
    return { accepted: false, reason: "each port has ONU-IDs of its own: name the ONT by its serial number" };
  const named = isOne && onts.find(({ config }) => config.serial === command.serial);
  const asked = named ? [ports[named.plan.pon]] : ports;
  const outcomes = asked.map(({ number }) => simulation.command(number, command));
  return outcomes.find(({ accepted }) => accepted) ?? outcomes[0];
}
