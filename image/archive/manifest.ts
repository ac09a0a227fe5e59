/** manifest.json of an update.zip: what is in it and for whom; its exact bytes are signed. */
import { ImageError } from "../error.ts";

export const ARCHIVE_SCHEMA = "poncast.update/1";
/** First entry, and second. */
export const MANIFEST_NAME = "manifest.json";
export const SIGNATURE_NAME = "manifest.sig";
export const ARCHIVE_MANIFEST_BYTES_MAX = 64 * 1024;
const PAYLOADS_MAX = 60;
const HARDWARE_MAX = 128;
const TEXT_MAX = 100;

export interface ArchivePayload {
  /** Of its entry. */
  name: string;
  kind: "image" | "delta";
  bytes: number;
  /** Hexadecimal, as are those below. */
  sha256: string;
  hardware: string[];
  /** Of a delta: the bundle that it is applied to. */
  baseSha256?: string;
  /** The bundle that is in the slot afterwards. */
  targetSha256: string;
}

export interface ArchiveManifest {
  version: string;
  productCode: string;
  /** Seconds since 1970. */
  buildTime: number;
  minimumVersion: string;
  securityVersion: number;
  /** Seconds since 1970; 0: never. Only told of: a device that is offline may have no clock. */
  expires: number;
  payloads: ArchivePayload[];
}

export const encodeArchiveManifest = (manifest: ArchiveManifest): Uint8Array =>
  Buffer.from(`${JSON.stringify({ schema: ARCHIVE_SCHEMA, ...manifest }, undefined, 2)}\n`);

const fail = (problem: string): never => {
  throw new ImageError(`${MANIFEST_NAME}: ${problem}`);
};

/** Of bytes whose signature holds. @throws ImageError */
export function decodeArchiveManifest(bytes: Uint8Array): ArchiveManifest {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    fail("not JSON in UTF-8");
  }
  const root = objectOf(value, "document");
  if (root["schema"] !== ARCHIVE_SCHEMA) fail(`schema: ${ARCHIVE_SCHEMA} is needed`);
  return {
    version: text(root, "version"),
    productCode: root["productCode"] === "" ? "" : text(root, "productCode"),
    buildTime: count(root, "buildTime"),
    minimumVersion: root["minimumVersion"] === "" ? "" : text(root, "minimumVersion"),
    securityVersion: count(root, "securityVersion"),
    expires: count(root, "expires"),
    payloads: list(root, "payloads", PAYLOADS_MAX).map(payloadOf),
  };
}

function payloadOf(value: unknown, index: number): ArchivePayload {
  const payload = objectOf(value, `payloads[${index}]`);
  const kind = payload["kind"];
  if (kind !== "image" && kind !== "delta") return fail(`payloads[${index}].kind: image or delta is needed`);
  const hardware = list(payload, "hardware", HARDWARE_MAX).map((name) =>
    typeof name === "string" && name.length <= TEXT_MAX ? name : fail(`payloads[${index}].hardware: texts are needed`),
  );
  return {
    name: text(payload, "name"),
    kind,
    bytes: count(payload, "bytes"),
    sha256: digest(payload, "sha256"),
    hardware,
    ...(kind === "delta" && { baseSha256: digest(payload, "baseSha256") }),
    targetSha256: digest(payload, "targetSha256"),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function objectOf(value: unknown, place: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail(`${place}: an object is needed`);
  // What a document calls __proto__ or constructor is not what an object inherits.
  return Object.assign(Object.create(null) as Fields, value);
}

function text(fields: Fields, key: string): string {
  const value = fields[key];
  const isText = typeof value === "string" && value.length > 0 && value.length <= TEXT_MAX && /^[ -~]+$/.test(value);
  return isText ? value : fail(`${key}: 1 to ${TEXT_MAX} printable characters are needed`);
}

function count(fields: Fields, key: string): number {
  const value = fields[key];
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? value
    : fail(`${key}: a whole number from 0 on is needed`);
}

function digest(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value)
    ? value
    : fail(`${key}: 64 digits of a SHA-256 are needed`);
}

function list(fields: Fields, key: string, most: number): unknown[] {
  const value = fields[key];
  if (!Array.isArray(value) || value.length === 0 || value.length > most)
    return fail(`${key}: 1 to ${most} are needed`);
  return value;
}
