import { coefficient, invertCauchy } from "./field.ts";
import { BLOCK_BYTES, type Kernel, sharedKernel, TARGETS } from "./kernel.ts";

/** Sections of a window and its parity sections together: the points of the code. */
export const CODE_POINTS = 256;

const padded = (sectionBytes: number): number => Math.ceil(sectionBytes / BLOCK_BYTES) * BLOCK_BYTES;

interface SectionSource {
  data: Uint8Array;
  offset: number;
  stride: number;
  lastBytes: number;
}

/** Where the sources lie: copied in, with slack behind them as the last step may read past a section's end. */
function loadSources(kernel: Kernel, sections: number, sectionBytes: number, source: SectionSource): number {
  const start = kernel.free;
  const bytes = sections * sectionBytes;
  kernel.reserve(start + bytes + BLOCK_BYTES);
  const { data, offset, stride, lastBytes } = source;
  const used = (sections - 1) * sectionBytes + lastBytes;
  if (stride === sectionBytes) {
    kernel.bytes.set(data.subarray(offset, offset + used), start);
  } else {
    for (let index = 0; index < sections; index++) {
      const length = index === sections - 1 ? lastBytes : sectionBytes;
      const from = offset + index * stride;
      kernel.bytes.set(data.subarray(from, from + length), start + index * sectionBytes);
    }
  }
  kernel.bytes.fill(0, start + used, start + bytes + BLOCK_BYTES);
  return start;
}

/**
 * Makes the parity sections of one window: a systematic Cauchy Reed-Solomon code over GF(2^8). Parity section j is the
 * sum over all data sections i of section i / ((k + j) XOR i), k being the number of data sections. A shorter last
 * section counts as filled with zeros.
 */
export class ParityEncoder {
  readonly #kernel: Kernel | undefined;
  #sections = 0;
  #sectionBytes = 0;
  #source: SectionSource = { data: new Uint8Array(0), offset: 0, stride: 0, lastBytes: 0 };
  /** Four rows are made at a time; these are the ones at hand. */
  #rows: Uint8Array = new Uint8Array(0);
  #firstRow = -1;

  constructor(kernel?: Kernel) {
    this.#kernel = kernel;
  }

  /** @param sections data sections of the window, 1…255; the bytes are read by `row`, they must not change before. */
  begin(
    sections: number,
    sectionBytes: number,
    data: Uint8Array,
    dataOffset: number,
    dataStride: number,
    lastSectionBytes: number,
  ): void {
    this.#sections = sections;
    this.#sectionBytes = sectionBytes;
    this.#source = { data, offset: dataOffset, stride: dataStride, lastBytes: lastSectionBytes };
    this.#firstRow = -1;
  }

