/** Where the sections of a window end whose sizes differ: one behind the other, as they come in order. */
import { WINDOW_SECTIONS_MAX } from "../../omci/index.ts";

/** Ends by section number; of `count` sections from 0 on without a gap. */
export class SectionEnds {
  count = 0;
  readonly #ends = new Uint32Array(WINDOW_SECTIONS_MAX);

  /** Begins behind so many sections of one size. */
  begin(sections: number, sectionBytes: number): void {
    this.count = sections;
    for (let section = 0; section < sections; section++) this.#ends[section] = (section + 1) * sectionBytes;
  }

  clear(): void {
    this.count = 0;
  }

  /** Bytes in front of a section whose place is known. */
  startOf(section: number): number {
    return section === 0 ? 0 : this.#ends[section - 1]!;
  }

  bytesOf(section: number): number {
    return this.#ends[section]! - this.startOf(section);
  }

  /** The next section has so many bytes. */
  append(bytes: number): void {
    this.#ends[this.count] = this.startOf(this.count) + bytes;
    this.count += 1;
  }
}
