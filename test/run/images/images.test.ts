/** Image files that a scenario names: which keys may go with them. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { prepareImages } from "../../../run/images/index.ts";
import { smallScenario } from "../../study/rules/small-scenario.ts";
import { removeFolder } from "../../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-images-"));
afterAll(() => removeFolder(folder));

describe("a public key that is named", () => {
  const keyFile = join(folder, "any.pub.pem");
  const scenario = smallScenario();

  it("is refused where there is no bundle that it could have signed", () => {
    const file = join(folder, "raw.bin");
    writeFileSync(file, new Uint8Array(2048));
    const raw = { ...scenario, image: { ...scenario.image, file, keyFile } };
    expect(() => prepareImages(raw)).toThrow("raw.bin: is no signed bundle");
    const generated = { ...scenario, image: { ...scenario.image, keyFile } };
    expect(() => prepareImages(generated)).toThrow("a generated image: is no signed bundle");
  });

  it("is not needed for a raw payload", () => {
    const file = join(folder, "payload.bin");
    writeFileSync(file, new Uint8Array(2048));
    const images = prepareImages({ ...scenario, image: { ...scenario.image, file } });
    expect(images.facts.bytes).toBeGreaterThan(2048);
  });
});
