/**
 * Lets 128 ONTs in one process check the same image for the price of one, with the verdict that each would reach
 * alone.
 */
import type { RefusalCause } from "../../image/index.ts";
import type { ImageVerifier, VerifierOptions } from "../../ont/core/types.ts";

/** A verifier that can be copied in the middle of its work. */
export interface CloneableVerifier extends ImageVerifier {
  clone(): CloneableVerifier;
}

type Verdict = ReturnType<ImageVerifier["finish"]>;

/** One verifier at work on the shared image, as far as any ONT has come; ONTs behind it only compare. */
interface Chain {
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
  readonly #image: Buffer;
  readonly #make: (options: VerifierOptions) => CloneableVerifier;
  readonly #chains = new Map<string, Chain>();
  /** Bytes that were really digested. */
  digestedBytes = 0;

  /** @param image what most ONTs will receive; it must not change */
  constructor(image: Uint8Array, make: (options: VerifierOptions) => CloneableVerifier) {
    this.#image = Buffer.from(image.buffer, image.byteOffset, image.length);
    this.#make = make;
  }

  /** For `OntConfig.createVerifier`. */
  create(options: VerifierOptions): ImageVerifier {
    const key = JSON.stringify({
      ...options,
      trustedKeys: options.trustedKeys.map((trusted) => Buffer.from(trusted).toString("base64")),
    });
    let chain = this.#chains.get(key);
    if (chain === undefined) {
      chain = {
        live: this.#make(options),
        knownBytes: 0,
        refusedFrom: -1,
        refusedTo: -1,
        cause: undefined,
        verdicts: new Map(),
      };
      this.#chains.set(key, chain);
    }
    return new SharedVerifier(this, chain, () => this.#make(options));
  }

  /** Whether these are the bytes of the image from here on. */
  matches(atBytes: number, bytes: Uint8Array): boolean {
    const end = atBytes + bytes.length;
    return end <= this.#image.length && this.#image.compare(bytes, 0, bytes.length, atBytes, end) === 0;
  }

  /** Brings a chain forward to `toBytes`. */
  advance(chain: Chain, toBytes: number): void {
    if (toBytes <= chain.knownBytes || chain.cause !== undefined) return;
    const from = chain.knownBytes;
    this.digestedBytes += toBytes - from;
    chain.cause = chain.live.update(this.#image.subarray(from, toBytes));
    chain.knownBytes = toBytes;
    if (chain.cause === undefined) return;
    chain.refusedFrom = from;
    chain.refusedTo = toBytes;
  }

  /** A verifier that has taken the first bytes of the image. */
  replay(make: () => CloneableVerifier, toBytes: number): CloneableVerifier {
    const verifier = make();
    this.digestedBytes += toBytes;
    if (toBytes > 0) verifier.update(this.#image.subarray(0, toBytes));
    return verifier;
  }
}

class SharedVerifier implements ImageVerifier {
  readonly #shared: SharedVerifiers;
  readonly #chain: Chain;
  readonly #make: () => CloneableVerifier;
  #atBytes = 0;
  /** Set once this ONT's bytes are its own. */
  #own: CloneableVerifier | undefined;

  constructor(shared: SharedVerifiers, chain: Chain, make: () => CloneableVerifier) {
    this.#shared = shared;
    this.#chain = chain;
    this.#make = make;
  }

  update(bytes: Uint8Array): RefusalCause | undefined {
    if (this.#own !== undefined) return this.#own.update(bytes);
    if (!this.#shared.matches(this.#atBytes, bytes)) return this.#leave().update(bytes);
    const end = this.#atBytes + bytes.length;
    const chain = this.#chain;
    this.#shared.advance(chain, end);
    // Pieces of another size: only a verifier of its own can tell whether these bytes are refused already.
    if (chain.cause !== undefined && end > chain.refusedFrom && end < chain.refusedTo)
      return this.#leave().update(bytes);
    this.#atBytes = end;
    return end > chain.refusedFrom && chain.cause !== undefined ? chain.cause : undefined;
  }

  finish(crc32: number): Verdict {
    const chain = this.#chain;
    if (this.#own === undefined && (this.#atBytes !== chain.knownBytes || chain.cause !== undefined)) this.#leave();
    if (this.#own !== undefined) return this.#own.finish(crc32);
    let verdict = chain.verdicts.get(crc32);
    if (verdict === undefined) {
      verdict = chain.live.clone().finish(crc32);
      chain.verdicts.set(crc32, verdict);
    }
    return verdict;
  }

  #leave(): CloneableVerifier {
    this.#own = this.#shared.replay(this.#make, this.#atBytes);
    return this.#own;
  }
}
