/** The fleet as ONT processes take it: descriptions, and flash in files. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFactoryState, type Durability, type OntDescription } from "../../ont/process/index.ts";
import { dropSpecOf } from "../fleet/fibre.ts";
import { ontTrailerOf, udpTrailerChoiceOf } from "../fleet/keys.ts";
import { configurationOf, factoryRecordIn, ontConfigOf } from "../fleet/ont-config.ts";
import { type OntPlan, planFleet } from "../fleet/plan.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { FactoryImage, RunImages } from "../images/index.ts";

/** One ONT as the runner starts it. */
export interface FleetOnt {
  plan: OntPlan;
  factory: FactoryImage;
  description: OntDescription;
}

/**
 * Describes the fleet; writes nothing yet.
 *
 * @param ponKey see `udpTrailerChoiceOf`
 * @throws RunInputError for what no ONT process can be
 */
export function describeFleet(
  scenario: Scenario,
  image: Pick<RunImages, "trustedKeys" | "factory">,
  stateRoot: string,
  ponKey?: Uint8Array,
): FleetOnt[] {
  const choice = udpTrailerChoiceOf(scenario, ponKey);
  return planFleet(scenario).map((plan) => {
    const { version, productCode, hardware } = plan.properties;
    const factory = image.factory(version, productCode, hardware);
    const bundlePath = join(stateRoot, `factory-${factory.image.sha256.slice(0, 16)}.bundle`);
    return {
      plan,
      factory,
      description: {
        ...ontConfigOf(plan, image.trustedKeys),
        stateFolder: join(stateRoot, `ont-${String(plan.index).padStart(3, "0")}`),
        factory: { bundlePath, image: factory.image, configuration: configurationOf(plan.properties) },
        trailer: ontTrailerOf(choice, plan.serial),
        drop: dropSpecOf(plan.impairments),
      },
    };
  });
}

/** Makes every ONT's flash as it leaves the factory, running from the slot its plan names. */
export const makeStates = (fleet: readonly FleetOnt[], durability: Durability = "none"): void =>
  fleet.forEach(stateMaker(durability));

/** Makes the flash of one ONT after the other, and what they share once. */
export function stateMaker(durability: Durability = "none"): (ont: FleetOnt) => void {
  const written = new Set<string>();
  return ({ plan, factory, description }) => {
    const { bundlePath } = description.factory;
    if (!written.has(bundlePath)) {
      mkdirSync(dirname(bundlePath), { recursive: true });
      writeFileSync(bundlePath, factory.bytes);
    }
    written.add(bundlePath);
    const record = factoryRecordIn(plan.slot, factory.image, plan.properties);
    const configuration = configurationOf(plan.properties);
    createFactoryState(description.stateFolder, factory.bytes, record, durability, { configuration });
  };
}
