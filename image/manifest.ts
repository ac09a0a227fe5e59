import protobuf from "protobufjs/light.js";

/** What a bundle says of its payload. */
export interface Manifest {
  /** 1…14 printable ASCII characters: the ME's version attribute (G.988 9.1.4). */
  version: string;
  /** At most 25 printable ASCII characters: the ME's product code attribute. */
  productCode: string;
  /** Hardware versions the image runs on. */
  hardware: string[];
  payloadBytes: number;
  /** SHA-256 of the payload, 64 hexadecimal digits. */
  payloadSha256: string;
  /** Seconds since 1970. */
  buildTime: number;
  /** Oldest running version this image may replace; empty = any. */
  minimumVersion: string;
}

export const VERSION_CHARACTERS_MAX = 14;
export const PRODUCT_CODE_CHARACTERS_MAX = 25;
export const HARDWARE_MAX = 32;
export const HARDWARE_CHARACTERS_MAX = 14;
/** Largest manifest, so that its end is always in the first window of any message set. */
export const MANIFEST_BYTES_MAX = 768;

/** A manifest that breaks a rule: which, and what is allowed. */
export class ManifestError extends Error {}

const ManifestMessage = new protobuf.Type("Manifest")
  .add(new protobuf.Field("version", 1, "string"))
  .add(new protobuf.Field("productCode", 2, "string"))
  .add(new protobuf.Field("hardware", 3, "string", "repeated"))
  .add(new protobuf.Field("payloadBytes", 4, "uint64"))
  .add(new protobuf.Field("payloadSha256", 5, "bytes"))
  .add(new protobuf.Field("buildTime", 6, "uint64"))
  .add(new protobuf.Field("minimumVersion", 7, "string"));
new protobuf.Root().define("poncast").add(ManifestMessage);

/** @throws ManifestError */
export function encodeManifest(manifest: Manifest): Uint8Array {
  checkManifest(manifest);
  const payloadSha256 = Buffer.from(manifest.payloadSha256, "hex");
  const bytes = ManifestMessage.encode(
    ManifestMessage.create({ ...manifest, payloadSha256 }),
  ).finish();
  if (bytes.length > MANIFEST_BYTES_MAX) {
    throw new ManifestError(
      `manifest of ${bytes.length} bytes; at most ${MANIFEST_BYTES_MAX} are allowed: name fewer hardware versions`,
    );
  }
  return bytes;
}

/** @throws ManifestError for bytes that are no manifest, or one that breaks a rule. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  let fields: Record<string, unknown>;
  try {
    fields = ManifestMessage.toObject(ManifestMessage.decode(bytes), {
      longs: Number,
      defaults: true,
      arrays: true,
    });
  } catch {
    throw new ManifestError("not a manifest");
  }
  const manifest = {
    ...(fields as unknown as Manifest),
    payloadSha256: Buffer.from(fields.payloadSha256 as Uint8Array).toString("hex"),
  };
  checkManifest(manifest);
  return manifest;
}

/** @throws ManifestError */
export function checkManifest(manifest: Manifest): void {
  checkText("version", manifest.version, 1, VERSION_CHARACTERS_MAX);
  checkText("product code", manifest.productCode, 0, PRODUCT_CODE_CHARACTERS_MAX);
  checkText("minimum version", manifest.minimumVersion, 0, VERSION_CHARACTERS_MAX);
  if (manifest.hardware.length > HARDWARE_MAX) {
    throw new ManifestError(
      `${manifest.hardware.length} hardware versions; at most ${HARDWARE_MAX} are allowed`,
    );
  }
  for (const hardware of manifest.hardware)
    checkText("hardware version", hardware, 1, HARDWARE_CHARACTERS_MAX);
  if (!Number.isSafeInteger(manifest.payloadBytes) || manifest.payloadBytes < 1) {
    throw new ManifestError("the payload is empty; at least 1 byte is needed");
  }
  if (!/^[0-9a-f]{64}$/.test(manifest.payloadSha256))
    throw new ManifestError("the payload's SHA-256 is not 32 bytes");
}

function checkText(name: string, value: string, least: number, most: number): void {
  if (value.length >= least && value.length <= most && /^[\x21-\x7e]*$/.test(value)) return;
  throw new ManifestError(
    `${name} "${value}" is not allowed; ${least} to ${most} printable ASCII characters without spaces`,
  );
}
