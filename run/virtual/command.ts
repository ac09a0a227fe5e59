/** An operator's command to a whole simulation: to the OLTs of all ports, or of the ONT's that is named. */
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import { outcomeOf, portsAsked } from "../control/ports.ts";
import type { Simulation } from "./world.ts";

/** @returns accepted as soon as one port took it, for others may be done; else the first refusal */
export function commandAll(simulation: Simulation, command: OltCommand): OltCommandOutcome {
  const { onts, ports } = simulation;
  const portOf = (serial: string): number | undefined => onts.find(({ config }) => config.serial === serial)?.plan.pon;
  const asked = portsAsked(command, ports.length, portOf);
  return Array.isArray(asked) ? outcomeOf(asked.map((port) => simulation.command(port, command))) : asked;
}
