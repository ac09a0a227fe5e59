import { createHash, sign, verify } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { parsePrivateKey, publicKeyFromRaw } from "./keys.ts";
import { encodeManifest, type Manifest, MANIFEST_BYTES_MAX } from "./manifest.ts";

/**
 * A firmware bundle, one file that streams:
 *
 *     0   8  magic "PONCAST" and the format's number, 1
 *     8   4  manifest length M, big-endian
 *    12   M  manifest (protobuf)
 *  12+M  64  Ed25519 signature over everything before it
 *  76+M   …  payload
 *
 * The signature covers the payload through its SHA-256 in the manifest, so that an image of somebody else is known
 * as such as soon as its first bytes are in.
 */
export const MAGIC = Uint8Array.from(Buffer.from("PONCAST\u0001", "latin1"));
export const SIGNATURE_BYTES = 64;
export const HEAD_BYTES = MAGIC.length + 4;
/** Most bytes that come before the payload. */
export const PREFIX_BYTES_MAX = HEAD_BYTES + MANIFEST_BYTES_MAX + SIGNATURE_BYTES;
const COPY_BYTES = 1 << 20;

/** What the author of a bundle chooses; size and hash follow from the payload. */
export type ManifestFields = Omit<Manifest, "payloadBytes" | "payloadSha256">;

/** Everything before the payload: magic, length, manifest, signature. @throws ManifestError, KeyError */
export function buildPrefix(manifest: Manifest, privateKeyPem: string): Uint8Array {
  const encoded = encodeManifest(manifest);
  const signed = new Uint8Array(HEAD_BYTES + encoded.length);
  signed.set(MAGIC);
  new DataView(signed.buffer).setUint32(MAGIC.length, encoded.length);
  signed.set(encoded, HEAD_BYTES);
  const signature = sign(null, signed, parsePrivateKey(privateKeyPem));
  return Uint8Array.from([...signed, ...signature]);
}

/** Whether any of the trusted keys (32 raw bytes each) made the signature. */
export function signatureHolds(
  signed: Uint8Array,
  signature: Uint8Array,
  trustedKeys: readonly Uint8Array[],
): boolean {
  return trustedKeys.some((key) => verify(null, signed, publicKeyFromRaw(key), signature));
}

/** A whole bundle in memory. @throws ManifestError, KeyError */
export function buildBundle(
  fields: ManifestFields,
  payload: Uint8Array,
  privateKeyPem: string,
): Uint8Array {
  const payloadSha256 = createHash("sha256").update(payload).digest("hex");
  const prefix = buildPrefix(
    { ...fields, payloadBytes: payload.length, payloadSha256 },
    privateKeyPem,
  );
  const bundle = new Uint8Array(prefix.length + payload.length);
  bundle.set(prefix);
  bundle.set(payload, prefix.length);
  return bundle;
}

/**
 * Packs a payload file into a bundle file; the payload is read twice and never held whole. The bundle appears complete
 * or not at all. @throws ManifestError, KeyError, file system errors
 */
export async function packBundle(
  fields: ManifestFields,
  payloadFile: string,
  bundleFile: string,
  privateKeyPem: string,
): Promise<Manifest> {
  const { payloadBytes, payloadSha256 } = await hashFile(payloadFile);
  const manifest: Manifest = { ...fields, payloadBytes, payloadSha256 };
  const prefix = buildPrefix(manifest, privateKeyPem);
  const temporary = `${bundleFile}.${process.pid}.tmp`;
  try {
    const out = await open(temporary, "wx");
    try {
      await out.write(prefix);
      await forEachChunk(payloadFile, (chunk) => out.write(chunk).then(() => undefined));
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(temporary, bundleFile);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return manifest;
}

async function hashFile(file: string): Promise<{ payloadBytes: number; payloadSha256: string }> {
  const hash = createHash("sha256");
  let payloadBytes = 0;
  await forEachChunk(file, async (chunk) => {
    hash.update(chunk);
    payloadBytes += chunk.length;
  });
  return { payloadBytes, payloadSha256: hash.digest("hex") };
}

/** Reads a file in pieces; the piece is valid until the callback's promise settles. */
export async function forEachChunk(
  file: string,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const buffer = new Uint8Array(COPY_BYTES);
  const handle = await open(file, "r");
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      await take(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
