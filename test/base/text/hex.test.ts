/** Hexadecimal digits: beside Node's own. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { bytesOfHex, hexOf } from "../../../base/text/index.ts";

it("is what Node writes and reads", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const hex = Buffer.from(bytes).toString("hex");
      expect(hexOf(bytes)).toBe(hex);
      expect(bytesOfHex(hex)).toEqual(bytes);
    }),
  );
});

it("takes what is no digit for 0", () => expect(bytesOfHex("0fzz")).toEqual(Uint8Array.of(15, 0)));
