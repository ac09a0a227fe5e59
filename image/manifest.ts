/** The manifest of a bundle: what it says, checked, and its bytes (proto/bundle.proto). */
import { messageCodec } from "../base/protobuf/index.ts";
import { BUNDLE } from "./bundle.pb.ts";
import { ImageError } from "./error.ts";
import { MANIFEST_BYTES_MAX } from "./format.ts";
import { manifestProblem } from "./manifest-rules.ts";
import type { Manifest, ManifestFields, PayloadFields } from "./types.ts";

const MANIFEST = messageCodec(BUNDLE, "Manifest");

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

/** All fields, checked. @throws ImageError naming the field that does not fit */
export function manifestOf(input: ManifestFields & PayloadFields): Manifest {
  const manifest = { securityVersion: 0, expires: 0, variants: [], migration: "", ...input };
  const problem = manifestProblem(manifest);
  if (problem !== undefined) throw new ImageError(problem);
  return manifest;
}

/**
 * The manifest as protobuf.
 *
 * @throws ImageError naming the field that does not fit
 */
export function encodeManifest(input: ManifestFields & PayloadFields): Uint8Array {
  const manifest = manifestOf(input);
  const { delta, variants } = manifest;
  // What is absent is not written: such a manifest has the bytes that it had before there were these fields.
  const bytes = MANIFEST.encode({
    ...manifest,
    hardware: variants.length > 0 ? [] : manifest.hardware,
    minimumVersion: manifest.minimumVersion || undefined,
    securityVersion: manifest.securityVersion || undefined,
    expires: manifest.expires || undefined,
    delta: delta && { ...delta, baseSha256: bytesOf(delta.baseSha256), targetSha256: bytesOf(delta.targetSha256) },
    variants: variants.map((variant) => ({ ...variant, payloadSha256: bytesOf(variant.payloadSha256) })),
    migration: manifest.migration || undefined,
  });
  if (bytes.length > MANIFEST_BYTES_MAX) {
    const remedy = manifest.migration === "" ? "shorten the hardware list" : "shorten the migration";
    throw new ImageError(`manifest takes ${bytes.length} bytes; at most ${MANIFEST_BYTES_MAX} fit, ${remedy}`);
  }
  return bytes;
}

const ABSENT = { buildTime: 0, minimumVersion: "", securityVersion: 0, expires: 0, migration: "" };

function read(bytes: Uint8Array): Manifest {
  const { delta, variants, ...plain } = MANIFEST.decode(bytes);
  if (variants.length > 0 && plain.hardware.length > 0)
    throw new ImageError("hardware list beside variants, which have their own");
  return {
    ...ABSENT,
    ...plain,
    ...(variants.length > 0 && { hardware: variants.flatMap(({ hardware }) => hardware) }),
    ...(delta && {
      delta: { ...delta, baseSha256: hexOf(delta.baseSha256), targetSha256: hexOf(delta.targetSha256) },
    }),
    variants: variants.map((variant) => ({ ...variant, payloadSha256: hexOf(variant.payloadSha256) })),
  };
}

/**
 * Reads a manifest; fields of later versions are passed over.
 *
 * @throws ImageError when the bytes are no manifest, or a field does not hold what it may
 */
export function decodeManifest(bytes: Uint8Array): Manifest {
  let manifest: Manifest;
  try {
    manifest = read(bytes);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError("manifest is not readable as protobuf");
  }
  const problem = manifestProblem(manifest);
  if (problem !== undefined) throw new ImageError(problem);
  return manifest;
}
