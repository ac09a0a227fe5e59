/** Decides whether an image is valid for an ONT while its bytes come in. Reads no files. */
import { createHash, type Hash } from "node:crypto";
import { ImageError } from "./error.ts";
import {
  DIGEST_BYTES,
  HEADER_BYTES_MAX,
  MAGIC,
  MANIFEST_AT,
  MANIFEST_BYTES_MAX,
  SEAL_BYTES,
  SIGNATURE_BYTES,
  isHeaderSigned,
  isSealSigned,
  manifestLengthOf,
  sha256,
  startsLikeBundle,
} from "./format.ts";
import { fitRefusal, lengthVerdict, type Misfit } from "./fit.ts";
import { decodeManifest } from "./manifest.ts";
import type { BundleVerifierOptions, ContentHash, Manifest, RefusalCause, Variant, VerifiedImage } from "./types.ts";

/**
 * Checks a bundle while it streams in, in pieces of any size: CRC-32, SHA-256, signatures, and that it fits the ONT. What
 * the header tells is judged as soon as the header is in.
 */
export class BundleVerifier {
  readonly #options: BundleVerifierOptions;
  #refusal: RefusalCause | undefined;
  /** One line with the particulars of a refusal, else empty. */
  detail = "";
  /** Undefined until the header is in and was accepted. */
  manifest: Manifest | undefined;
  #receivedBytes = 0;
  #crc32: number;
  #hash: ContentHash;
  #md5: Hash | undefined;
  /** The first bytes of the image, until the manifest is read. */
  #head = new Uint8Array(0);
  /** SHA-256 of header and payload, once they are in. */
  #digest: Uint8Array | undefined;
  #seal = new Uint8Array(SEAL_BYTES);
  /** Length of the header once it is in. */
  #headerBytes = 0;
  /** Variants that this may be; empty where the bundle has none. */
  #candidates: readonly Variant[] = [];
  /** Of the payload alone, where it has to be a certain variant's. */
  #payloadHash: Hash | undefined;

  constructor(options: BundleVerifierOptions) {
    this.#options = options;
    this.#crc32 = options.crc32.init;
    this.#hash = options.hash?.() ?? sha256();
    if (options.md5 === true) this.#md5 = createHash("md5");
  }

