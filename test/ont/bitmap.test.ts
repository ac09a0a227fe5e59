/** Sections of a window as bits. */
import { expect, it } from "vitest";
import { SectionBitmap } from "../../ont/core/bitmap.ts";

it("sets a range as it sets its sections one by one, wherever it begins and ends, and nothing beside it", () => {
  for (let first = 0; first < 24; first++)
    for (let count = 0; count <= 40; count++) {
      const [range, single] = [new SectionBitmap(), new SectionBitmap()];
      for (const bitmap of [range, single]) bitmap.set(63);
      range.setRange(first, count);
      for (let section = first; section < first + count; section++) single.set(section);
      expect(Buffer.compare(range.bytes, single.bytes), `${count} from ${first}`).toBe(0);
    }
  const all = new SectionBitmap();
  all.setRange(0, 256);
  expect(all.missingBelow(256)).toBe(0);
});
