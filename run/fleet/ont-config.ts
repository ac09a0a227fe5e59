/** The ONT core's settings, from a scenario's plan of it: every driver makes its ONTs of these. */
import {
  type BootRecord,
  factoryRecord,
  type OntConfig,
  type QuirkProfile,
  quirkProfiles,
  type Slot,
  type StoredImage,
} from "../../ont/index.ts";
import { suggestion } from "../../scenarios/index.ts";
import { RunInputError } from "../errors.ts";
import type { OntPlan } from "./plan.ts";

const EQUIPMENT_ID = "PONCAST";

/** Settings that are plain data; how an image is checked is the driver's. */
export type OntSettings = Omit<OntConfig, "createVerifier">;

/**
 * @param trustedKeys raw Ed25519 public keys, 32 bytes each
 * @throws RunInputError for a quirk profile that does not exist
 */
export function ontConfigOf(plan: OntPlan, trustedKeys: readonly Uint8Array[]): OntSettings {
  const { serial, timing, boot, properties } = plan;
  return {
    serial,
    equipmentId: EQUIPMENT_ID,
    productCode: properties.productCode,
    hardwareVersion: properties.hardware,
    omccVersion: properties.omccVersion,
    trustedKeys,
    allowDowngrade: properties.allowDowngrade,
    maxWindowSections: properties.maxWindowSections,
    recoveryAware: properties.recoveryAware,
    parityAware: properties.parityAware,
    placeAware: properties.recoveryAware && properties.placeAware,
    timing,
    boot,
    quirks: quirkProfileOf(properties.quirk, "ont.quirk"),
  };
}

/**
 * A quirk profile by its name.
 *
 * @param where the field or option that names it, for the message
 * @throws RunInputError where there is none
 */
export function quirkProfileOf(name: string, where: string): QuirkProfile {
  const profile = Object.hasOwn(quirkProfiles, name) ? quirkProfiles[name] : undefined;
  if (profile !== undefined) return profile;
  const names = Object.keys(quirkProfiles);
  const near = suggestion(name, names);
  const help = near ? `did you mean ${near}?` : `there are: ${names.join(", ")}`;
  throw new RunInputError(`${where}: there is no profile ${name}; ${help}`);
}

/** As an ONT leaves the factory: it runs the image in `slot`, the other slot is empty. */
export function factoryRecordIn(slot: Slot, image: StoredImage, securityVersion = 0): BootRecord {
  const record = { ...factoryRecord(image), ...(securityVersion > 0 && { securityVersion }) };
  return slot === 0 ? record : { ...record, committed: slot, slots: [null, image] };
}
