/** The window that is being collected, in one buffer. */
import { EXTENDED_SECTION_BYTES_MAX, type SectionSpan } from "../../omci/index.ts";
import { SectionBitmap } from "./bitmap.ts";
import { ParityRows } from "./parity-rows.ts";
import { SectionEnds } from "./section-ends.ts";
import { type KeptSections, WindowMemory } from "./window-memory.ts";

/**
 * The window being collected (G.988 I.3): section n lies at n × section size, whatever order the sections come in, so
 * that loss, duplication and reordering need no case of their own. The buffer is mutated in place and reused. What lies in memory that
 * lasts is not copied (window-memory.ts).
 *
 * Extended sections may have any size from 1 to 1965 bytes, mostly the same throughout a window but for its last section. A section of
 * another size than the ones kept goes on where those end that are there from section 0 on, when it is of the same attempt (TCIs);
 * from then on sections are taken in order alone, as the place of one behind a gap is not known. Of another attempt, or of a number that
 * is there in another size, it begins the window anew, and what was kept is dropped.
 */
export class WindowBuffer implements KeptSections {
  readonly received = new SectionBitmap();
  /** Data bytes of a full section; 0 = nothing kept. */
  sectionBytes = 0;
  /** TCI base (TCI of section 0) of the latest section kept; 0 = none. */
  base = 0;
  /** Whether all sections but the last have this size; before one without AR came, it is only that of the last section. */
  get sizeIsFirm(): boolean {
    return this.#sizeIsFirm && !this.#sizesDiffer;
  }

  /** Sections of this window as the section with AR told; 0 = not known yet. */
  sections = 0;
  /** Sections that were missing when the end of the window was first seen; -1 = not seen. */
  lostSections = -1;
  readonly #memory: WindowMemory;
  /** The one section that may be short, the last of the window; -1 = none kept. */
  #shortSection = -1;
  #shortBytes = 0;
  /** The size is that of a section without AR; before, it is only that of the last section. */
  #sizeIsFirm = false;
  /** Sections are taken in order alone, and lie where `#ends` says. */
  #sizesDiffer = false;
  readonly #ends = new SectionEnds();
  #parity: ParityRows | null = null;
  readonly #sectionsMax: number;

  /**
   * @param sectionsMax the window granted; no higher section number may be put
   * @param keepsViews whether what lies in memory that lasts is left there
   */
  constructor(sectionsMax: number, keepsViews = false) {
    this.#sectionsMax = sectionsMax;
    this.#memory = new WindowMemory(keepsViews);
  }

  get shortSection(): number {
    return this.#shortSection;
  }

  get shortBytes(): number {
    return this.#shortBytes;
  }

  /** The first bytes of the window, contiguous; those of sections that have not come in say nothing. To be read until the window changes. */
  bytes(lengthBytes: number): Uint8Array {
    return this.#memory.bytes(lengthBytes, this);
  }

  /** Forgets this window's sections: a new window, or a new attempt at this one. */
  clear(): void {
    if (this.sectionBytes !== 0) this.received.clear();
    this.sectionBytes = 0;
    this.base = 0;
    this.sections = 0;
    this.#shortSection = -1;
    this.#sizeIsFirm = false;
    this.#sizesDiffer = false;
    this.#ends.clear();
    this.#memory.clear();
    this.#parity?.clear();
  }

  /** Forgets the window and its history: the next window begins. */
  reset(): void {
    this.clear();
    this.lostSections = -1;
  }

