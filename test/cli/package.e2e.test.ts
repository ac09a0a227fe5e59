/** The package as npm makes it: installed into an empty folder, it runs there without anything else. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeFolder } from "../support/folder.ts";

let folder: string;
let tarball: string;

/** No registry: what is not in the package is not there. */
const npm = (words: readonly string[], cwd: string): string =>
  execFileSync("npm", [...words, "--ignore-scripts", "--offline", "--no-audit", "--no-fund", "--silent"], {
    cwd,
    encoding: "utf8",
  });
const poncast = (...words: string[]): string =>
  execFileSync(join(folder, "node_modules/.bin/poncast"), words, { cwd: folder, encoding: "utf8" });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "poncast-package-"));
  const packed = join(folder, "packed");
  mkdirSync(packed);
  npm(["pack", "--pack-destination", packed], resolve("."));
  tarball = join(packed, readdirSync(packed)[0] ?? "");
  writeFileSync(join(folder, "package.json"), "{}");
  npm(["install", tarball], folder);
});
afterAll(() => removeFolder(folder));

describe("the package", () => {
  it("brings the licences of what is in it, and no tests, sources or maps", () => {
    const files = readdirSync(join(folder, "node_modules/poncast"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /(^|\/)test|\.ts$|\.map$/.test(file))).toEqual([]);
    const licenses = readFileSync(join(folder, "node_modules/poncast/dist/licenses.txt"), "utf8");
    for (const name of ["effect", "@grpc/grpc-js", "commander", "uplot"])
      expect(licenses).toMatch(new RegExp(`^${name} \\d`, "m"));
    // Beside it only what is optional: koffi, machine code.
    const isOptional = (name: string): boolean => name === "koffi" || name === "@koromix";
    const beside = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
    expect(beside.filter((name) => !isOptional(name))).toEqual(["poncast"]);
  });

  it("says its version and commit", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(poncast("--version")).toMatch(new RegExp(`^poncast ${version} \\([0-9a-f]{12}\\)\n$`));
  });

  it("runs a preset in virtual time, and processes", () => {
    poncast("run", "lossless-lab", "--virtual", "--onts", "2", "--image-size", "64KiB", "--quiet", "--out", "virtual");
    poncast("run", "--onts", "2", "--image-size", "64KiB", "--quiet", "--out", "processes");
    for (const run of ["virtual", "processes"]) {
      const result = JSON.parse(readFileSync(join(folder, run, "result.json"), "utf8")) as { onts: object };
      expect(result.onts).toMatchObject({ total: 2, committed: 2 });
      expect(existsSync(join(folder, run, "report.html"))).toBe(true);
    }
  });

  it("completes commands, options and presets", () => {
    const said = (...words: string[]): string => poncast("complete", "--", ...words);
    expect(said("con")).toMatch(/^control\t[^]*^conform\t/m);
    expect(said("run", "--mess")).toContain("--message-set\t");
    expect(said("run", "dy")).toContain("dying-ont\tpreset");
    expect(said("conform", "o")).toMatch(/^olt\t[^]*^ont\t/m);
  });

  it("sweeps with workers", () => {
    const sweep = ["name: small", "scenario: lossless-lab", "fields: { onts: 2, image.bytes: 65536 }", "seeds: 1"];
    writeFileSync(join(folder, "small.yaml"), `${sweep.join("\n")}\nmatrix: { olt.windowSections: [32, 64] }\n`);
    expect(poncast("sweep", "small.yaml", "--jobs", "2", "--quiet", "--out", "study")).toContain("64");
  });
});
