/** What a simulation may be asked beside its scenario. */
import type { PowerCut } from "./flash-work.ts";
import type { Guest, GuestHost } from "./guest.ts";
import type { Observer } from "./observer.ts";

export interface SimulationOptions {
  observers?: readonly Observer[];
  /** When impairments end and nothing is broken any more; Infinity = never. */
  healAtNs?: number;
  /** Power cuts at flash operations, beside the scenario's faults. */
  powerCuts?: readonly PowerCut[];
  /** Every section is delivered alone: slow, to show that runs change nothing. */
  oneByOne?: boolean;
  /** Every ONT copies what it gets of the image, and what it has is compared: slow, to show that views of it change nothing. */
  copiesSections?: boolean;
  /** Of all ports these alone, as a part of a run: the others and their ONTs are not there, and where each event came from is kept. */
  only?: ReadonlySet<number>;
  /** Other roads in the same world: no OLT begins before it is given ONTs. */
  guest?: (host: GuestHost) => Guest;
}
