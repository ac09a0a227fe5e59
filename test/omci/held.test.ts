/** The octets of the extension (docs/extension.md): bitmap, parity, and what an ONT holds of an image. */
import { describe, expect, it } from "vitest";
import {
  bitmapBit,
  bitmapByte,
  decodeHeld,
  encodeHeld,
  HELD_BYTES,
  isParityOf,
  parityInstance,
  paritySections,
} from "../../omci/index.ts";

describe("the bitmap of a window", () => {
  it("begins with the most significant bit of its first byte", () => {
    const places = [0, 1, 7, 8, 127].map((section) => [bitmapByte(section), bitmapBit(section)]);
    expect(places).toEqual([
      [0, 0x80],
      [0, 0x40],
      [0, 0x01],
      [1, 0x80],
      [15, 0x01],
    ]);
  });
});

describe("the instance of parity sections", () => {
  it("tells the window they are for, and how long it is", () => {
    expect(parityInstance(0x1234, 1)).toBe(0x3400);
    expect(parityInstance(0x1234, 256)).toBe(0x34ff);
    for (const sections of [1, 2, 224, 256]) expect(paritySections(parityInstance(0x1234, sections))).toBe(sections);
    expect(isParityOf(0x34ff, 0x1234)).toBe(true);
    expect(isParityOf(0x34ff, 0x1235)).toBe(false);
  });
});

describe("what is held", () => {
  it("is told as the longest three stretches, in their order", () => {
    const told = encodeHeld([
      { from: 0, to: 10 },
      { from: 20, to: 120 },
      { from: 200, to: 205 },
      { from: 300, to: 350 },
      { from: 400, to: 420 },
    ]);
    expect(told.length).toBe(HELD_BYTES);
    expect(decodeHeld(told)).toEqual([
      { from: 20, to: 120 },
      { from: 300, to: 350 },
      { from: 400, to: 420 },
    ]);
  });

  it("is believed only where it makes sense", () => {
    const octets = new Uint8Array(HELD_BYTES);
    const view = new DataView(octets.buffer);
    [100, 50, 70, 70, 10, 20].forEach((value, index) => view.setUint32(4 * index, value));
    expect(decodeHeld(octets)).toEqual([{ from: 10, to: 20 }]);
  });
});
