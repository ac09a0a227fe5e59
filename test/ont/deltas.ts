/** Deltas of the tests' own kind: what they are of and make, then the new image XOR the old one; and who checks them. */
import type { DeltaFacts } from "../../image/index.ts";
import type { ImageVerifier, VerifierOptions } from "../../ont/index.ts";
import { CrcVerifier, storedImage } from "./images.ts";

/** Of the new image, rebuilt at a time. */
export const DELTA_BLOCK_BYTES = 1000;
/** What begins so is a delta. */
const MARK = 0xde;
const HEAD_BYTES = 400;

/** A delta that makes one image from another. */
export function testDelta(base: Uint8Array, target: Uint8Array, change: Partial<DeltaFacts> = {}): Uint8Array {
  const [from, to] = [storedImage("BASE", base), storedImage("TARGET", target)];
  const facts: DeltaFacts = {
    algorithm: "xor",
    baseVersion: from.version,
    baseSha256: from.sha256,
    baseBytes: from.imageBytes,
    targetSha256: to.sha256,
    targetBytes: to.imageBytes,
    targetCrc32: to.crc32,
    ...change,
  };
  const head = Buffer.alloc(HEAD_BYTES, 0x20);
  head[0] = MARK;
  head.write(JSON.stringify(facts), 1);
  return Uint8Array.from([...head, ...target.map((byte, at) => byte ^ (base[at] ?? 0))]);
}

/** One block of the new image. */
export const rebuiltBytes = (delta: Uint8Array, base: Uint8Array, block: number): Uint8Array => {
  const at = block * DELTA_BLOCK_BYTES;
  return delta
    .slice(HEAD_BYTES + at, HEAD_BYTES + at + DELTA_BLOCK_BYTES)
    .map((byte, index) => byte ^ (base[at + index] ?? 0));
};

/** As `CrcVerifier`; looks at the head of a delta as soon as it is in. */
export class DeltaVerifier implements ImageVerifier {
  readonly #inner: CrcVerifier;
  readonly #options: VerifierOptions;
  manifest: { version: string; delta: DeltaFacts } | undefined;

  constructor(options: VerifierOptions) {
    this.#inner = new CrcVerifier(options);
    this.#options = options;
  }

  update(bytes: Uint8Array): ReturnType<ImageVerifier["update"]> {
    const cause = this.#inner.update(bytes);
    const isDelta = this.#inner.parts[0]![0] === MARK;
    const { accepts = "image", baseSha256 } = this.#options;
    if (cause !== undefined || isDelta !== (accepts === "delta"))
      return cause ?? (isDelta ? "delta-not-expected" : "not-a-delta");
    if (!isDelta || this.manifest !== undefined) return undefined;
    const head = Buffer.concat(this.#inner.parts).subarray(1, HEAD_BYTES);
    if (head.length < HEAD_BYTES - 1) return undefined;
    this.manifest = { version: "TARGET", delta: JSON.parse(head.toString()) as DeltaFacts };
    return this.manifest.delta.baseSha256 === baseSha256 ? undefined : "wrong-base";
  }

  finish(expected: number): ReturnType<ImageVerifier["finish"]> {
    const verdict = this.#inner.finish(expected);
    if (!verdict.valid || this.manifest === undefined) return verdict;
    return { valid: true, image: { ...verdict.image, delta: this.manifest.delta } };
  }
}
