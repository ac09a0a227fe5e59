/** How an image falls into sections and windows (G.988 I.3): every byte once, the last section as short as it is. */
import { describe, expect, it } from "vitest";
import { ImageLayout } from "../../omci/index.ts";

describe("the layout of an image", () => {
  it.each([1, 30, 31, 32, 62, 310, 311])(
    "has each of %i bytes in one section, the last as short as it is",
    (imageBytes) => {
      const layout = new ImageLayout(imageBytes, 31);
      const lengths = Array.from({ length: layout.sectionsTotal }, (_, index) => layout.sectionLength(index));
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(imageBytes);
      expect(lengths.slice(0, -1).every((length) => length === 31)).toBe(true);
      expect(lengths.at(-1)).toBe(((imageBytes - 1) % 31) + 1);
    },
  );

  it("has a last window that is short, or filled up with null sections", () => {
    const layout = new ImageLayout(10 * 31 + 5, 31);
    const last = { firstSection: 8, sections: 3, offsetBytes: 248, lengthBytes: 67 };
    expect([...layout.windows(4)].at(-1)).toEqual({ ...last, padding: 0 });
    expect([...layout.windows(4, true)].map(({ padding }) => padding)).toEqual([0, 0, 1]);
    expect(layout.windowAt(8, 16, true)).toEqual({ ...last, padding: 13 });
  });
});
