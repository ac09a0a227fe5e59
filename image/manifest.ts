/** The manifest of a bundle: what it says, checked, and its bytes (proto/bundle.proto). */
import { messageCodec } from "../base/protobuf/index.ts";
import { BUNDLE } from "./bundle.pb.ts";
import { ImageError } from "./error.ts";
import { IMAGE_BYTES_MAX, MANIFEST_AT, MANIFEST_BYTES_MAX, SEAL_BYTES, SIGNATURE_BYTES } from "./format.ts";

/** From which bundle a delta is, and to which. */
export interface DeltaFacts {
  algorithm: string;
  baseVersion: string;
  /** SHA-256 of the whole bundle that it is applied to, hexadecimal. */
  baseSha256: string;
  baseBytes: number;
  /** Of the whole bundle that is rebuilt. */
  targetSha256: string;
  targetBytes: number;
  targetCrc32: number;
}

/** What a bundle says of its payload. */
export interface Manifest {
  /** 1…14 printable ASCII characters without spaces: the version attribute of ME 7 (G.988 9.1.4). */
  version: string;
  /** 1…25 printable ASCII characters: the product code attribute of ME 7. */
  productCode: string;
  /** Hardware versions the image runs on, each as in the version attribute of ONU-G (1…14 characters); at least one. */
  hardware: string[];
  payloadBytes: number;
  /** Seconds since 1970-01-01 UTC. */
  buildTime: number;
  /** Oldest version this image may replace; empty: any. */
  minimumVersion: string;
  /** An ONT that has committed to a security version takes no image of a lower one; 0: none was given. */
  securityVersion: number;
  /** Seconds since 1970-01-01 UTC, from when on it is not to be distributed any more; 0: never. */
  expires: number;
}

/** What the one who packs decides; the rest follows from the payload. */
export type ManifestFields = Omit<Manifest, "payloadBytes" | "securityVersion" | "expires"> &
  Partial<Pick<Manifest, "securityVersion" | "expires">>;

const VERSION_CHARACTERS_MAX = 14;
const PRODUCT_CODE_CHARACTERS_MAX = 25;
const HARDWARE_ENTRIES_MAX = 128;
/** 9999-12-31, the last day that is written with four digits. */
const TIME_MAX = 253_402_300_799;
const SECURITY_VERSION_MAX = 0xffffffff;

const MANIFEST = messageCodec(BUNDLE, "Manifest");

function textProblem(name: string, text: string, charactersMax: number, allowed: RegExp): string | undefined {
  if (text.length === 0) return `${name} is empty`;
  if (text.length > charactersMax) {
    return `${name} ${JSON.stringify(text)} has ${text.length} characters; at most ${charactersMax} fit`;
  }
  return allowed.test(text) ? undefined : `${name} ${JSON.stringify(text)} has characters other than printable ASCII`;
}

const visible = /^[!-~]+$/;
const visibleWithSpaces = /^[!-~](?:[ -~]*[!-~])?$/;

function problemOf(manifest: Manifest): string | undefined {
  const { version, productCode, hardware, payloadBytes, buildTime, minimumVersion, securityVersion, expires } =
    manifest;
  const versionProblem = (name: string, text: string): string | undefined =>
    textProblem(name, text, VERSION_CHARACTERS_MAX, visible);
  if (hardware.length === 0) return "hardware list is empty; name at least one hardware version";
  if (hardware.length > HARDWARE_ENTRIES_MAX) {
    return `hardware list has ${hardware.length} entries; at most ${HARDWARE_ENTRIES_MAX} fit`;
  }
  const payloadBytesMax = IMAGE_BYTES_MAX - MANIFEST_AT - MANIFEST_BYTES_MAX - SIGNATURE_BYTES - SEAL_BYTES;
  if (!(Number.isSafeInteger(payloadBytes) && payloadBytes >= 1 && payloadBytes <= payloadBytesMax)) {
    return `payload of ${payloadBytes} bytes; 1 to ${payloadBytesMax} are possible`;
  }
  const isWithin = (value: number, most: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= most;
  if (!isWithin(buildTime, TIME_MAX)) return `build time ${buildTime} is not in seconds from 1970 to 9999`;
  if (!isWithin(expires, TIME_MAX)) return `expiry ${expires} is not in seconds from 1970 to 9999`;
  if (!isWithin(securityVersion, SECURITY_VERSION_MAX))
    return `security version ${securityVersion} is not a whole number from 0 to ${SECURITY_VERSION_MAX}`;
  return (
    versionProblem("version", version) ??
    textProblem("product code", productCode, PRODUCT_CODE_CHARACTERS_MAX, visibleWithSpaces) ??
    hardware.map((entry) => versionProblem("hardware version", entry)).find((problem) => problem !== undefined) ??
    (minimumVersion === "" ? undefined : versionProblem("minimum version", minimumVersion))
  );
}

/**
 * The manifest as protobuf.
 *
 * @throws ImageError naming the field that does not fit
 */
export function encodeManifest(input: ManifestFields & Pick<Manifest, "payloadBytes">): Uint8Array {
  const manifest = { securityVersion: 0, expires: 0, ...input };
  const problem = problemOf(manifest);
  if (problem !== undefined) throw new ImageError(problem);
  // What is absent is not written: such a manifest has the bytes that it had before there were these fields.
  const bytes = MANIFEST.encode({
    ...manifest,
    minimumVersion: manifest.minimumVersion || undefined,
    securityVersion: manifest.securityVersion || undefined,
    expires: manifest.expires || undefined,
  });
  if (bytes.length > MANIFEST_BYTES_MAX) {
    throw new ImageError(
      `manifest takes ${bytes.length} bytes; at most ${MANIFEST_BYTES_MAX} fit, shorten the hardware list`,
    );
  }
  return bytes;
}

/**
 * Reads a manifest; fields of later versions are passed over.
 *
 * @throws ImageError when the bytes are no manifest, or a field does not hold what it may
 */
export function decodeManifest(bytes: Uint8Array): Manifest {
  let manifest: Manifest;
  try {
    manifest = { buildTime: 0, minimumVersion: "", securityVersion: 0, expires: 0, ...MANIFEST.decode(bytes) };
  } catch {
    throw new ImageError("manifest is not readable as protobuf");
  }
  const problem = problemOf(manifest);
  if (problem !== undefined) throw new ImageError(problem);
  return manifest;
}
