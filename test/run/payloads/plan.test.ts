/** Which deltas a run sends, and when it sends the image instead. */
import { describe, expect, it } from "vitest";
import { planPayloads, type PlanInput } from "../../../run/payloads/plan.ts";
import type { OntKind, PayloadFacts } from "../../../run/payloads/types.ts";

const image = (bytes: number, ...hardware: string[]): PayloadFacts => ({
  name: ["image", ...hardware].join(" "),
  kind: "image",
  bytes,
  baseVersion: null,
  hardware,
});
const delta = (baseVersion: string, bytes: number, ...hardware: string[]): PayloadFacts => ({
  ...image(bytes, ...hardware),
  name: ["delta", baseVersion, ...hardware].join(" "),
  kind: "delta",
  baseVersion,
});
const onts = (count: number, version: string, hardware = "HW-1", takesDeltas = true): OntKind => ({
  version,
  hardware,
  takesDeltas,
  onts: count,
});
const input = (changed: Partial<PlanInput>): PlanInput => ({
  images: [image(1000)],
  deltas: [delta("1", 100), delta("2", 200)],
  onts: [onts(100, "1"), onts(28, "2")],
  mode: "multicast",
  ports: 1,
  policy: "cheapest",
  ...changed,
});
const sent = (changed: Partial<PlanInput>): string[] =>
  planPayloads(input(changed)).payloads.map(({ name, onts: count }) => `${count} ${name}`);

describe("the plan of payloads", () => {
  it("sends each base its delta where nobody needs the image", () => {
    expect(planPayloads(input({ ports: 2 }))).toMatchObject({ bytes: 600, wholeBytes: 2000, notes: [] });
    expect(sent({})).toEqual(["100 delta 1", "28 delta 2"]);
  });

  it("sends all the image where some need it anyway: it is on the fibre then", () => {
    const plan = planPayloads(input({ onts: [onts(100, "1"), onts(28, "3")] }));
    expect(plan.payloads).toMatchObject([{ name: "image", onts: 128 }]);
    expect(plan.notes).toEqual(["delta 1: not sent: 28 of the ONTs need image anyway, which then serves all"]);
    expect(sent({ onts: [onts(100, "1"), onts(28, "2", "HW-1", false)] })).toEqual(["128 image"]);
  });

  it("sends the image where the deltas together cost more", () => {
    expect(sent({ deltas: [delta("1", 600), delta("2", 500)] })).toEqual(["128 image"]);
    expect(planPayloads(input({ deltas: [delta("1", 600), delta("2", 500)] })).notes[1]).toBe(
      "delta 2: not sent: 2 deltas come to 1100 bytes, the image to 1000",
    );
  });

  it("sends deltas beside the image where that is asked for", () => {
    expect(sent({ policy: "always", onts: [onts(100, "1"), onts(28, "3")] })).toEqual(["28 image", "100 delta 1"]);
  });

  it("sends each ONT alone the smaller of the two", () => {
    const plan = planPayloads(
      input({ mode: "unicast", deltas: [delta("1", 100), delta("2", 2000)], onts: [onts(100, "1"), onts(28, "2")] }),
    );
    expect(plan.payloads.map(({ name, onts: count }) => [name, count])).toEqual([
      ["image", 28],
      ["delta 1", 100],
    ]);
    expect(plan).toMatchObject({ bytes: 38_000, wholeBytes: 128_000 });
    expect(plan.notes).toEqual(["delta 2: not sent: 2000 bytes are not fewer than the 1000 of image"]);
  });

  it("decides for each hardware by itself", () => {
    const plan = sent({
      images: [image(1000, "ARM"), image(1200, "MIPS")],
      deltas: [delta("1", 100, "ARM"), delta("1", 130, "MIPS")],
      onts: [onts(60, "1", "ARM"), onts(20, "1", "MIPS"), onts(1, "0", "MIPS")],
    });
    expect(plan).toEqual(["60 delta 1 ARM", "21 image MIPS"]);
  });
});
