/**
 * Lets 128 ONTs in one process check the same image for the price of one, with the verdict that each would reach
 * alone.
 */
import { hasBytesAt, type RefusalCause } from "../../image/index.ts";
import type { ImageVerifier, VerifierOptions } from "../../ont/core/types.ts";

/** A verifier that can be copied in the middle of its work. */
export interface CloneableVerifier extends ImageVerifier {
  clone(): CloneableVerifier;
}

type Verdict = ReturnType<ImageVerifier["finish"]>;

/** One verifier at work on a shared image, as far as any ONT has come; ONTs behind it only compare. */
interface Chain {
  image: Buffer;
  live: CloneableVerifier;
  knownBytes: number;
  /** The update that refused the image took it from here to here; -1 = none did. */
  refusedFrom: number;
  refusedTo: number;
  cause: RefusalCause | undefined;
  verdicts: Map<number, Verdict>;
}

/**
 * Shares the digest and signature work of equal images between the ONTs of one process, and changes no verdict: an ONT
 * whose bytes equal those of the image shares the state reached by the first ONT that had them; the first byte that
 * differs gives it a verifier of its own, fed with what it had before.
 */
export class SharedVerifiers {
  readonly #images: readonly Buffer[];
  readonly #make: (options: VerifierOptions) => CloneableVerifier;
  readonly #chains = new Map<string, Chain>();
  /** Bytes that were really digested. */
  digestedBytes = 0;

  /** @param images what ONTs will receive, or make of what they receive; they must not change */
  constructor(images: readonly Uint8Array[], make: (options: VerifierOptions) => CloneableVerifier) {
    this.#images = images.map((image) => Buffer.from(image.buffer, image.byteOffset, image.length));
    this.#make = make;
  }

  /** For `OntConfig.createVerifier`. */
  create(options: VerifierOptions): ImageVerifier {
    const key = JSON.stringify({
      ...options,
      trustedKeys: options.trustedKeys.map((trusted) => Buffer.from(trusted).toString("base64")),
    });
    const make = (): CloneableVerifier => this.#make(options);
    return new SharedVerifier(this, (first) => this.#chainFor(key, options, make, first), make);
  }

  /** The chain of the shared image that begins so; undefined where none does. */
  #chainFor(
    key: string,
    { imageBytes }: VerifierOptions,
    make: () => CloneableVerifier,
    first: Uint8Array,
  ): Chain | undefined {
    const fits = (image: Buffer): boolean => hasBytesAt(image, 0, first);
    // Of two that begin alike, that which is as long as what was announced.
    const image = this.#images.find((each) => each.length === imageBytes && fits(each)) ?? this.#images.find(fits);
    if (image === undefined) return undefined;
    const number = this.#images.indexOf(image);
    let chain = this.#chains.get(`${number}/${key}`);
    if (chain === undefined) {
      chain = {
        image,
        live: make(),
        knownBytes: 0,
        refusedFrom: -1,
        refusedTo: -1,
        cause: undefined,
        verdicts: new Map(),
      };
      this.#chains.set(`${number}/${key}`, chain);
    }
    return chain;
  }

  /** Brings a chain forward to `toBytes`. */
  advance(chain: Chain, toBytes: number): void {
    if (toBytes <= chain.knownBytes || chain.cause !== undefined) return;
    const from = chain.knownBytes;
    this.digestedBytes += toBytes - from;
    chain.cause = chain.live.update(chain.image.subarray(from, toBytes));
    chain.knownBytes = toBytes;
    if (chain.cause === undefined) return;
    chain.refusedFrom = from;
    chain.refusedTo = toBytes;
  }

  /** A verifier that has taken the first bytes of a chain's image. */
  replay(make: () => CloneableVerifier, chain: Chain | undefined, toBytes: number): CloneableVerifier {
    const verifier = make();
    this.digestedBytes += toBytes;
    if (chain !== undefined && toBytes > 0) verifier.update(chain.image.subarray(0, toBytes));
    return verifier;
  }
}

class SharedVerifier implements ImageVerifier {
  readonly #shared: SharedVerifiers;
  readonly #chainFor: (first: Uint8Array) => Chain | undefined;
  readonly #make: () => CloneableVerifier;
  /** Of the image that its first bytes are of. */
  #chain: Chain | undefined;
  #atBytes = 0;
  /** Set once this ONT's bytes are its own. */
  #own: CloneableVerifier | undefined;

  constructor(
    shared: SharedVerifiers,
    chainFor: (first: Uint8Array) => Chain | undefined,
    make: () => CloneableVerifier,
  ) {
    this.#shared = shared;
    this.#chainFor = chainFor;
    this.#make = make;
  }

  get manifest(): CloneableVerifier["manifest"] {
    return (this.#own ?? this.#chain?.live)?.manifest;
  }

  /** That of others may be further on: what the bytes of this ONT have takes a verifier that went no further. */
  get crc32(): number | undefined {
    const chain = this.#chain;
    if (this.#own !== undefined) return this.#own.crc32;
    return (chain?.knownBytes === this.#atBytes ? chain.live : this.#leave()).crc32;
  }

  update(bytes: Uint8Array): RefusalCause | undefined {
    if (this.#own !== undefined) return this.#own.update(bytes);
    const chain = (this.#chain ??= this.#chainFor(bytes));
    if (chain === undefined || !hasBytesAt(chain.image, this.#atBytes, bytes)) return this.#leave().update(bytes);
    const end = this.#atBytes + bytes.length;
    this.#shared.advance(chain, end);
    // Pieces of another size: only a verifier of its own can tell whether these bytes are refused already.
    if (chain.cause !== undefined && end > chain.refusedFrom && end < chain.refusedTo)
      return this.#leave().update(bytes);
    this.#atBytes = end;
    return end > chain.refusedFrom && chain.cause !== undefined ? chain.cause : undefined;
  }

  finish(crc32: number): Verdict {
    const chain = this.#chain;
    if (
      this.#own === undefined &&
      (chain === undefined || this.#atBytes !== chain.knownBytes || chain.cause !== undefined)
    )
      this.#leave();
    if (this.#own !== undefined || chain === undefined) return this.#leave().finish(crc32);
    let verdict = chain.verdicts.get(crc32);
    if (verdict === undefined) {
      verdict = chain.live.clone().finish(crc32);
      chain.verdicts.set(crc32, verdict);
    }
    return verdict;
  }

  #leave(): CloneableVerifier {
    this.#own ??= this.#shared.replay(this.#make, this.#chain, this.#atBytes);
    return this.#own;
  }
}