  /** Takes a span of sections; all numbers below the window granted. `base` is the TCI of its section 0. */
  put(span: SectionSpan, base: number): void {
    // Baseline sections always carry 31 bytes; only a sender's view of them can be shorter, the rest being zero.
    const lastBytes = span.messageSet === "baseline" ? span.sectionBytes : span.lastSectionBytes;
    if (span.count > 1 && !span.ackRequested && lastBytes !== span.sectionBytes) {
      // What changes the size is judged by what is kept when it comes.
      const before = span.count - 1;
      this.put({ ...span, count: before, lastSectionBytes: span.sectionBytes }, base);
      return this.put({ ...behind(span, before), sectionBytes: lastBytes }, base);
    }
    if (this.#sizesDiffer || this.#changesSize(span, lastBytes)) {
      if (this.#goesOn(span, base)) return this.#putInOrder(span, lastBytes, base);
      if (this.#sizesDiffer) this.clear();
    }
    const uniform = lastBytes === span.sectionBytes && span.lastSectionBytes === lastBytes;
    const sameSize = this.#sizeIsFirm && span.sectionBytes === this.sectionBytes;
    const full = uniform && (!span.ackRequested || sameSize) ? span.count : span.count - 1;
    if (full > 0) this.#putFull(span, full);
    if (full < span.count) this.#putLast(span, lastBytes);
    this.base = base;
  }

  /** Whether a span does not have the sizes of a window whose sections are equal but for the last. */
  #changesSize({ count, ackRequested, sectionBytes }: SectionSpan, lastBytes: number): boolean {
    if (!ackRequested && lastBytes !== sectionBytes) return true;
    if (!this.#sizeIsFirm) return false;
    const isOther = (count > 1 || !ackRequested) && sectionBytes !== this.sectionBytes;
    return isOther || lastBytes > this.sectionBytes;
  }

  /** Whether it can be a part of what is kept, as a window of different sizes: what is behind a gap is given up then. */
  #goesOn({ firstSection, sectionBytes }: SectionSpan, base: number): boolean {
    if (base !== this.base && this.sectionBytes !== 0) return false;
    if (this.#sizesDiffer) return true;
    const known = this.beginning();
    if (firstSection < known || (known === 0 && firstSection > 0)) return false;
    this.#ends.begin(known, this.sectionBytes);
    this.#memory.reserve(EXTENDED_SECTION_BYTES_MAX * this.#sectionsMax);
    this.#memory.makeOwn(this);
    for (let section = known; section < this.#sectionsMax; section++) this.received.delete(section);
    this.#shortSection = -1;
    this.#parity?.clear();
    this.sectionBytes = sectionBytes;
    this.#sizeIsFirm = true;
    this.#sizesDiffer = true;
    return true;
  }

  /** Section by section: those that are next are put behind the others; those behind a gap have no place yet, and stay missing. */
  #putInOrder(span: SectionSpan, lastBytes: number, base: number): void {
    for (let index = 0; index < span.count; index++) {
      const section = span.firstSection + index;
      const isLast = index === span.count - 1;
      const bytes = isLast ? lastBytes : span.sectionBytes;
      if (section > this.#ends.count) break;
      if (section === this.#ends.count) this.#ends.append(bytes);
      else if (this.#ends.bytesOf(section) !== bytes) {
        // Another attempt with the same TCIs: it begins here, if it does. Sections behind this one are taken as any others.
        this.clear();
        if (section === 0) return this.put(span, base);
        this.base = base;
        if (!isLast) this.put(behind(span, index + 1), base);
        return;
      }
      const from = span.dataOffset + index * span.dataStride;
      this.#memory.copy(span.data, from, this.#ends.startOf(section), isLast ? span.lastSectionBytes : bytes);
      this.received.set(section);
    }
    this.base = base;
  }

  /** Full sections, the first `count` of the span. */
  #putFull(span: SectionSpan, count: number): void {
    const { sectionBytes, firstSection, dataStride, data } = span;
    if (!this.#sizeIsFirm || this.sectionBytes !== sectionBytes) this.#adoptSize(sectionBytes);
    const memory = this.#memory;
    if (!memory.view(span, 0, count, sectionBytes, sectionBytes)) {
      memory.makeOwn(this);
      let to = firstSection * sectionBytes;
      let from = span.dataOffset;
      if (dataStride === sectionBytes || count === 1) {
        memory.copy(data, from, to, count * sectionBytes);
      } else {
        for (let index = 0; index < count; index++) {
          memory.copy(data, from, to, sectionBytes);
          to += sectionBytes;
          from += dataStride;
        }
      }
    }
    this.received.setRange(firstSection, count);
    const short = this.#shortSection;
    if (short >= firstSection && short < firstSection + count) this.#shortSection = -1;
  }

  /** The last section of the span, when it ends the window or has another size than the others. */
  #putLast(span: SectionSpan, lastBytes: number): void {
    const section = span.firstSection + span.count - 1;
    const from = span.dataOffset + (span.count - 1) * span.dataStride;
    if (!span.ackRequested) this.#adoptSize(lastBytes);
    else if (lastBytes > this.sectionBytes || (!this.#sizeIsFirm && section !== this.#shortSection)) {
      this.clear();
      this.#memory.reserve(lastBytes * (section + 1));
      this.sectionBytes = lastBytes;
    }
    const to = section * this.sectionBytes;
    const dataBytes = Math.min(span.lastSectionBytes, lastBytes);
    const memory = this.#memory;
    if (!memory.view(span, span.count - 1, 1, this.sectionBytes, dataBytes)) {
      memory.makeOwn(this);
      memory.copy(span.data, from, to, dataBytes);
      memory.own.fill(0, to + dataBytes, to + this.sectionBytes);
    }
    if (this.#shortSection !== section) this.#dropShort();
    this.received.set(section);
    const short = span.ackRequested && (lastBytes < this.sectionBytes || !this.#sizeIsFirm);
    this.#shortSection = short ? section : -1;
    this.#shortBytes = lastBytes;
  }

  /** A section without AR, or parity, tells the size of all sections of the window but the last. */
  #adoptSize(sectionBytes: number): void {
    if (this.#sizeIsFirm ? sectionBytes !== this.sectionBytes : sectionBytes < this.sectionBytes) this.clear();
    const section = this.#shortSection;
    const from = section * this.sectionBytes;
    this.#memory.reserve(sectionBytes * this.#sectionsMax);
    if (section >= 0 && sectionBytes !== this.sectionBytes) {
      // Only the last section was there, put down by its own size: move it to where the real size wants it.
      const to = section * sectionBytes;
      this.#memory.makeOwn(this);
      this.#memory.own.copyWithin(to, from, from + this.#shortBytes);
      this.#memory.own.fill(0, to + this.#shortBytes, to + sectionBytes);
    } else if (this.#shortBytes === sectionBytes) this.#shortSection = -1;
    this.sectionBytes = sectionBytes;
    this.#sizeIsFirm = true;
  }

  #dropShort(): void {
    if (this.#shortSection >= 0) this.received.delete(this.#shortSection);
    this.#shortSection = -1;
  }

  /**
   * Keeps a span of parity sections for a window of `sections` sections (extension).
   *
   * @returns false when they are of another section size than the sections kept, and of no use
   */
  putParity(span: SectionSpan, sections: number, base: number): boolean {
    const { sectionBytes } = span;
    const fits = this.#sizeIsFirm ? sectionBytes === this.sectionBytes : sectionBytes >= this.sectionBytes;
    if (!fits || span.lastSectionBytes !== sectionBytes) return false;
    if (!this.#sizeIsFirm) this.#adoptSize(sectionBytes);
    this.#parity ??= new ParityRows();
    this.#parity.put(span, sections);
    this.base = base;
    this.sections = sections;
    return true;
  }

  /**
   * Rebuilds missing sections where enough parity sections came in.
   *
   * @returns sections that parity makes up for: all that are missing when the window is whole now, fewer when not
   */
  repair(sections: number, missingSections: number): number {
    const parity = this.#parity;
    if (missingSections === 0 || parity === null || parity.sections !== sections) return 0;
    if (parity.count < missingSections) return parity.count;
    if (this.#memory.viewWhole(parity.madeFrom)) {
      // What is there is that of which the rows are made: with as many of them as are missing, nothing else can come out.
      this.received.setRange(0, sections);
      return missingSections;
    }
    this.#memory.makeOwn(this);
    if (parity.rebuild(this.#memory.own, this.sectionBytes, this.received)) return missingSections;
    // They are of no use: the sections themselves are asked for.
    parity.clear();
    return 0;
  }

  /** Sections still missing when the window has `sections` of them. */
  missing(sections: number): number {
    // A short section only fits at the end: one that is elsewhere is of an attempt that ended there.
    if (this.#shortSection >= 0 && this.#sizeIsFirm && this.#shortSection !== sections - 1) this.#dropShort();
    return this.received.missingBelow(sections);
  }

  /** Full sections that are there from section 0 on without a gap. */
  beginning(): number {
    let sections = 0;
    while (sections < this.#sectionsMax && sections !== this.#shortSection && this.received.has(sections)) sections++;
    return sections;
  }

  /** Data bytes of a complete window of `sections` sections. */
  dataBytes(sections: number): number {
    if (this.#sizesDiffer) return this.#ends.startOf(Math.min(sections, this.#ends.count));
    const last = this.#shortSection === sections - 1 ? this.#shortBytes : this.sectionBytes;
    return (sections - 1) * this.sectionBytes + last;
  }
}

/** The sections of a span from `index` on. */
const behind = (span: SectionSpan, index: number): SectionSpan => ({
  ...span,
  firstTci: span.firstTci + index,
  firstSection: span.firstSection + index,
  count: span.count - index,
  dataOffset: span.dataOffset + index * span.dataStride,
});
