/** Digests of content that is known: whose bytes are there again is told by comparing them, mostly by where they lie, and nothing is computed twice. */
import { DIGEST_BYTES, SEAL_BYTES, sha256 } from "./format.ts";
import { hasBytesAt } from "./same-bytes.ts";
import type { ContentHash, Crc32Functions } from "./types.ts";

/** A whole bundle and what is known of it; its bytes do not change. */
export interface KnownBundle {
  bytes: Uint8Array;
  crc32: number;
  /** Of the whole file, hexadecimal. */
  sha256: string;
}

interface Known {
  image: Buffer;
  crc32: number;
  sha256: string;
}

/** Room for the place in a bundle, in the number that says how far a check has come, and in which bundle. */
const PLACE = 2 ** 33;

/**
 * CRC-32 and SHA-256 for `BundleVerifier` that are those computed byte by byte, whatever comes; as long as what comes is one of
 * these bundles from its beginning, they are known.
 */
export class KnownDigests {
  readonly #known: readonly Known[];
  readonly #computed: Crc32Functions;

  /** @param computed for all other bytes */
  constructor(bundles: readonly KnownBundle[], computed: Crc32Functions) {
    this.#known = bundles.map(({ bytes, ...digests }) => ({
      image: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      ...digests,
    }));
    this.#computed = computed;
  }

  /** The register is a place in a known bundle or, below 0, one that is computed. */
  readonly crc32: Crc32Functions = {
    init: 0,
    update: (register, bytes, start = 0, end = bytes.length) => {
      const more = bytes.subarray(start, end);
      const place = register < 0 ? undefined : this.follow(register, more);
      return place ?? -1 - (this.#computed.update(this.#computedOf(register), more) >>> 0);
    },
    finish: (register) => {
      const known = register < 0 ? undefined : this.#wholeAt(register);
      return known?.crc32 ?? this.#computed.finish(this.#computedOf(register));
    },
  };

  readonly hash = (): ContentHash => new KnownHash(this);

  #computedOf(register: number): number {
    if (register < 0) return -1 - register;
    return this.#computed.update(this.#computed.init, this.before(register)) >>> 0;
  }

  /** The place behind bytes that follow; undefined where no known bundle goes on so. */
  follow(place: number, bytes: Uint8Array): number | undefined {
    const [number, at] = [Math.floor(place / PLACE), place % PLACE];
    const now = this.#known[number];
    if (now === undefined) return undefined;
    if (hasBytesAt(now.image, at, bytes)) return place + bytes.length;
    // Of two that begin alike it may be the other one.
    const before = now.image.subarray(0, at);
    const other = this.#known.findIndex(({ image }) => hasBytesAt(image, 0, before) && hasBytesAt(image, at, bytes));
    return other < 0 ? undefined : other * PLACE + at + bytes.length;
  }

  /** All bytes up to a place. */
  before(place: number): Uint8Array {
    return this.#known[Math.floor(place / PLACE)]?.image.subarray(0, place % PLACE) ?? new Uint8Array(0);
  }

  #wholeAt(place: number): Known | undefined {
    const known = this.#known[Math.floor(place / PLACE)];
    return known?.image.length === place % PLACE ? known : undefined;
  }

  /** SHA-256 up to a place, where that is known: of the whole, and of what its seal is for. */
  sha256At(place: number): Buffer | undefined {
    const whole = this.#wholeAt(place);
    if (whole !== undefined) return Buffer.from(whole.sha256, "hex");
    const known = this.#known[Math.floor(place / PLACE)];
    const sealAt = place % PLACE;
    if (known === undefined || known.image.length - SEAL_BYTES !== sealAt) return undefined;
    return known.image.subarray(sealAt, sealAt + DIGEST_BYTES);
  }
}

class KnownHash implements ContentHash {
  readonly #known: KnownDigests;
  #place = 0;
  /** Once other bytes have come. */
  #computed: ReturnType<typeof sha256> | undefined;

  constructor(known: KnownDigests) {
    this.#known = known;
  }

  update(bytes: Uint8Array): this {
    const place = this.#computed === undefined ? this.#known.follow(this.#place, bytes) : undefined;
    if (place === undefined) (this.#computed ??= sha256().update(this.#known.before(this.#place))).update(bytes);
    else this.#place = place;
    return this;
  }

  copy(): ContentHash {
    const copy = new KnownHash(this.#known);
    copy.#place = this.#place;
    copy.#computed = this.#computed?.copy();
    return copy;
  }

  digest(): Buffer {
    const known = this.#computed === undefined ? this.#known.sha256At(this.#place) : undefined;
    return known ?? (this.#computed ?? sha256().update(this.#known.before(this.#place))).digest();
  }
}
