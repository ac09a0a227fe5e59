/** What a slot in virtual time holds: stretches of images that many hold. */
import { expect, it } from "vitest";
import { SharedImages, SlotContent } from "../../../run/virtual/slot-content.ts";
import { testImage } from "../../ont/images.ts";

const image = testImage(3000, 3);

function written(parts: readonly (readonly [from: number, to: number])[]): { slot: SlotContent; shared: SharedImages } {
  const shared = new SharedImages([image], ["the digest that is known"]);
  const slot = new SlotContent(shared);
  for (const [from, to] of parts) slot.write(from, to - from, slot.capture(from, image.subarray(from, to)), from);
  return { slot, shared };
}

it.each([
  [
    "from its beginning to its end",
    [
      [0, 1000],
      [1000, 2000],
      [2000, 3000],
    ],
  ],
  [
    "its end first, as to an ONT that joined a group",
    [
      [2000, 3000],
      [0, 1000],
      [1000, 2000],
    ],
  ],
  [
    "with a gap that is filled last",
    [
      [0, 1000],
      [2000, 3000],
      [1000, 2000],
    ],
  ],
  [
    "over what was there",
    [
      [0, 2000],
      [1500, 3000],
      [500, 700],
    ],
  ],
] as const)("holds the whole image, however it came: %s", (_how, parts) => {
  const { slot, shared } = written(parts);
  expect(slot.sharedPrefix(image.length)).toBe(shared.images[0]);
  expect(slot.sha256Of(image.length)).toBe("the digest that is known");
  expect(slot.privateBytes).toBe(0);
});

it("does not hold it with a gap, or with a byte of its own", () => {
  expect(
    written([
      [0, 1000],
      [1001, 3000],
    ]).slot.sharedPrefix(image.length),
  ).toBeUndefined();
  const { slot } = written([[0, 3000]]);
  slot.write(1234, 1, Buffer.of(image[1234]! ^ 1), 0);
  expect(slot.sharedPrefix(image.length)).toBeUndefined();
  expect(slot.privateBytes).toBe(1);
});
