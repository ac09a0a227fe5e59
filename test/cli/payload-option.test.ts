/** `--payload none`: the one line where bytes are made all the same, of a run and of a sweep. */
import { expect, it } from "vitest";
import { payloadLine } from "../../cli/payload-option.ts";
import { parseScenario, type Scenario } from "../../scenarios/index.ts";
import { commandHere } from "../support/command.ts";

const scenarioOf = (more: string): Scenario => parseScenario(`onts: 2\n${more}`, "payload.yaml");
const WHY = "road https checks files by their digests";

it("is said only where none was asked for", () => {
  const https = scenarioOf("road: https\nimage: { payload: none }");
  expect(payloadLine([scenarioOf("image: { payload: none }")])).toBe("");
  expect(payloadLine([scenarioOf("road: https")])).toBe("");
  expect(payloadLine([])).toBe("");
  expect(payloadLine([https])).toBe(`image.payload: none: the bytes are made all the same: ${WHY}\n`);
  expect(payloadLine([scenarioOf(""), https, https])).toBe(
    `image.payload: none: the bytes are made all the same in 2 of 3 combinations: ${WHY}\n`,
  );
});

it("is an option of runs in virtual time, and refused elsewhere", async () => {
  const processes = await commandHere(["run", "--onts", "1", "--payload", "none"]);
  expect(processes.code).toBe(2);
  expect(processes.err).toContain("image.payload: none: in virtual time only: --virtual");
  const size = await commandHere(["size", "--payload", "none"]);
  expect(size.code).toBe(2);
  expect(size.err).toContain("--payload: changes nothing here: the model looks at lengths alone");
});
