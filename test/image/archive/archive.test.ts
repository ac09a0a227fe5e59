/** update.zip: made, and read by ourselves and by others. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { archivePayloadFor, packArchive, withArchive } from "../../../image/archive/index.ts";
import { bundleOf, pair } from "../fixture.ts";
import { bundle, makeFolder, pack, sha256, take, trusted } from "./fixture.ts";

let folder: string;
let good: Buffer;
let remove: () => void;
beforeAll(() => ({ folder, good, remove } = makeFolder()));
afterAll(() => remove());

describe("an archive", () => {
  it("is taken, to the byte, and from a file", () => {
    expect(take(good).equals(bundle)).toBe(true);
    const facts = withArchive(join(folder, "update.zip"), trusted, ({ manifest, warning }) => ({
      ...manifest,
      warning,
    }));
    expect(facts).toMatchObject({
      version: "2.1.0",
      productCode: "PCST-1",
      warning: "",
      payloads: [{ name: "fw.bundle", kind: "image", bytes: bundle.length, sha256, targetSha256: sha256 }],
    });
  });

  it("is the same each time, and read by fflate as by us", () => {
    pack(folder, "again.zip");
    expect(readFileSync(join(folder, "again.zip")).equals(good)).toBe(true);
    const entries = unzipSync(good);
    expect(Object.keys(entries)).toEqual(["manifest.json", "manifest.sig", "fw.bundle"]);
    expect(Buffer.from(entries["fw.bundle"]).equals(bundle)).toBe(true);
    expect(() => pack(folder, "again.zip")).toThrow("again.zip exists already");
    pack(folder, "again.zip", true);
  });

  it.skipIf(spawnSync("unzip", ["-v"]).status !== 0)("is whole to Info-ZIP (needs unzip)", () => {
    const { status, stdout } = spawnSync("unzip", ["-t", join(folder, "update.zip")], { encoding: "utf8" });
    expect([status, stdout]).toEqual([0, expect.stringContaining("No errors detected")]);
  });

  it("that has expired is told of, and taken: a device that is offline may have no clock", () => {
    writeFileSync(join(folder, "old.bundle"), bundleOf(1_000, { expires: 1_700_000_100 }));
    const outFile = join(folder, "old.zip");
    packArchive({ bundleFiles: [join(folder, "old.bundle")], outFile, privateKeyPem: pair.privatePem });
    const warningAt = (nowSeconds?: number): string =>
      withArchive(outFile, { ...trusted, ...(nowSeconds !== undefined && { nowSeconds }) }, ({ warning }) => warning);
    expect(warningAt(1_700_000_200)).toMatch(/^expired /);
    expect(warningAt()).toMatch(/no clock/);
  });

  it("gives each device its own: a delta from what it runs, else the image", () => {
    const base = "b".repeat(64);
    const image = { name: "i", kind: "image" as const, bytes: 9, sha256, hardware: ["HW1"], targetSha256: sha256 };
    const payloads = [image, { ...image, name: "d", kind: "delta" as const, baseSha256: base }];
    const manifest = {
      version: "2",
      productCode: "P",
      buildTime: 0,
      minimumVersion: "",
      securityVersion: 0,
      expires: 0,
      payloads,
    };
    const of = (hardware: string, runningSha256: string, takesDeltas: boolean): string | undefined =>
      archivePayloadFor(manifest, { hardware, runningSha256, takesDeltas })?.name;
    expect([of("HW1", base, true), of("HW1", base, false), of("HW1", sha256, true), of("HW9", base, true)]).toEqual([
      "d",
      "i",
      "i",
      undefined,
    ]);
  });

  it("is of one version", () => {
    writeFileSync(join(folder, "other.bundle"), bundleOf(1_000, { version: "3.0" }));
    const bundleFiles = ["fw.bundle", "other.bundle"].map((name) => join(folder, name));
    expect(() => packArchive({ bundleFiles, outFile: join(folder, "x.zip"), privateKeyPem: pair.privatePem })).toThrow(
      "is PCST-1 3.0, not PCST-1 2.1.0",
    );
  });
});
