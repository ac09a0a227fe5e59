/** Puts one window together from what a capture has of it, parity sections included. */
import { repairWindow } from "../base/kernel/index.ts";

/** A window put together. */
export interface AssembledWindow {
  sections: number;
  /** What the capture does not have stands in it as nothing. */
  bytes: Uint8Array;
  repairedSections: number;
  missing: number[];
}

/** Sections and parity sections of one window, as they are sent, in any order and as often as they are. */
export class CapturedWindow {
  /** TCI of section 0, sent or not. */
  readonly base: number;
  /** Number of the section with AR; -1 = not seen. */
  last = -1;
  /** Times that the window's end was sent, as data or parity. */
  rounds = 0;
  /** The ONT said that it does not have it. */
  isRefused = false;
  readonly #data = new Map<number, Uint8Array>();
  readonly #parity = new Map<number, Uint8Array>();
  /** Sections as the parity sections tell it; 0 = not told. */
  #sections = 0;

  constructor(base: number) {
    this.base = base;
  }

  /** TCI of its last section, as far as it is known. */
  get lastTci(): number {
    return this.base + this.#count() - 1;
  }

  has(number: number): boolean {
    return this.#data.has(number);
  }

  /** Whether a section of that number was seen with other data. */
  contradicts(number: number, data: Uint8Array): boolean {
    const seen = this.#data.get(number);
    return seen !== undefined && Buffer.compare(seen, data) !== 0;
  }

  /** Whether a section of that number was seen with this data, or with some of it. */
  agrees(number: number, data: Uint8Array): boolean {
    const seen = this.#data.get(number);
    if (seen === undefined) return false;
    const bytes = Math.min(seen.length, data.length);
    return Buffer.compare(seen.subarray(0, bytes), data.subarray(0, bytes)) === 0;
  }

  /** @param data is kept */
  put(number: number, data: Uint8Array, ackRequested: boolean): void {
    this.#data.set(number, data);
    if (!ackRequested) return;
    this.last = number;
    this.rounds++;
  }

  /** @param data is kept; @param sections data sections of the window */
  putParity(row: number, data: Uint8Array, sections: number, ackRequested: boolean): void {
    this.#parity.set(row, data);
    this.#sections = sections;
    if (ackRequested) this.rounds++;
  }

  /** Numbers of the sections that were not seen, up to the last one that is known of. */
  missing(): number[] {
    return Array.from({ length: this.#count() }, (_, number) => number).filter((number) => !this.has(number));
  }

  assemble(): AssembledWindow {
    const sections = this.#count();
    const missing = this.missing();
    const repaired = missing.length > 0 ? this.#repaired(sections, missing) : undefined;
    if (repaired) return { sections, bytes: repaired, repairedSections: missing.length, missing: [] };
    const parts = Array.from({ length: sections }, (_, number) => this.#data.get(number) ?? new Uint8Array(0));
    return { sections, bytes: Buffer.concat(parts), repairedSections: 0, missing };
  }

  #count(): number {
    if (this.last >= 0) return this.last + 1;
    return this.#sections > 0 ? this.#sections : Math.max(-1, ...this.#data.keys()) + 1;
  }

  /** The window with what parity makes up for; the last section with zeros behind it where it was shorter. */
  #repaired(sections: number, missing: readonly number[]): Uint8Array | undefined {
    if (this.#sections !== sections || this.#parity.size < missing.length) return undefined;
    const rows = [...this.#parity.values()];
    const sectionBytes = rows[0].length;
    const fits = [...this.#data.values(), ...rows].every(({ length }) => length <= sectionBytes);
    if (!fits || rows.some(({ length }) => length !== sectionBytes)) return undefined;
    const window = new Uint8Array(sections * sectionBytes);
    for (const [number, data] of this.#data) if (number < sections) window.set(data, number * sectionBytes);
    const damaged = {
      sections,
      sectionBytes,
      window,
      missing,
      rows: Buffer.concat(rows),
      rowNumbers: [...this.#parity.keys()],
    };
    if (!repairWindow(damaged)) return undefined;
    const lastBytes = missing.includes(sections - 1) ? sectionBytes : (this.#data.get(sections - 1)?.length ?? 0);
    return window.subarray(0, (sections - 1) * sectionBytes + lastBytes);
  }
}
