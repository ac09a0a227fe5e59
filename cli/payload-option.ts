/** `image.payload: none`: one line where bytes are made all the same. */
import { whyBytesAreMade } from "../run/index.ts";
import type { Scenario } from "../scenarios/index.ts";

/** @param scenarios of the run, or of a sweep's combinations @returns empty where bytes are made for none that asks for none */
export function payloadLine(scenarios: Iterable<Scenario>): string {
  const reasons = new Set<string>();
  let runs = 0;
  let made = 0;
  for (const scenario of scenarios) {
    runs++;
    const why = whyBytesAreMade(scenario);
    if (why === undefined) continue;
    made++;
    reasons.add(why);
  }
  const where = runs > 1 ? ` in ${made} of ${runs} combinations` : "";
  return made === 0 ? "" : `image.payload: none: the bytes are made all the same${where}: ${[...reasons].join("; ")}\n`;
}
