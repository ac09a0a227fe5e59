/** Images made in steps: the same as at once, and whoever waits for the event loop has its turn meanwhile. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { prepareImages } from "../../../run/index.ts";
import { imageFileSteps } from "../../../run/images/files.ts";
import { prepareImagesAside } from "../../../run/images/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const MIB = 1024 * 1024;
const scenario = parseScenario(
  `
name: aside
onts: 4
fleet: [{ share: 1, version: "1.0" }]
image: { bytes: ${2 * MIB}, version: "2.0", deltas: [{ base: "1.0" }] }
`,
  "aside.yaml",
);

let isOver = false;
afterEach(() => void (isOver = true));

/** Turns of the event loop from now on. */
function countTurns(): () => number {
  let turns = 0;
  isOver = false;
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return () => turns;
}

it("are those that are made at once", async () => {
  const made = await prepareImagesAside(scenario);
  const atOnce = prepareImages(scenario);
  expect(made.payloads.map(({ name }) => name)).toEqual(["image", "delta 1.0"]);
  expect(made.payloads.map(({ source }) => source.sha256)).toEqual(atOnce.payloads.map(({ source }) => source.sha256));
  expect(made.facts).toEqual(atOnce.facts);
});

it("leave turns to others, a page that is opened among them", async () => {
  const plain = parseScenario(`{ name: plain, image: { bytes: ${4 * MIB} } }`, "plain.yaml");
  const turns = countTurns();
  await prepareImagesAside(plain);
  // One behind each half mebibyte at least.
  expect(turns()).toBeGreaterThanOrEqual(8);
});

it("what cannot be used is said in the same words", async () => {
  const refused = parseScenario(`{ name: aside, image: { file: none.bin } }`, "aside.yaml");
  const caught = (work: () => unknown): string => {
    try {
      work();
      return "";
    } catch (error) {
      return String(error);
    }
  };
  const said = caught(() => prepareImages(refused));
  expect(said).toContain("none.bin");
  await expect(prepareImagesAside(refused).catch(String)).resolves.toBe(said);
});

it("read a file in pieces, as it is", () => {
  const folder = mkdtempSync(join(tmpdir(), "poncast-aside-"));
  const path = join(folder, "image.bin");
  const bytes = Buffer.alloc(9 * MIB, "some bytes");
  writeFileSync(path, bytes);
  const steps = imageFileSteps(path);
  let count = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) count++;
  rmSync(folder, { recursive: true });
  expect(count).toBeGreaterThanOrEqual(3);
  expect(bytes.equals(step.value as Buffer)).toBe(true);
});
