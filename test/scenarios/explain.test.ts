/** Every field says what it is; page and JSON Schema are made of the same. */
import { describe, expect, it } from "vitest";
import { scenarioPage } from "../../docs/scenario-page.ts";
import { fieldsAt, scenarioFields, scenarioJsonSchema } from "../../scenarios/index.ts";
import { parseScenario } from "../../scenarios/schema/load.ts";
import { read } from "../hygiene/files.ts";
import { commandHere } from "../support/command.ts";

const fields = scenarioFields();

describe("the fields of a scenario", () => {
  it("all say what they are and what is allowed", () => {
    expect(fields.length).toBeGreaterThan(140);
    expect(fields.filter(({ description }) => !/^[A-Z\da-z].*\.$/.test(description)).map(({ path }) => path)).toEqual(
      [],
    );
    expect(fields.filter(({ allowed, isPart }) => allowed === "" && !isPart)).toEqual([]);
  });

  it("have the defaults that they say", () => {
    // A part that may be missing has its defaults where it is there.
    const scenario = parseScenario("campaign: {}", "empty.yaml") as object;
    const single = fields.filter(({ path, usual }) => usual !== undefined && !/[[(]/.test(path));
    expect(single.length).toBeGreaterThan(70);
    for (const { path, usual } of single) {
      const value = path.split(".").reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], scenario);
      // Lists of parts, which have their own defaults filled in.
      if (path === "fleet" || path === "campaign.roads") continue;
      expect(typeof value === "string" ? value || '""' : JSON.stringify(value), path).toBe(usual);
    }
  });

  it("are found by their names, as they stand in a file and as errors name them", () => {
    expect(fieldsAt("olt.catchUp").map(({ path }) => path)).toEqual([
      "olt.catchUp",
      "olt.catchUp.when",
      "olt.catchUp.waitSeconds",
      "olt.catchUp.onts",
    ]);
    for (const name of ["fleet.count", "fleet[].count", "fleet[2].count"])
      expect(fieldsAt(name)).toEqual([expect.objectContaining({ path: "fleet[].count" })]);
    const kinds = fieldsAt("impairments").filter(({ path }) => path.endsWith("(burstLoss)"));
    expect(kinds.map(({ path }) => path)).toContain("impairments[].goodToBad (burstLoss)");
    expect(fieldsAt("olt.windowSection")).toEqual([]);
  });

  it("are in docs/scenario.md, as `npm run docs` makes it, and in the JSON Schema", () => {
    expect(scenarioPage()).toBe(read("docs/scenario.md"));
    expect(JSON.parse(read("scenarios/scenario.schema.json"))).toEqual(scenarioJsonSchema());
  });
});

describe("poncast scenario explain", () => {
  it("says what a field is", async () => {
    const { code, out } = await commandHere(["scenario", "explain", "olt.windowSections"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^olt\.windowSections\n {4}Window that the OLT proposes.*\n.*1 to 256 sections\n {4}default: 240\n$/,
    );
  });

  it.each([
    ["image.bytes", "allowed: a whole number, 1024 to 4294901760 bytes, or such as 8MiB"],
    ["impairments.chance (loss)", "allowed: a number, 0 to 1, or such as 0.1%"],
    ["olt.soakMs", "allowed: a number, 0 to 8.64e7 ms, or such as 4h"],
  ])("says that %s may have a unit", async (name, line) =>
    expect((await commandHere(["scenario", "explain", name])).out).toContain(line),
  );

  it("lists all, and is JSON where that is asked for", async () => {
    const { out } = await commandHere(["scenario", "explain"]);
    expect(out.trim().split("\n")).toHaveLength(fields.length);
    expect(JSON.parse((await commandHere(["scenario", "explain", "--json"])).out)).toEqual(fields);
  });

  it("names the nearest where there is none", async () => {
    const { code, err } = await commandHere(["scenario", "explain", "olt.windowSection"]);
    expect([code, err]).toEqual([2, "olt.windowSection: no such field; did you mean olt.windowSections?\n"]);
  });
});
