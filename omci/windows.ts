/** How an image falls into windows and sections. */
import { EXTENDED_SECTION_BYTES_MAX } from "./sizes.ts";

/** A window of an image: which sections it holds. */
export interface ImageWindow {
  firstSection: number;
  /** Sections that carry image bytes. */
  sections: number;
  /** Null sections behind them, in a padded last window; else 0. */
  padding: number;
  offsetBytes: number;
  lengthBytes: number;
}

/** How an image of `imageBytes` falls into sections of `sectionBytes` and windows of sections (G.988 I.3). */
export class ImageLayout {
  readonly imageBytes: number;
  readonly sectionBytes: number;
  readonly sectionsTotal: number;

  constructor(imageBytes: number, sectionBytes: number) {
    if (!(Number.isInteger(imageBytes) && imageBytes > 0 && imageBytes <= 0xffffffff)) {
      throw new RangeError(`image of ${imageBytes} bytes; 1 to 4294967295 are possible`);
    }
    if (!(Number.isInteger(sectionBytes) && sectionBytes >= 1 && sectionBytes <= EXTENDED_SECTION_BYTES_MAX)) {
      throw new RangeError(`sections of ${sectionBytes} bytes; 1 to ${EXTENDED_SECTION_BYTES_MAX} are possible`);
    }
    this.imageBytes = imageBytes;
    this.sectionBytes = sectionBytes;
    this.sectionsTotal = Math.ceil(imageBytes / sectionBytes);
  }

  /** Image bytes in section `index` (0…sectionsTotal - 1). */
  sectionLength(index: number): number {
    return index === this.sectionsTotal - 1 ? this.imageBytes - index * this.sectionBytes : this.sectionBytes;
  }

  /**
   * The window that begins at a section.
   *
   * @param padLast fill the last window with null sections up to `windowSections` instead of sending it short.
   */
  windowAt(firstSection: number, windowSections: number, padLast = false): ImageWindow {
    const sections = Math.min(windowSections, this.sectionsTotal - firstSection);
    const offsetBytes = firstSection * this.sectionBytes;
    const endBytes = Math.min(this.imageBytes, offsetBytes + sections * this.sectionBytes);
    const padding = padLast ? windowSections - sections : 0;
    return { firstSection, sections, padding, offsetBytes, lengthBytes: endBytes - offsetBytes };
  }

  /** All windows of one size, in order. */
  *windows(windowSections: number, padLast = false): Generator<ImageWindow> {
    for (let first = 0; first < this.sectionsTotal; first += windowSections) {
      yield this.windowAt(first, windowSections, padLast);
    }
  }
}
