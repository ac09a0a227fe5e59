/** Power cuts at random moments, drawn: a scenario's faults with `everySeconds` as faults at times of single ONTs. */
import { createStream } from "../../pon/index.ts";
import type { Fault, Scenario } from "../../scenarios/index.ts";
import { serialOf } from "../fleet/index.ts";

/** Cuts of one ONT at most: what an update of minutes or hours meets is far less. */
const CUTS_MAX = 1000;

/** Each ONT has a random stream of its own, so that one more ONT changes nothing about the others. */
export function drawnFaults({ faults, seed, onts, pons, olt }: Scenario): Fault[] {
  return faults.flatMap((fault, number) => {
    const { everySeconds, ...rest } = fault;
    if (everySeconds === undefined) return fault;
    const whom = fault.onts.length > 0 ? fault.onts : Array.from({ length: onts * pons }, (_, ont) => ont);
    return whom.flatMap((ont) => {
      const stream = createStream(seed, `ont/${serialOf(ont)}/cuts/${number}`);
      const cuts: Fault[] = [];
      // Times between the events of a Poisson course are exponential.
      for (let atSeconds = 0; cuts.length < CUTS_MAX;) {
        atSeconds -= everySeconds * Math.log(1 - stream.nextFloat());
        if (atSeconds > olt.runSeconds) break;
        cuts.push({ ...rest, atSeconds, onts: [ont] });
      }
      return cuts;
    });
  });
}
