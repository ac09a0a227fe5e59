/** The ONT core's settings, from a scenario's plan of it: every driver makes its ONTs of these. */
import {
  type BootRecord,
  configFactsOf,
  factoryRecord,
  type OntConditions,
  type OntConfig,
  type QuirkProfile,
  quirkProfiles,
  type Slot,
  type StoredImage,
} from "../../ont/index.ts";
import { type OntProperties, suggestion } from "../../scenarios/index.ts";
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
    deltaAware: properties.recoveryAware && properties.placeAware && properties.deltaAware,
    conditions: conditionsOf(properties),
    timing,
    boot,
    quirks: quirkProfileOf(properties.quirk, "ont.quirk"),
  };
}

const conditionsOf = (properties: OntProperties): OntConditions => ({
  slotBytes: properties.slotBytes,
  stagingBytes: properties.stagingBytes,
  batteryPercent: properties.batteryPercent === "mains" ? null : properties.batteryPercent,
  batteryMinPercent: properties.batteryMinPercent,
  temperatureCelsius: properties.temperatureCelsius,
  temperatureMaxCelsius: properties.temperatureMaxCelsius,
  locked: properties.locked,
  callInProgress: properties.call,
});

/** The configuration that an ONT leaves the factory with, as it is stored; undefined where it has none. */
export const configurationOf = ({ config }: Pick<OntProperties, "config">): Uint8Array | undefined =>
  config === null ? undefined : Buffer.from(`${JSON.stringify(config)}\n`);

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
export function factoryRecordIn(
  slot: Slot,
  image: StoredImage,
  { securityVersion = 0, config = null }: Partial<Pick<OntProperties, "securityVersion" | "config">> = {},
): BootRecord {
  const configuration = configurationOf({ config });
  const facts = configuration && configFactsOf(configuration);
  const record: BootRecord = {
    ...factoryRecord(image),
    ...(securityVersion > 0 && { securityVersion }),
    ...(facts && { configs: slot === 0 ? [facts, null] : [null, facts] }),
  };
  return slot === 0 ? record : { ...record, committed: slot, slots: [null, image] };
}
