/** What the fields of a manifest may hold; what they do not is named in one line. */
import { IMAGE_BYTES_MAX, MANIFEST_AT, MANIFEST_BYTES_MAX, SEAL_BYTES, SIGNATURE_BYTES } from "./format.ts";
import { migrationProblem } from "./migration/document.ts";
import type { DeltaFacts, Manifest, Variant } from "./types.ts";

const VERSION_CHARACTERS_MAX = 14;
const PRODUCT_CODE_CHARACTERS_MAX = 25;
/** Architecture and flash layout of a variant, algorithm of a delta. */
const LABEL_CHARACTERS_MAX = 32;
const HARDWARE_ENTRIES_MAX = 128;
const VARIANTS_MAX = 32;
/** 9999-12-31, the last day that is written with four digits. */
const TIME_MAX = 253_402_300_799;
const UINT32_MAX = 0xffffffff;
/** Longest payload, bytes: with the longest manifest the image still has a size that Start can name. */
const PAYLOAD_BYTES_MAX = IMAGE_BYTES_MAX - MANIFEST_AT - MANIFEST_BYTES_MAX - SIGNATURE_BYTES - SEAL_BYTES;
const SHA256_HEX = /^[0-9a-f]{64}$/;

function textProblem(name: string, text: string, charactersMax: number, allowed: RegExp): string | undefined {
  if (text.length === 0) return `${name} is empty`;
  if (text.length > charactersMax) {
    return `${name} ${JSON.stringify(text)} has ${text.length} characters; at most ${charactersMax} fit`;
  }
  return allowed.test(text) ? undefined : `${name} ${JSON.stringify(text)} has characters other than printable ASCII`;
}

const visible = /^[!-~]+$/;
const visibleWithSpaces = /^[!-~](?:[ -~]*[!-~])?$/;

const versionProblem = (name: string, text: string): string | undefined =>
  textProblem(name, text, VERSION_CHARACTERS_MAX, visible);
const labelProblem = (name: string, text: string): string | undefined =>
  textProblem(name, text, LABEL_CHARACTERS_MAX, visible);

const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && value >= least && value <= most;

const payloadProblem = (payloadBytes: number): string | undefined =>
  isWithin(payloadBytes, 1, PAYLOAD_BYTES_MAX)
    ? undefined
    : `payload of ${payloadBytes} bytes; 1 to ${PAYLOAD_BYTES_MAX} are possible`;

/** The first that there is. */
function firstOf<Item>(items: readonly Item[], problemOf: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** @returns one line, or undefined where every field holds what it may */
export function manifestProblem(manifest: Manifest): string | undefined {
  const { version, productCode, hardware, payloadBytes, buildTime, minimumVersion, securityVersion, expires } =
    manifest;
  if (hardware.length === 0) return "hardware list is empty; name at least one hardware version";
  if (hardware.length > HARDWARE_ENTRIES_MAX) {
    return `hardware list has ${hardware.length} entries; at most ${HARDWARE_ENTRIES_MAX} fit`;
  }
  const isVaried = manifest.variants.length > 0;
  if (isVaried && payloadBytes !== 0) return `payload of ${payloadBytes} bytes beside variants, which have their own`;
  const ofPayload = isVaried ? variantsProblem(manifest) : payloadProblem(payloadBytes);
  if (ofPayload !== undefined) return ofPayload;
  if (!isWithin(buildTime, 0, TIME_MAX)) return `build time ${buildTime} is not in seconds from 1970 to 9999`;
  if (!isWithin(expires, 0, TIME_MAX)) return `expiry ${expires} is not in seconds from 1970 to 9999`;
  if (!isWithin(securityVersion, 0, UINT32_MAX))
    return `security version ${securityVersion} is not a whole number from 0 to ${UINT32_MAX}`;
  return (
    versionProblem("version", version) ??
    textProblem("product code", productCode, PRODUCT_CODE_CHARACTERS_MAX, visibleWithSpaces) ??
    firstOf(hardware, (entry) => versionProblem("hardware version", entry)) ??
    (minimumVersion === "" ? undefined : versionProblem("minimum version", minimumVersion)) ??
    (manifest.delta === undefined ? undefined : deltaProblem(manifest.delta)) ??
    (manifest.migration === "" ? undefined : migrationProblem(manifest.migration))
  );
}

function variantsProblem({ variants, hardware, delta }: Manifest): string | undefined {
  if (delta !== undefined) return "a delta has no variants; make one for each of them";
  if (variants.length > VARIANTS_MAX) return `${variants.length} variants; at most ${VARIANTS_MAX} fit`;
  const twice = hardware.find((entry, at) => hardware.indexOf(entry) !== at);
  if (twice !== undefined) return `hardware version ${JSON.stringify(twice)} is in two variants`;
  return firstOf(variants, variantProblem);
}

function variantProblem({ hardware, architecture, flashLayout, payloadBytes, payloadSha256 }: Variant) {
  if (hardware.length === 0) return "a variant names no hardware";
  if (!SHA256_HEX.test(payloadSha256)) return `variant of ${hardware.join(", ")}: no SHA-256 of its payload`;
  return (
    payloadProblem(payloadBytes) ??
    (architecture === "" ? undefined : labelProblem("architecture", architecture)) ??
    (flashLayout === "" ? undefined : labelProblem("flash layout", flashLayout))
  );
}

function deltaProblem(delta: DeltaFacts): string | undefined {
  const { algorithm, baseVersion, baseSha256, baseBytes, targetSha256, targetBytes, targetCrc32 } = delta;
  if (!SHA256_HEX.test(baseSha256)) return "delta has no SHA-256 of its base";
  if (!SHA256_HEX.test(targetSha256)) return "delta has no SHA-256 of its target";
  if (!isWithin(baseBytes, 1, IMAGE_BYTES_MAX)) return `delta from a base of ${baseBytes} bytes`;
  if (!isWithin(targetBytes, 1, IMAGE_BYTES_MAX)) return `delta to a target of ${targetBytes} bytes`;
  if (!isWithin(targetCrc32, 0, UINT32_MAX)) return `delta to a target of CRC-32 ${targetCrc32}`;
  return labelProblem("algorithm of the delta", algorithm) ?? versionProblem("version of the base", baseVersion);
}