  /** Writes parity section `row`, 0…255 - sections, at `at`. */
  row(row: number, out: Uint8Array, at: number): void {
    if (row < 0 || this.#sections + row >= CODE_POINTS) {
      throw new RangeError(
        `parity section ${row} of a window of ${this.#sections}; sections and parity together are at most 256`,
      );
    }
    const first = row - (row % TARGETS);
    if (first !== this.#firstRow) this.#makeRows(first);
    const from = (row - first) * this.#sectionBytes;
    out.set(this.#rows.subarray(from, from + this.#sectionBytes), at);
  }

  #makeRows(first: number): void {
    const kernel = this.#kernel ?? sharedKernel();
    const sections = this.#sections;
    const sectionBytes = this.#sectionBytes;
    const stride = padded(sectionBytes);
    const source = loadSources(kernel, sections, sectionBytes, this.#source);
    const target = source + sections * sectionBytes + BLOCK_BYTES;
    kernel.reserve(target + TARGETS * stride);
    const { bytes, coefficients } = kernel;
    bytes.fill(0, target, target + TARGETS * stride);
    for (let column = 0; column < sections; column++) {
      for (let index = 0; index < TARGETS; index++) {
        // Rows past the code's end are not asked for: nothing is computed into them.
        const valid = sections + first + index < CODE_POINTS;
        bytes[coefficients + column * TARGETS + index] = valid ? coefficient(sections, first + index, column) : 0;
      }
    }
    kernel.accumulate(source, sectionBytes, sections, stride / BLOCK_BYTES, target, stride, coefficients);
    if (this.#rows.length < TARGETS * sectionBytes) this.#rows = new Uint8Array(TARGETS * sectionBytes);
    for (let index = 0; index < TARGETS; index++) {
      const from = target + index * stride;
      this.#rows.set(bytes.subarray(from, from + sectionBytes), index * sectionBytes);
    }
    this.#firstRow = first;
  }
}

/** A window with holes, and the parity sections that came in for it. */
export interface DamagedWindow {
  /** Data sections of the window, k. */
  sections: number;
  sectionBytes: number;
  /** Section i at `i * sectionBytes`; a shorter last section is filled up with zeros. Repaired in place. */
  window: Uint8Array;
  /** Numbers of the missing sections, ascending. */
  missing: readonly number[];
  /** Parity section at `n * sectionBytes` has row number `rowNumbers[n]`; at least as many as are missing. */
  rows: Uint8Array;
  rowNumbers: readonly number[];
}

/**
 * Rebuilds the missing sections of a window in place. Only the missing-by-missing part of the code's matrix is
 * inverted.
 *
 * @returns false when there are fewer parity sections than missing ones; nothing is changed then.
 */
export function repairWindow(damaged: DamagedWindow, kernel: Kernel = sharedKernel()): boolean {
  const { sections, sectionBytes, window, missing } = damaged;
  const m = missing.length;
  if (m === 0) return true;
  if (damaged.rowNumbers.length < m) return false;
  const rowNumbers = damaged.rowNumbers.slice(0, m);
  const stride = padded(sectionBytes);
  const groups = Math.ceil(m / TARGETS);
  const whole = { data: window, offset: 0, stride: sectionBytes, lastBytes: sectionBytes };
  const source = loadSources(kernel, sections, sectionBytes, whole);
  const syndromes = source + sections * sectionBytes + BLOCK_BYTES;
  const repaired = syndromes + groups * TARGETS * stride;
  kernel.reserve(repaired + TARGETS * stride);
  kernel.bytes.fill(0, syndromes, repaired);
  loadSyndromes(kernel, damaged, rowNumbers, source, syndromes, stride);
  const inverse = invertCauchy(sections, rowNumbers, missing);
  const { bytes, coefficients } = kernel;
  for (let first = 0; first < m; first += TARGETS) {
    bytes.fill(0, repaired, repaired + TARGETS * stride);
    for (let j = 0; j < m; j++) {
      for (let index = 0; index < TARGETS; index++) {
        const i = first + index;
        bytes[coefficients + j * TARGETS + index] = i < m ? inverse[i * m + j] : 0;
      }
    }
    kernel.accumulate(syndromes, stride, m, stride / BLOCK_BYTES, repaired, stride, coefficients);
    for (let index = 0; index < TARGETS && first + index < m; index++) {
      const from = repaired + index * stride;
      window.set(bytes.subarray(from, from + sectionBytes), missing[first + index] * sectionBytes);
    }
  }
  return true;
}

/** Syndrome = parity section as it came, plus what the sections at hand contribute to it: what is left is missing. */
function loadSyndromes(
  kernel: Kernel,
  damaged: DamagedWindow,
  rowNumbers: readonly number[],
  source: number,
  syndromes: number,
  stride: number,
): void {
  const { sections, sectionBytes, rows, missing } = damaged;
  const { bytes, coefficients } = kernel;
  const isMissing = new Uint8Array(sections);
  for (const section of missing) isMissing[section] = 1;
  rowNumbers.forEach((_row, index) => {
    const from = index * sectionBytes;
    bytes.set(rows.subarray(from, from + sectionBytes), syndromes + index * stride);
  });
  for (let first = 0; first < rowNumbers.length; first += TARGETS) {
    for (let column = 0; column < sections; column++) {
      for (let index = 0; index < TARGETS; index++) {
        const row = rowNumbers[first + index];
        const counts = row !== undefined && isMissing[column] === 0;
        bytes[coefficients + column * TARGETS + index] = counts ? coefficient(sections, row, column) : 0;
      }
    }
    kernel.accumulate(
      source,
      sectionBytes,
      sections,
      stride / BLOCK_BYTES,
      syndromes + first * stride,
      stride,
      coefficients,
    );
  }
}
