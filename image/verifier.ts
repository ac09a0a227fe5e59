import { createHash, type Hash } from "node:crypto";
import { HEAD_BYTES, MAGIC, PREFIX_BYTES_MAX, SIGNATURE_BYTES, signatureHolds } from "./bundle.ts";
import { decodeManifest, MANIFEST_BYTES_MAX, type Manifest } from "./manifest.ts";
import { compareVersions } from "./versions.ts";

/** Why an image is not acceptable. */
export type Refusal =
  | "crc-mismatch"
  | "size-mismatch"
  | "not-a-bundle"
  | "bad-manifest"
  | "untrusted-signature"
  | "payload-hash-mismatch"
  | "wrong-product-code"
  | "incompatible-hardware"
  | "version-not-replaceable"
  | "truncated";

/** The CRC-32 of I.363.5 as three steps; handed in, as this folder imports nothing of ours. */
export interface RunningCrc32 {
  init: number;
  update(register: number, bytes: Uint8Array): number;
  finish(register: number): number;
}

export interface BundleVerifierOptions {
  /** Raw Ed25519 public keys, 32 bytes each. */
  trustedKeys: readonly Uint8Array[];
  /** Empty: any product code is taken. */
  productCode: string;
  /** Empty: any hardware list is taken. */
  hardwareVersion: string;
  /** Version that runs now; empty: any minimum version is taken. */
  runningVersion: string;
  /** Size that was announced. */
  imageBytes: number;
  crc32: RunningCrc32;
  /** Also make the MD5 of the ME's image hash attribute: another pass over the bytes. */
  md5?: boolean;
}

export interface VerifiedImage {
  version: string;
  productCode: string;
  imageBytes: number;
  crc32: number;
  /** SHA-256 of the payload as the signed manifest has it, and found to be so; hexadecimal. */
  sha256: string;
  /** MD5 of the whole bundle, hexadecimal; empty unless asked for. */
  md5: string;
}

export type Verdict = { valid: true; image: VerifiedImage } | { valid: false; cause: Refusal };

/**
 * Checks one bundle while it streams in, each byte once and in order. What the manifest alone decides is decided as
 * soon as manifest and signature are in; one SHA-256 and one CRC-32 run over the rest.
 */
export class BundleVerifier {
  readonly #options: BundleVerifierOptions;
  /** Bytes before the payload, until they are complete; then the manifest takes their place. */
  #prefix: Uint8Array | null = new Uint8Array(0);
  #manifest: Manifest | null = null;
  #refusal: Refusal | undefined;
  #payloadHash: Hash = createHash("sha256");
  #md5: Hash | null;
  #crc: number;
  #bytes = 0;
  #payloadBytes = 0;

  constructor(options: BundleVerifierOptions) {
    this.#options = options;
    this.#crc = options.crc32.init;
    this.#md5 = options.md5 ? createHash("md5") : null;
  }

  /** The manifest, once it is in and its signature holds. */
  get manifest(): Manifest | null {
    return this.#manifest;
  }

