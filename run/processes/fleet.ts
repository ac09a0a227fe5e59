import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deriveOmciKeys } from "../../omci/index.ts";
import { type TrailerChoice, serialBytes } from "../../olt/process/index.ts";
import { factoryRecord, quirkProfiles } from "../../ont/index.ts";
import type { BootRecord, Slot } from "../../ont/core/types.ts";
import { type OntDescription, type TrailerSpec, SlotStore, writeRecord } from "../../ont/process/index.ts";
import { createStream } from "../../pon/index.ts";
import { dropSpecOf } from "../fleet/fibre.ts";
import { type OntPlan, planFleet } from "../fleet/plan.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { RunInputError } from "../errors.ts";
import type { FactoryImage, RunImages } from "../images.ts";

/** One ONT as the runner starts it. */
export interface FleetOnt {
  plan: OntPlan;
  factory: FactoryImage;
  description: OntDescription;
}

const EQUIPMENT_ID = "PONCAST";

/** Keys of a PON, from the seed: XG(S)-PON keys come from ranging, which this stands in for. */
export function trailerChoiceOf(scenario: Scenario): TrailerChoice {
  const kind = scenario.pon.trailer;
  if (kind !== "mic") return { kind };
  const stream = createStream(scenario.seed, "pon/0/keys");
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => stream.nextBelow(256));
  return { kind, msk: bytes(16), ponTag: bytes(8), groupOmciIk: bytes(16) };
}

function ontTrailer(choice: TrailerChoice, serial: string): TrailerSpec {
  if (choice.kind !== "mic") return choice;
  const { msk, ponTag } = choice;
  return { kind: "mic", omciIk: deriveOmciKeys({ msk, serial: serialBytes(serial), ponTag }).omciIk };
}

/** What seals broadcast frames, for the ONTs' side. */
export function broadcastTrailerOf(choice: TrailerChoice): TrailerSpec {
  return choice.kind === "mic" ? { kind: "mic", omciIk: choice.groupOmciIk } : choice;
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
    const { properties, serial } = plan;
    const quirks = quirkProfiles[properties.quirk];
    if (!quirks) {
      const known = Object.keys(quirkProfiles).join(", ");
      throw new RunInputError({ message: `ont.quirk: there is no profile ${properties.quirk}; there are: ${known}` });
    }
    const made = image.factory(properties.version, properties.productCode, properties.hardware);
    const stateFolder = join(stateRoot, `ont-${String(plan.index).padStart(3, "0")}`);
    return {
      plan,
      factory: made,
      description: {
        serial,
        equipmentId: EQUIPMENT_ID,
        productCode: properties.productCode,
        hardwareVersion: properties.hardware,
        omccVersion: properties.omccVersion,
        trustedKeys: image.trustedKeys,
        maxWindowSections: properties.maxWindowSections,
        recoveryAware: properties.recoveryAware,
        parityAware: properties.parityAware,
        timing: plan.timing,
        boot: plan.boot,
        quirks,
        stateFolder,
        factory: { bundlePath: join(stateRoot, `factory-${made.image.sha256.slice(0, 16)}.bundle`), image: made.image },
        trailer: ontTrailer(choice, serial),
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
  const slots: BootRecord["slots"] = slot === 0 ? [factory.image, null] : [null, factory.image];
  writeRecord(folder, { ...factoryRecord(factory.image), committed: slot, slots }, "none");
}
