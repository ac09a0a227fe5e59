/** The fleet as ONT processes take it: descriptions, and flash in files. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Slot } from "../../ont/core/types.ts";
import { type OntDescription, SlotStore, writeRecord } from "../../ont/process/index.ts";
import { dropSpecOf } from "../fleet/fibre.ts";
import { ontTrailerOf, trailerChoiceOf } from "../fleet/keys.ts";
import { factoryRecordIn, ontConfigOf } from "../fleet/ont-config.ts";
import { type OntPlan, planFleet } from "../fleet/plan.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { FactoryImage, RunImages } from "../images.ts";

/** One ONT as the runner starts it. */
export interface FleetOnt {
  plan: OntPlan;
  factory: FactoryImage;
  description: OntDescription;
}

/**
 * Describes the fleet; writes nothing yet.
 *
 * @throws RunInputError for what no ONT process can be
 */
export function describeFleet(
  scenario: Scenario,
  image: Pick<RunImages, "trustedKeys" | "factory">,
  stateRoot: string,
): FleetOnt[] {
  const choice = trailerChoiceOf(scenario);
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
        factory: { bundlePath, image: factory.image },
        trailer: ontTrailerOf(choice, plan.serial),
        drop: dropSpecOf(plan.impairments),
      },
    };
  });
}

/** Makes every ONT's flash as it leaves the factory, running from the slot its plan names. */
export function makeStates(fleet: readonly FleetOnt[]): void {
  const written = new Set<string>();
  for (const { plan, factory, description } of fleet) {
    const { bundlePath } = description.factory;
    if (!written.has(bundlePath)) {
      mkdirSync(dirname(bundlePath), { recursive: true });
      writeFileSync(bundlePath, factory.bytes);
    }
    written.add(bundlePath);
    makeState(description.stateFolder, plan.slot, factory);
  }
}

function makeState(folder: string, slot: Slot, factory: FactoryImage): void {
  mkdirSync(folder, { recursive: true });
  const store = new SlotStore(folder, "none");
  try {
    store.carryOut({ kind: "writeSlot", id: 0, slot, offsetBytes: 0, bytes: factory.bytes }, (error) => {
      if (error) throw error;
    });
  } finally {
    store.close();
  }
  writeRecord(folder, factoryRecordIn(slot, factory.image), "none");
}