  /** The same state once more, to go on differently. */
  clone(): BundleVerifier {
    const copy = new BundleVerifier(this.#options);
    copy.#prefix = this.#prefix;
    copy.#manifest = this.#manifest;
    copy.#refusal = this.#refusal;
    copy.#payloadHash = this.#payloadHash.copy();
    copy.#md5 = this.#md5?.copy() ?? null;
    copy.#crc = this.#crc;
    copy.#bytes = this.#bytes;
    copy.#payloadBytes = this.#payloadBytes;
    return copy;
  }

  /** @returns why the image is refused, as soon as that is known. */
  update(bytes: Uint8Array): Refusal | undefined {
    this.#crc = this.#options.crc32.update(this.#crc, bytes);
    this.#md5?.update(bytes);
    this.#bytes += bytes.length;
    if (this.#refusal) return this.#refusal;
    if (this.#prefix) this.#readPrefix(bytes);
    else this.#readPayload(bytes);
    return this.#refusal;
  }

  /**
   * The verdict on everything.
   *
   * @param crc32 of the whole image, as End announces it.
   */
  finish(crc32: number): Verdict {
    const cause = this.#finalRefusal(crc32);
    if (cause) return { valid: false, cause };
    const { version, productCode, payloadSha256 } = this.#manifest!;
    const md5 = this.#md5?.digest("hex") ?? "";
    return {
      valid: true,
      image: { version, productCode, imageBytes: this.#bytes, crc32, sha256: payloadSha256, md5 },
    };
  }

  #finalRefusal(crc32: number): Refusal | undefined {
    if (this.#bytes !== this.#options.imageBytes) return "size-mismatch";
    if (this.#options.crc32.finish(this.#crc) !== crc32) return "crc-mismatch";
    if (this.#refusal) return this.#refusal;
    if (!this.#manifest) return "truncated";
    if (this.#payloadBytes < this.#manifest.payloadBytes) return "truncated";
    if (this.#payloadBytes > this.#manifest.payloadBytes) return "size-mismatch";
    if (this.#payloadHash.digest("hex") !== this.#manifest.payloadSha256)
      return "payload-hash-mismatch";
    return undefined;
  }

  #readPayload(bytes: Uint8Array): void {
    this.#payloadHash.update(bytes);
    this.#payloadBytes += bytes.length;
  }

  #readPrefix(bytes: Uint8Array): void {
    // Only the beginning is joined: a window is larger than the largest prefix.
    const held = this.#prefix!;
    const wanted = Math.min(bytes.length, PREFIX_BYTES_MAX - held.length);
    const joined = new Uint8Array(held.length + wanted);
    joined.set(held);
    joined.set(bytes.subarray(0, wanted), held.length);
    this.#prefix = joined;
    if (!MAGIC.subarray(0, joined.length).every((byte, at) => byte === joined[at])) {
      this.#refusal = "not-a-bundle";
      return;
    }
    if (joined.length < HEAD_BYTES) return;
    const manifestBytes = new DataView(joined.buffer).getUint32(MAGIC.length);
    if (manifestBytes > MANIFEST_BYTES_MAX) {
      this.#refusal = "bad-manifest";
      return;
    }
    const signedBytes = HEAD_BYTES + manifestBytes;
    const prefixBytes = signedBytes + SIGNATURE_BYTES;
    if (joined.length < prefixBytes) return;
    this.#prefix = null;
    this.#judgeManifest(
      joined.subarray(0, signedBytes),
      joined.subarray(signedBytes, prefixBytes),
      prefixBytes,
    );
    if (!this.#refusal) this.#readPayload(bytes.subarray(prefixBytes - held.length));
  }

  #judgeManifest(signed: Uint8Array, signature: Uint8Array, prefixBytes: number): void {
    const options = this.#options;
    // Nothing a stranger wrote is parsed: the signature comes first.
    if (!signatureHolds(signed, signature, options.trustedKeys)) {
      this.#refusal = "untrusted-signature";
      return;
    }
    let manifest: Manifest;
    try {
      manifest = decodeManifest(signed.subarray(HEAD_BYTES));
    } catch {
      this.#refusal = "bad-manifest";
      return;
    }
    this.#manifest = manifest;
    this.#refusal = refusalOf(manifest, options, prefixBytes);
  }
}

/** What the manifest alone decides. */
function refusalOf(
  manifest: Manifest,
  options: BundleVerifierOptions,
  prefixBytes: number,
): Refusal | undefined {
  const { productCode, hardwareVersion, runningVersion, imageBytes } = options;
  if (productCode !== "" && manifest.productCode !== "" && manifest.productCode !== productCode)
    return "wrong-product-code";
  if (
    hardwareVersion !== "" &&
    manifest.hardware.length > 0 &&
    !manifest.hardware.includes(hardwareVersion)
  ) {
    return "incompatible-hardware";
  }
  const { minimumVersion } = manifest;
  if (
    minimumVersion !== "" &&
    runningVersion !== "" &&
    compareVersions(runningVersion, minimumVersion) < 0
  ) {
    return "version-not-replaceable";
  }
  const announced = imageBytes - prefixBytes;
  if (announced < manifest.payloadBytes) return "truncated";
  return announced > manifest.payloadBytes ? "size-mismatch" : undefined;
}