  /**
   * Takes the next bytes of the file; they are not kept.
   *
   * @returns why the image is refused as soon as that is known, and from then on; else undefined
   */
  update(bytes: Uint8Array): RefusalCause | undefined {
    if (this.#refusal !== undefined) return this.#refusal;
    const { imageBytes, crc32 } = this.#options;
    const from = this.#receivedBytes;
    const total = from + bytes.length;
    if (total > imageBytes) return this.#refuse("size-mismatch", `more than ${imageBytes} bytes came in`);
    this.#receivedBytes = total;
    if (this.manifest === undefined && this.#readHead(bytes) !== undefined) return this.#refusal;
    this.#crc32 = crc32.update(this.#crc32, bytes);
    this.#md5?.update(bytes);
    this.#hashUpToSeal(bytes, from);
    return undefined;
  }

  /**
   * Judges the whole image; called once.
   *
   * @param crc32 as End software download names it
   */
  finish(crc32: number): { valid: true; image: VerifiedImage } | { valid: false; cause: RefusalCause } {
    const cause = this.#refusal ?? this.#judge(crc32);
    const { manifest } = this;
    if (cause !== undefined || manifest === undefined) return { valid: false, cause: cause ?? "truncated" };
    const { version, productCode, securityVersion, expires, delta, migration } = manifest;
    const { imageBytes } = this.#options;
    const policy = {
      ...(securityVersion > 0 && { securityVersion }),
      ...(expires > 0 && { expires }),
      ...(delta && { delta }),
      ...(migration !== "" && { migration }),
    };
    const digest = this.#hash.update(this.#seal).digest().toString("hex");
    const md5 = this.#md5?.digest("hex") ?? "";
    return { valid: true, image: { version, productCode, imageBytes, crc32, sha256: digest, md5, ...policy } };
  }

  /** Which of several payloads this is: one, when it passed and no two are the same; empty: the bundle has one for all. */
  get variants(): readonly Variant[] {
    return this.#candidates;
  }

  /** CRC-32 of the bytes so far. */
  get crc32(): number {
    return this.#options.crc32.finish(this.#crc32);
  }

  /** A verifier in the same state that goes its own way from here; not after `finish`. */
  clone(): BundleVerifier {
    const copy = new BundleVerifier(this.#options);
    copy.#refusal = this.#refusal;
    copy.detail = this.detail;
    copy.manifest = this.manifest;
    copy.#receivedBytes = this.#receivedBytes;
    copy.#crc32 = this.#crc32;
    copy.#hash = this.#hash.copy();
    copy.#md5 = this.#md5?.copy();
    copy.#head = this.#head;
    copy.#digest = this.#digest;
    copy.#seal = this.#seal.slice();
    copy.#headerBytes = this.#headerBytes;
    copy.#candidates = this.#candidates;
    copy.#payloadHash = this.#payloadHash?.copy();
    return copy;
  }

  #refuse(cause: RefusalCause, detail: string): RefusalCause {
    this.detail = detail;
    this.#refusal = cause;
    return cause;
  }

  #refuseWith({ cause, detail }: Misfit): RefusalCause {
    return this.#refuse(cause, detail);
  }

  #hashUpToSeal(bytes: Uint8Array, from: number): void {
    const sealAt = Math.max(0, this.#options.imageBytes - SEAL_BYTES);
    const hashed = Math.min(bytes.length, Math.max(0, sealAt - from));
    if (hashed > 0) {
      this.#hash.update(hashed === bytes.length ? bytes : bytes.subarray(0, hashed));
      this.#payloadHash?.update(bytes.subarray(Math.min(hashed, Math.max(0, this.#headerBytes - from)), hashed));
    }
    if (from + bytes.length < sealAt) return;
    this.#digest ??= this.#hash.copy().digest();
    if (hashed < bytes.length) this.#seal.set(bytes.subarray(hashed), from + hashed - sealAt);
  }

  /** Collects the header and judges what of it is in. A new array each time: a clone may hold the old one. */
  #readHead(bytes: Uint8Array): RefusalCause | undefined {
    const wanted = bytes.subarray(0, HEADER_BYTES_MAX - this.#head.length);
    const head = Buffer.concat([this.#head, wanted]);
    this.#head = head;
    if (!startsLikeBundle(head)) return this.#refuse("not-a-bundle", `does not begin with ${magicText}`);
    if (head.length < MANIFEST_AT) return undefined;
    const manifestBytes = manifestLengthOf(head);
    if (manifestBytes > MANIFEST_BYTES_MAX) {
      return this.#refuse(
        "bad-manifest",
        `manifest of ${manifestBytes} bytes; at most ${MANIFEST_BYTES_MAX} are allowed`,
      );
    }
    const headerBytes = MANIFEST_AT + manifestBytes + SIGNATURE_BYTES;
    if (head.length < headerBytes) return undefined;
    this.#head = new Uint8Array(0);
    return this.#judgeHeader(head.subarray(0, headerBytes));
  }

  /** The signature first: nothing unsigned is parsed. */
  #judgeHeader(header: Uint8Array): RefusalCause | undefined {
    const { trustedKeys } = this.#options;
    if (trustedKeys !== "unchecked" && !isHeaderSigned(header, trustedKeys)) {
      return this.#refuse("untrusted-signature", "manifest is not signed by a trusted key");
    }
    let manifest: Manifest;
    try {
      manifest = decodeManifest(header.subarray(MANIFEST_AT, header.length - SIGNATURE_BYTES));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      return this.#refuse("bad-manifest", error.message);
    }
    const fitting = lengthVerdict(manifest, this.#options, header.length);
    if ("cause" in fitting) return this.#refuseWith(fitting);
    this.manifest = manifest;
    this.#headerBytes = header.length;
    this.#candidates = fitting;
    if (fitting.length > 0) this.#payloadHash = sha256();
    const misfit = fitRefusal(manifest, this.#options);
    return misfit && this.#refuseWith(misfit);
  }

  #judge(crc32: number): RefusalCause | undefined {
    const { imageBytes, trustedKeys } = this.#options;
    if (this.#receivedBytes < imageBytes) {
      return this.#refuse("truncated", `${this.#receivedBytes} of ${imageBytes} bytes came in`);
    }
    if (this.crc32 !== crc32) {
      return this.#refuse("crc-mismatch", `CRC-32 is ${hex32(this.crc32)}, not ${hex32(crc32)}`);
    }
    if (this.manifest === undefined || this.#digest === undefined) {
      return this.#refuse("truncated", `${imageBytes} bytes are too short for a bundle`);
    }
    if (Buffer.compare(this.#seal.subarray(0, DIGEST_BYTES), this.#digest) !== 0) {
      return this.#refuse("payload-hash-mismatch", "SHA-256 of the content is not the one in the seal");
    }
    if (trustedKeys !== "unchecked" && !isSealSigned(this.#seal, trustedKeys))
      return this.#refuse("untrusted-signature", "seal is not signed by a trusted key");
    return this.#judgeVariant();
  }

  /** A payload and its seal may stand behind the header in the place of another one's of the same length. */
  #judgeVariant(): RefusalCause | undefined {
    const digest = this.#payloadHash?.digest("hex");
    const { manifest } = this;
    if (digest === undefined || manifest === undefined) return undefined;
    const isIt = ({ payloadSha256 }: Variant): boolean => payloadSha256 === digest;
    const [first] = this.#candidates;
    this.#candidates = this.#candidates.filter(isIt);
    if (this.#candidates.length > 0) return undefined;
    const other = manifest.variants.find(isIt);
    if (other === undefined)
      return this.#refuse("payload-hash-mismatch", "SHA-256 of the payload is not the one in the manifest");
    const detail = `payload is the one for hardware ${other.hardware.join(", ")}, not for ${first?.hardware.join(", ")}`;
    return this.#refuse("incompatible-hardware", detail);
  }
}

const magicText = JSON.stringify(Buffer.from(MAGIC).toString("latin1"));
const hex32 = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
