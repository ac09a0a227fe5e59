/** Which filter is taken where nobody says one: that which pays most over all of the images, whatever else they hold. */
import { expect, test } from "vitest";
import type { DeltaFilter } from "../../../image/delta/index.ts";
import { likeliestFilter } from "../../../image/delta/likeliest.ts";
import { findOps } from "../../../image/delta/match.ts";
import { codePair, numbers, pointerPair } from "./fixture.ts";

interface TwoImages {
  base: Uint8Array;
  target: Uint8Array;
}

const together = (...pairs: TwoImages[]): TwoImages => ({
  base: Buffer.concat(pairs.map(({ base }) => base)),
  target: Buffer.concat(pairs.map(({ target }) => target)),
});

const chosen = ({ base, target }: TwoImages, lookedAtBytes?: number): DeltaFilter =>
  likeliestFilter({ base, target, ops: findOps(base, target, () => undefined) }, lookedAtBytes);

const [arm, mipsLe, x64] = (["arm", "mipsLe", "x64"] as const).map((name, seed) => codePair(name, seed + 1, 800));
const ALL = 1e9;
/** So that one window of places in some is looked at. */
const SOME = 100_000;

test.each([
  ["arm", arm],
  ["mipsLe", mipsLe],
  ["x64", x64],
] as const)("%s, from all of it and from some of it", (filter, pair) => {
  expect([chosen(pair, ALL), chosen(pair, SOME)]).toEqual([filter, filter]);
});

test("of several kinds of code the one that there is most of, wherever it stands", () => {
  const much = codePair("x64", 9, 1600);
  const little = codePair("mipsLe", 8, 200);
  for (const lookedAtBytes of [ALL, SOME])
    expect([
      chosen(together(little, much), lookedAtBytes),
      chosen(together(much, little), lookedAtBytes),
      chosen(together(codePair("mipsLe", 7, 1600), codePair("x64", 6, 100), arm), lookedAtBytes),
    ]).toEqual(["x64", "x64", "mipsLe"]);
});

test("tables alone pay, too: the filter has the order of their octets, and no other part of it is used", () => {
  const both = pointerPair(1, 800);
  const tablesOf = (image: Uint8Array): Uint8Array => image.slice(-2 * 16 * 4 * 800);
  const little = { base: tablesOf(both.base), target: tablesOf(both.target) };
  const swapped = (image: Uint8Array): Uint8Array => Buffer.from(image).swap32();
  expect(chosen(little)).toBe("mipsLe");
  expect(chosen({ base: swapped(little.base), target: swapped(little.target) })).toBe("mips");
});

test("where nothing points anywhere, none", () => {
  const next = numbers(4);
  const base = Uint8Array.from({ length: 300_000 }, () => next());
  const target = Uint8Array.from(base, (octet, at) => (at % 5000 === 9 ? octet ^ next() : octet));
  expect(chosen({ base, target })).toBe("none");
  expect(chosen({ base, target: base })).toBe("none");
});
