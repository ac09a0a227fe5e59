/** `poncast olt --target` over a road of a bench, with our ONT at its end. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { serveOnt } from "../../../../conform/olt/index.ts";
import { selfImages } from "../../../../conform/targets/index.ts";
import { referenceProfile } from "../../../../ont/index.ts";
import { roadOf } from "../../../../pon/bench/index.ts";
import { commandHere } from "../../../support/command.ts";
import { writeFileSync } from "node:fs";
import { removeFolder } from "../../../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-bench-"));
afterAll(() => removeFolder(folder));

it("downloads, sees the restart though no road tells of it, and commits", async () => {
  const inFolder = (name: string): string => join(folder, name);
  writeFileSync(inFolder("fw.bin"), Buffer.alloc(3000, "poncast"));
  await commandHere(["keygen", "me"], folder);
  const named = ["--image-version", "1.2.3", "--product-code", "PONCAST-ONT", "--hardware", "HW-1"];
  await commandHere(["pack", "fw.bin", "--key", "me.key.pem", ...named, "--out", "fw.bundle"], folder);
  const images = selfImages({ file: inFolder("fw.bundle"), keyFile: inFolder("me.pub.pem") });
  const road = roadOf(`unix-listen:${inFolder("s")}`)!;
  const ont = await serveOnt({ address: "", port: 0, road, quirk: referenceProfile, images, flashBytesPerSecond: 1e6 });
  try {
    const words = ["olt", "--target", `unix:${inFolder("s")}`, "--image", "fw.bundle", "--quiet"];
    const { code, out, err } = await commandHere(words, folder);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^[A-Z]{4}[0-9A-F]{8} committed 1\.2\.3$/m);
    expect(ont.judge.findings().filter(({ verdict }) => verdict === "fail")).toEqual([]);
  } finally {
    ont.close();
  }
});

it("tells in one line that there is no such road", async () => {
  writeFileSync(join(folder, "any.bin"), Buffer.alloc(3000));
  const words = ["olt", "--image", "any.bin", "--force", "--target"];
  const { code, err } = await commandHere([...words, `unix:${join(folder, "none")}`], folder);
  expect(code).toBe(2);
  expect(err.trim().split("\n").at(-1)).toMatch(/^unix:.*: there is no such socket/);
  const other = await commandHere([...words, "smoke:signals"], folder);
  expect(other.code).toBe(2);
  expect(other.err).toContain("serial:<tty>[,<bit/s>]");
});
