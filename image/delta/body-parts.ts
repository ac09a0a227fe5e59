/** What an unpacked body holds, each part read in order and never beyond its end. */
import { ImageError } from "../error.ts";
import { VarintReader } from "./varints.ts";

export class BodyParts {
  readonly ops: VarintReader;
  readonly #bytes: Uint8Array;
  readonly #kept: VarintReader;
  readonly #zeros: VarintReader;
  readonly #differencesEnd: number;
  #differenceAt: number;
  #freshAt: number;
  /** Differences that are still kept, and then left out, before the next lengths are read. */
  #keptLeft = 0;
  #zerosLeft = 0;

  /** @throws ImageError when parts do not fit into the body, or have more octets than the block */
  constructor(bytes: Uint8Array, blockBytes: number) {
    const prefix = new VarintReader(bytes, 0, bytes.length);
    const lengths = [prefix.unsigned(), prefix.unsigned(), prefix.unsigned(), prefix.unsigned()];
    const opsEnd = prefix.at + lengths[0];
    const keptEnd = opsEnd + lengths[1];
    const zerosEnd = keptEnd + lengths[2];
    this.#differencesEnd = zerosEnd + lengths[3];
    if (this.#differencesEnd > bytes.length || bytes.length - zerosEnd > blockBytes)
      throw new ImageError("delta: a body has not the octets that its block needs");
    this.#bytes = bytes;
    this.ops = new VarintReader(bytes, prefix.at, opsEnd);
    this.#kept = new VarintReader(bytes, opsEnd, keptEnd);
    this.#zeros = new VarintReader(bytes, keptEnd, zerosEnd);
    this.#differenceAt = zerosEnd;
    this.#freshAt = this.#differencesEnd;
    this.#nextLengths();
  }

  copyFresh(out: Uint8Array, at: number, length: number): void {
    const end = this.#freshAt + length;
    if (end > this.#bytes.length) throw new ImageError("delta: a body has too few new octets");
    out.set(this.#bytes.subarray(this.#freshAt, end), at);
    this.#freshAt = end;
  }

  /** Adds the next differences to `length` octets. */
  addDifferences(out: Uint8Array, at: number, length: number): void {
    const bytes = this.#bytes;
    const end = at + length;
    for (let i = at; i < end;) {
      const kept = Math.min(this.#keptLeft, end - i);
      const from = this.#differenceAt;
      if (from + kept > this.#differencesEnd) throw new ImageError("delta: a body has too few differences");
      for (let k = 0; k < kept; k++) out[i + k] += bytes[from + k];
      this.#differenceAt += kept;
      this.#keptLeft -= kept;
      const zeros = Math.min(this.#zerosLeft, end - i - kept);
      this.#zerosLeft -= zeros;
      i += kept + zeros;
      if (this.#keptLeft === 0 && this.#zerosLeft === 0) this.#nextLengths();
    }
  }

  /** @throws ImageError when something is left over: a body has one meaning, and no room for another */
  end(): void {
    if (this.#differenceAt !== this.#differencesEnd || this.#freshAt !== this.#bytes.length)
      throw new ImageError("delta: a body has octets that its block does not use");
  }

  #nextLengths(): void {
    if (this.#kept.ended) {
      this.#keptLeft = Infinity;
      return;
    }
    this.#keptLeft = this.#kept.unsigned();
    this.#zerosLeft = this.#zeros.unsigned();
    if (this.#keptLeft + this.#zerosLeft === 0) throw new ImageError("delta: a body counts nothing");
  }
}
