/** Parity sections of a window, made and used: a Cauchy Reed-Solomon code over GF(2^8). */
import { inverses, invertCauchy } from "./field.ts";
import { BLOCK_BYTES, type Kernel, sharedKernel, TARGETS, targetsFor } from "./kernel.ts";

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

const NOTHING_MISSING: readonly number[] = [];

/**
 * Puts down the coefficients of one parity section for the next pass over the sections of a window.
 *
 * @param target which of the pass's targets it is
 * @param point point of the parity section; past the code's end nothing is summed up for it
 * @param missing sections that count as zero
 */
function putCoefficients(
  kernel: Kernel,
  sections: number,
  target: number,
  point: number,
  missing: readonly number[],
): void {
  const { bytes, coefficients } = kernel;
  const at = coefficients + target;
  for (let column = 0; column < sections; column++)
    bytes[at + column * TARGETS] = point < CODE_POINTS ? inverses[point ^ column] : 0;
  for (const column of missing) bytes[at + column * TARGETS] = 0;
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

  /** @param kernel only for tests; the one of the process by default. */
  constructor(kernel?: Kernel) {
    this.#kernel = kernel;
  }

  /**
   * @param sections data sections of the window, k, 1…255
   * @param data section i begins at `dataOffset + i * dataStride`; `row` reads it, it must not change before
   * @param lastSectionBytes bytes of the last section, at most `sectionBytes`
   */
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

  /**
   * Writes parity section `row`, `sectionBytes` long, at `at`. Rows asked for in order cost least.
   *
   * @param row 0…255 - sections
   * @throws RangeError past that
   */
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
    const { bytes, coefficients, accumulate } = kernel;
    bytes.fill(0, target, target + TARGETS * stride);
    for (let index = 0; index < TARGETS; index++)
      putCoefficients(kernel, sections, index, sections + first + index, NOTHING_MISSING);
    accumulate[TARGETS](source, sectionBytes, sections, stride / BLOCK_BYTES, target, stride, coefficients);
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

/** Where the parity sections that a repair uses lie in `rows`; those that the code does not have count as not there. */
function usableRows({ sections, missing, rowNumbers }: DamagedWindow): number[] | undefined {
  const places: number[] = [];
  for (let place = 0; place < rowNumbers.length && places.length < missing.length; place++) {
    const row = rowNumbers[place];
    if (sections + row < CODE_POINTS && rowNumbers.indexOf(row) === place) places.push(place);
  }
  return places.length < missing.length ? undefined : places;
}

/**
 * Rebuilds the missing sections of a window in place. Only the missing-by-missing part of the code's matrix is
 * inverted, so that the work is that of one pass over the window for every four missing sections.
 *
 * @returns false when there are fewer different parity sections than missing ones; nothing is changed then.
 */
export function repairWindow(damaged: DamagedWindow, kernel: Kernel = sharedKernel()): boolean {
  const { sections, sectionBytes, window, missing } = damaged;
  const m = missing.length;
  if (m === 0) return true;
  const places = usableRows(damaged);
  if (!places) return false;
  const stride = padded(sectionBytes);
  const whole = { data: window, offset: 0, stride: sectionBytes, lastBytes: sectionBytes };
  const source = loadSources(kernel, sections, sectionBytes, whole);
  const syndromes = source + sections * sectionBytes + BLOCK_BYTES;
  const repaired = syndromes + Math.ceil(m / TARGETS) * TARGETS * stride;
  kernel.reserve(repaired + TARGETS * stride);
  loadSyndromes(kernel, damaged, places, source, syndromes);
  const rowNumbers = places.map((place) => damaged.rowNumbers[place]);
  const inverse = invertCauchy(sections, rowNumbers, missing);
  const { bytes, coefficients, accumulate } = kernel;
  for (let first = 0; first < m; first += TARGETS) {
    const targets = targetsFor(m - first);
    bytes.fill(0, repaired, repaired + TARGETS * stride);
    for (let j = 0; j < m; j++) {
      for (let index = 0; index < targets; index++) {
        const i = first + index;
        bytes[coefficients + j * TARGETS + index] = i < m ? inverse[i * m + j] : 0;
      }
    }
    accumulate[targets](syndromes, stride, m, stride / BLOCK_BYTES, repaired, stride, coefficients);
    for (let index = 0; index < targets && first + index < m; index++) {
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
  places: readonly number[],
  source: number,
  syndromes: number,
): void {
  const { sections, sectionBytes, rows, rowNumbers, missing } = damaged;
  const { bytes, coefficients, accumulate } = kernel;
  const stride = padded(sectionBytes);
  for (let first = 0; first < places.length; first += TARGETS) {
    const count = Math.min(TARGETS, places.length - first);
    const targets = targetsFor(count);
    const target = syndromes + first * stride;
    bytes.fill(0, target, target + TARGETS * stride);
    for (let index = 0; index < targets; index++) {
      const place = places[first + index];
      const point = index < count ? sections + rowNumbers[place] : CODE_POINTS;
      putCoefficients(kernel, sections, index, point, missing);
      if (index < count)
        bytes.set(rows.subarray(place * sectionBytes, (place + 1) * sectionBytes), target + index * stride);
    }
    accumulate[targets](source, sectionBytes, sections, stride / BLOCK_BYTES, target, stride, coefficients);
  }
}
