/** The table of what an ONT needs, by what it told and whether sending is forced. */
import { describe, expect, it } from "vitest";
import { type Need, needOf } from "../../olt/core/eligibility.ts";
import { NO_FACTS, type OntImageFacts, type OntFacts } from "../../olt/core/facts.ts";
import { sourceOf } from "../support/fleet.ts";

const image = { ...sourceOf(new Uint8Array(10)), version: "2.0", productCode: "PC-1", minimumVersion: "1.5" };

/** An image as "version committed/active/valid". */
function imageOf(text: string): OntImageFacts {
  const [version, flags] = text.split(" ");
  const [committed, active, valid] = flags.split("/").map((flag) => flag === "1");
  return { version, committed, active, valid };
}

const factsOf = (first: string, second: string, productCode = "PC-1"): OntFacts => ({
  ...NO_FACTS,
  extended: true,
  productCode,
  extension: "parity",
  canPlace: true,
  images: [imageOf(first), imageOf(second)],
});

const table: [name: string, facts: OntFacts, need: Need, forced: Need["kind"]][] = [
  ["S1", factsOf("1.5 1/1/1", "- 0/0/0"), { kind: "download", instance: 1 }, "download"],
  ["S1'", factsOf("- 0/0/0", "1.5 1/1/1"), { kind: "download", instance: 0 }, "download"],
  ["S3 with another image", factsOf("1.5 1/1/1", "1.9 0/0/1"), { kind: "download", instance: 1 }, "download"],
  ["S3 with this image", factsOf("1.5 1/1/1", "2.0 0/0/1"), { kind: "stored", instance: 1 }, "download"],
  ["S3 with this version, not valid", factsOf("1.5 1/1/1", "2.0 0/0/0"), { kind: "download", instance: 1 }, "download"],
  ["S4 on this image", factsOf("1.5 1/0/1", "2.0 0/1/1"), { kind: "trial", instance: 1 }, "impossible"],
  ["S4' with this image", factsOf("1.5 0/1/1", "2.0 1/0/1"), { kind: "stored", instance: 1 }, "impossible"],
  [
    "S4 on another image",
    factsOf("1.5 1/0/1", "1.9 0/1/1"),
    { kind: "impossible", cause: "no free image instance: 1 is active, 0 is committed" },
    "impossible",
  ],
  ["runs it", factsOf("2.0 1/1/1", "1.5 0/0/1"), { kind: "skip", cause: "runs version 2.0 already" }, "download"],
  [
    "another product",
    factsOf("1.5 1/1/1", "- 0/0/0", "PC-9"),
    { kind: "skip", cause: "product code PC-9, the image is for PC-1" },
    "download",
  ],
  ["product not told", factsOf("1.5 1/1/1", "- 0/0/0", ""), { kind: "download", instance: 1 }, "download"],
  ["newer, as people count", factsOf("1.10 1/1/1", "- 0/0/0"), { kind: "download", instance: 1 }, "download"],
  [
    "too old",
    factsOf("1.4 1/1/1", "- 0/0/0"),
    { kind: "skip", cause: "runs version 1.4; the image replaces 1.5 and later only" },
    "download",
  ],
];

describe("what an ONT needs", () => {
  for (const [name, facts, need, forced] of table) {
    it(name, () => {
      expect(needOf(facts, image, false)).toEqual(need);
      expect(needOf(facts, image, true).kind).toBe(forced);
    });
  }
});
