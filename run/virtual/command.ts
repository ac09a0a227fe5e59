/** An operator's command to a whole simulation: to the OLTs of all ports, or of the ONT's that is skipped. */
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { Simulation } from "./world.ts";

/** @returns the first refusal, if there is one */
export function commandAll(simulation: Simulation, command: OltCommand): OltCommandOutcome {
  const { onts, ports } = simulation;
  const skipped = command.kind === "skip" && onts.find(({ config }) => config.serial === command.serial);
  const asked = skipped ? [ports[skipped.plan.pon]] : ports;
  const outcomes = asked.map(({ number }) => simulation.command(number, command));
  return outcomes.find(({ accepted }) => !accepted) ?? outcomes[0];
}
