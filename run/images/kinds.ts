/** Which kinds of ONTs a fleet has, as far as it matters for what they may be sent. */
import type { Scenario } from "../../scenarios/index.ts";
import { compareVersions } from "../../image/index.ts";
import { type OntPlan, planFleet } from "../fleet/plan.ts";
import type { OntKind } from "../payloads/types.ts";

/** Of one ONT. */
export function kindOf({ properties }: OntPlan, { olt, road }: Scenario): Omit<OntKind, "onts"> {
  const { version, hardware, recoveryAware, placeAware, deltaAware } = properties;
  // Beside OMCI the ONT itself says, or knows, what it runs.
  const isTold = road !== "omci" || (olt.mode === "unicast" ? olt.resume : olt.instance === "any");
  return { version, hardware, takesDeltas: isTold && recoveryAware && placeAware && deltaAware };
}

/** Whether the OLT sends anything to this ONT: as `olt/core/eligibility.ts` decides. */
export function isServed({ properties }: OntPlan, { image, olt }: Scenario): boolean {
  if (olt.force || image.file !== undefined) return true;
  const { productCode, version } = properties;
  if (productCode !== "" && image.productCode !== "" && productCode !== image.productCode) return false;
  if (image.minimumVersion !== "" && compareVersions(version, image.minimumVersion) < 0) return false;
  return version !== image.version;
}

/** Of all ports, those that are sent something. */
export function kindsOf(scenario: Scenario): OntKind[] {
  const { pons } = scenario;
  const kinds = new Map<string, OntKind>();
  for (const plan of planFleet({ ...scenario, pons: 1 })) {
    if (!isServed(plan, scenario)) continue;
    const one = kindOf(plan, scenario);
    const key = JSON.stringify(one);
    const kind = kinds.get(key);
    if (kind) kind.onts += pons;
    else kinds.set(key, { ...one, onts: pons });
  }
  return [...kinds.values()];
}
