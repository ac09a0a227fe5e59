/** docs/sizing.md says of HTTPS, TR-069 and update.zip what the model goes by: assumptions, defaults, and figures that can be computed again. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { figuresOf } from "../../docs/preset-figures.ts";
import { parseScenario } from "../../scenarios/index.ts";
import { CWMP_ASSUMPTIONS, HTTPS_ASSUMPTIONS } from "../../study/sizing/index.ts";

const page = readFileSync("docs/sizing.md", "utf8");
const section = page.slice(page.indexOf("## HTTPS, TR-069 and update.zip"), page.indexOf("## Left out"));
/** @param about words at the beginning of its row */
const valueOf = (name: string, about = ""): number => {
  const row = section.split("\n").find((line) => line.startsWith(`| ${about}`) && line.includes(`\`${name}\``));
  return Number(row?.split(" | ")[1].replaceAll(",", ""));
};

it("has the assumptions", () => {
  const said = Object.keys(HTTPS_ASSUMPTIONS).map((name) => [name, valueOf(name)]);
  expect(Object.fromEntries(said)).toEqual(HTTPS_ASSUMPTIONS);
  const ofCwmp = Object.keys(CWMP_ASSUMPTIONS).map((name) => [name, valueOf(name, "TR-069: ")]);
  expect(Object.fromEntries(ofCwmp)).toEqual(CWMP_ASSUMPTIONS);
});

it("has what a scenario says where it says nothing", () => {
  const { depot, updateZip } = parseScenario("{}", "");
  expect([valueOf("depot.roundTripMs") * 1000, valueOf("depot.pollSeconds")]).toEqual([
    depot.roundTripMs,
    depot.pollSeconds,
  ]);
  expect([valueOf("updateZip.readBytesPerSecond"), valueOf("updateZip.everySeconds")]).toEqual([
    updateZip.readBytesPerSecond,
    updateZip.everySeconds,
  ]);
});

it("has figures that the commands beside them give", () => {
  const lines = [...section.matchAll(/^- `poncast (size [^`]+)`: ([^.]+(?:\.\d+[^.]*)*)\. /gm)];
  expect(lines).toHaveLength(3);
  for (const [, words, figures] of lines) expect(figures, words).toBe(figuresOf(words));
});
