/** OMCC versions with the extended message set, of all that a byte can hold (G.988 9.1.2). */
import { expect, it } from "vitest";
import { supportsExtended } from "../../omci/index.ts";

it("of all 256 OMCC versions, 0x96 and 0xB0 to 0xBF have the extended message set", () => {
  const withExtended = Array.from({ length: 256 }, (_, version) => version).filter(supportsExtended);
  expect(withExtended).toEqual([0x96, ...Array.from({ length: 16 }, (_, edition) => 0xb0 + edition)]);
});

it.each([
  [0x80, false, "G.984.4 (2004)"],
  [0x86, false, "G.984.4 (2008) amendment 2, baseline only"],
  [0x96, true, "G.984.4 (2008) amendment 2, both sets"],
  [0xa0, false, "G.988 (2010), baseline only"],
  [0xb0, true, "G.988 (2010), both sets"],
  [0xa4, false, "G.988 (2012) amendment 1, baseline only"],
  [0xb4, true, "G.988 (2012) amendment 1, both sets"],
  [0xc0, false, "none that is defined"],
])("OMCC version %i: extended %s, %s", (version, extended) => {
  expect(supportsExtended(version)).toBe(extended);
});
