/** Which kinds of ONTs a fleet has, as far as it matters for what they may be sent. */
import type { Scenario } from "../../scenarios/index.ts";
import { type OntPlan, planFleet } from "../fleet/plan.ts";
import type { OntKind } from "../payloads/types.ts";

/** Of one ONT. */
export function kindOf({ properties }: OntPlan, { olt }: Scenario): Omit<OntKind, "onts"> {
  const { version, hardware, recoveryAware, placeAware, deltaAware } = properties;
  const isTold = olt.mode === "unicast" ? olt.resume : olt.instance === "any";
  return { version, hardware, takesDeltas: isTold && recoveryAware && placeAware && deltaAware };
}

/** Of all ports. */
export function kindsOf(scenario: Scenario): OntKind[] {
  const { pons } = scenario;
  const kinds = new Map<string, OntKind>();
  for (const plan of planFleet({ ...scenario, pons: 1 })) {
    const one = kindOf(plan, scenario);
    const key = JSON.stringify(one);
    const kind = kinds.get(key);
    if (kind) kind.onts += pons;
    else kinds.set(key, { ...one, onts: pons });
  }
  return [...kinds.values()];
}
