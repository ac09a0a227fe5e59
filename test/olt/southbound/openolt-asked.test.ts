/** What may be asked of a run over an OpenOLT server: what it has not is refused, what does not count is left out. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { targetScenario } from "../../../cli/target-scenario.ts";
import { planFleet } from "../../../run/fleet/plan.ts";
import { commandHere } from "../../support/command.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-openolt-asked-"));
afterAll(() => removeFolder(root));

describe("what OpenOLT has not", () => {
  it.each([
    [["--mode", "multicast"], /^--mode: OpenOLT has no multicast for OMCI; leave it out or say unicast$/],
    [["--virtual"], /^--virtual: not with --target, whose ONTs live in real time$/],
    [["--loss", "0.1"], /^--loss: not with --target, where ONTs and fibres are somebody else's$/],
    [
      ["bursty-feeder"],
      /bursty-feeder.yaml:\d+:1: impairments: not with --target, where ONTs and fibres are somebody else's$/,
    ],
  ])("is refused: %s", async (words, line) => {
    const { code, err } = await commandHere(["run", "--target", "openolt://127.0.0.1:1", ...words], root);
    expect(err.trim()).toMatch(line);
    expect(code).toBe(2);
  });

  it.each([
    ["olt: { mode: multicast }", "1:8: olt.mode: OpenOLT has no multicast for OMCI; leave it out or say unicast"],
    ["olt: { recovery: parity }", "1:8: olt.recovery: OpenOLT has no multicast for OMCI; leave it out or say unicast"],
    ["olt: { proactive: 4 }", "1:8: olt.proactive: OpenOLT has no multicast for OMCI; leave it out"],
    ["pons: 2", "1:1: pons: not with --target, where ONTs and fibres are somebody else's"],
    [
      "fleet: [{ quirk: discardsPartialWindow }]",
      "1:11: fleet.0.quirk: not with --target, where ONTs and fibres are somebody else's",
    ],
  ])("is refused in a scenario: %s", (fields, line) => {
    const file = join(root, "asked.yaml");
    writeFileSync(file, fields);
    expect(() => targetScenario(file, {})).toThrow(`${file}:${line}`);
  });
});

describe("of a scenario", () => {
  it("the time for answers counts where it has one; else it is as for devices that nobody knows", () => {
    const file = join(root, "hurried.yaml");
    writeFileSync(file, "olt: { mode: unicast, answerTimeoutMs: 700 }\n");
    expect(targetScenario(file, {}).olt).toMatchObject({ answerTimeoutMs: 700, answerTimeoutMinMs: 3000 });
    expect(targetScenario(undefined, {}).olt).toMatchObject({ answerTimeoutMs: 15_000, answerTimeoutMinMs: 3000 });
  });

  it("what it says about ONTs of ours does not count, nor a strategy that unicast has no use for", () => {
    const file = join(root, "mixed.yaml");
    const fleet = "fleet: [{ count: 6, expect: skipped }, { joinAtSeconds: 5 }]";
    writeFileSync(file, `onts: 20\n${fleet}\nolt: { mode: unicast, recovery: parity, windowSections: 32 }\n`);
    const scenario = targetScenario(file, { onts: "4" });
    expect(scenario.onts).toBe(4);
    expect(scenario.olt).toMatchObject({ mode: "unicast", windowSections: 32 });
    expect(planFleet(scenario).map(({ expect: outcome, joinAtSeconds }) => [outcome, joinAtSeconds])).toEqual(
      Array.from({ length: 4 }, () => ["committed", 0]),
    );
  });

  it("nothing is needed: one ONU then", () => {
    const scenario = targetScenario(undefined, {});
    expect(scenario).toMatchObject({ name: "openolt", onts: 1, impairments: [], olt: { mode: "unicast" } });
  });
});
