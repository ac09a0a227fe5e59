/** Parity sections of a window (extension), until there are enough of them to repair it. */
import { CODE_POINTS, repairWindow } from "../../base/kernel/index.ts";
import { PARITY_ROWS_MAX, type SectionSpan } from "../../omci/index.ts";
import type { SectionBitmap } from "./bitmap.ts";
import { copyBytes } from "./window-memory.ts";

/** The parity sections that came in for the window being collected (extension). */
export class ParityRows {
  /** Data sections of the window they were made from; 0 = none kept. */
  sections = 0;
  /** The data of the window that all rows were made from, in memory that lasts; null = not known. */
  madeFrom: Uint8Array | null = null;
  readonly #rowNumbers: number[] = [];
  #bytes = new Uint8Array(0);

  get count(): number {
    return this.#rowNumbers.length;
  }

  clear(): void {
    this.sections = 0;
    this.madeFrom = null;
    this.#rowNumbers.length = 0;
  }

  /** @param sections data sections of the window; rows of a window of another length replace those kept */
  put(span: SectionSpan, sections: number): void {
    if (this.sections !== sections) this.clear();
    this.sections = sections;
    const { sectionBytes, dataStride, data } = span;
    const madeFrom = span.lasting ? span.parityOf : null;
    if (this.count === 0) this.madeFrom = madeFrom;
    else if (!isSameMemory(this.madeFrom, madeFrom)) this.madeFrom = null;
    for (let index = 0; index < span.count; index++) {
      const row = span.firstSection + index;
      // A row that the code does not have repairs nothing, and must not count as if it did.
      if (this.count >= PARITY_ROWS_MAX || sections + row >= CODE_POINTS) return;
      if (this.#rowNumbers.includes(row)) continue;
      const from = span.dataOffset + index * dataStride;
      this.#reserve((this.count + 1) * sectionBytes);
      copyBytes(data, from, this.#bytes, this.count * sectionBytes, sectionBytes);
      this.#rowNumbers.push(row);
    }
  }

  /**
   * Rebuilds the missing ones of the window's sections.
   *
   * @returns false when the rows do not suffice: nothing is changed then, and what is missing has to be asked for
   */
  rebuild(memory: Uint8Array, sectionBytes: number, received: SectionBitmap): boolean {
    const missing: number[] = [];
    for (let section = 0; section < this.sections; section++) if (!received.has(section)) missing.push(section);
    const repaired = repairWindow({
      sections: this.sections,
      sectionBytes,
      window: memory,
      missing,
      rows: this.#bytes,
      rowNumbers: this.#rowNumbers,
    });
    if (repaired) received.setRange(0, this.sections);
    return repaired;
  }

  #reserve(bytes: number): void {
    if (this.#bytes.length >= bytes) return;
    const grown = new Uint8Array(Math.max(bytes, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

const isSameMemory = (one: Uint8Array | null, other: Uint8Array | null): boolean =>
  one?.buffer === other?.buffer && one?.byteOffset === other?.byteOffset && one?.length === other?.length;
