/** An OLT sends no bundle that has expired, whichever way it is started; it is told before anything is opened. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startOlt } from "../../olt/process/index.ts";
import { prepareImages } from "../../run/images/index.ts";
import { oltProcessConfigOf } from "../../run/processes/index.ts";
import { parseScenario } from "../../scenarios/index.ts";
import { bundleOf, fields, pair } from "../image/fixture.ts";
import { removeFolder } from "../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-expiry-"));
afterAll(() => removeFolder(folder));
const file = join(folder, "old.bundle");
const keyFile = join(folder, "key.pem");
const expires = fields.buildTime + 1000;
writeFileSync(file, bundleOf(100, { expires }));
writeFileSync(keyFile, pair.publicPem);
const scenario = parseScenario(`image: { file: ${file}, keyFile: ${keyFile} }`, "text");

test("the OLT's process", async () => {
  const none = { onEvents: () => undefined, onStatus: () => undefined, onFinished: () => undefined };
  const started = startOlt(oltProcessConfigOf(scenario, {}, [file], process.hrtime.bigint()), none);
  await expect(started).rejects.toThrow(`${file}: expired 2023-11-14T22:30:00.000Z`);
});

test("a run", () => {
  expect(() => prepareImages(scenario, expires)).toThrow(`image: ${file}: expired 2023-11-14T22:30:00.000Z`);
  expect(prepareImages(scenario, expires - 1).source.warning).toBe("");
  // Virtual time has no date.
  expect(prepareImages(scenario).source.warning).toMatch(/no clock to check that by$/);
});
