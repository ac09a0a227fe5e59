/** What is dropped is told, in few words, however much of it there is. */
import { describe, expect, it } from "vitest";
import { DropTally } from "../../pon/index.ts";

const S = 1e9;

function tally() {
  const told: [onuId: number, cause: string, count: number][] = [];
  return { told, drops: new DropTally((_timeNs, onuId, cause, count) => told.push([onuId, cause, count])) };
}
const sum = (told: readonly [number, string, number][]): number => told.reduce((all, [, , count]) => all + count, 0);

describe("dropped frames", () => {
  it("are told one by one while they are few", () => {
    const { told, drops } = tally();
    drops.count(0, 3, "bad-trailer");
    drops.count(S, 3, "bad-trailer");
    drops.count(2 * S, -1, "bad-seal");
    expect(told).toEqual([
      [3, "bad-trailer", 1],
      [3, "bad-trailer", 1],
      [-1, "bad-seal", 1],
    ]);
  });

  it("are told together, once a second, when they are many; none is forgotten", () => {
    const { told, drops } = tally();
    for (let frame = 0; frame < 100_000; frame++) drops.count(frame * 100_000, -1, "bad-seal");
    drops.tellAll(11 * S);
    expect(told.length).toBeLessThan(20);
    expect(sum(told)).toBe(100_000);
  });

  it("of more kinds than anybody can mean are of another kind", () => {
    const { told, drops } = tally();
    for (let kind = 0; kind < 5000; kind++) drops.count(kind * 1e6, kind, `cause ${kind}`);
    drops.tellAll(6 * S);
    expect(new Set(told.map(([onuId, cause]) => `${onuId} ${cause}`)).size).toBeLessThanOrEqual(257);
    expect(sum(told)).toBe(5000);
  });
});
