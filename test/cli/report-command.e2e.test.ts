/** `poncast report`: runs and sweeps get the page that they would have written. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandHere, type Ran } from "../support/command.ts";
import { removeFolder } from "../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-report-command-"));
const run = join(root, "run");
afterAll(() => removeFolder(root));

const poncast = (...words: string[]): Promise<Ran> => commandHere(words, root);

const small = ["--virtual", "--quiet", "--onts", "2", "--image-size", "64KiB"];

beforeAll(async () => {
  expect((await poncast("run", ...small, "--out", run)).code).toBe(0);
});

describe("poncast report", () => {
  it("writes what the run itself has written", async () => {
    const byRun = readFileSync(join(run, "report.html"), "utf8");
    expect(byRun).toContain("poncast run default --virtual --onts 2");
    const out = join(root, "again.html");
    expect(await poncast("report", run, "--out", out)).toEqual({ code: 0, out: `report: ${out}\n`, err: "" });
    expect(readFileSync(out, "utf8")).toBe(byRun);
  });

  it("is left out of a run on request, and can be made later", async () => {
    const bare = join(root, "bare");
    expect((await poncast("run", ...small, "--no-report", "--out", bare)).code).toBe(0);
    expect(existsSync(join(bare, "report.html"))).toBe(false);
    expect((await poncast("report", bare)).out).toBe(`report: ${join(bare, "report.html")}\n`);
    expect(existsSync(join(bare, "report.html"))).toBe(true);
  });

  it("comes with a sweep", async () => {
    const file = join(root, "sweep.yaml");
    const fields = "onts: 2, image.bytes: 65536, olt.activate: false";
    writeFileSync(
      file,
      `name: tiny\nscenario: default\nfields: { ${fields} }\nmatrix: { loss: [0, 0.02] }\nseeds: 2\n`,
    );
    const out = join(root, "sweep");
    expect((await poncast("sweep", file, "--quiet", "--jobs", "1", "--out", out)).code).toBe(0);
    expect(readFileSync(join(out, "report.html"), "utf8")).toContain("4 runs, 2 combinations × 2 seeds");
  });

  const empty = join(root, "empty");
  const broken = join(root, "broken");
  it.each([
    ["a folder that is not there", () => poncast("report", "nowhere"), "nowhere: no such folder\n"],
    [
      "a folder without a run",
      () => {
        mkdirSync(empty);
        return poncast("report", empty);
      },
      `${empty}: no run is in it (result.json is missing or not readable)\n`,
    ],
    [
      "a journal that is none",
      () => {
        mkdirSync(broken);
        writeFileSync(join(broken, "result.json"), readFileSync(join(run, "result.json")));
        writeFileSync(join(broken, "journal.binpb"), "journal");
        return poncast("report", broken);
      },
      /^\S+broken\/journal\.binpb: .* \(at byte 0\)\n$/,
    ],
    [
      "a page that has nowhere to go",
      () => poncast("report", run, "--out", join(root, "no", "page.html")),
      /^\S+page\.html: .*\n$/,
    ],
  ])("says what is wrong with %s", async (_, give, expected) => {
    const { code, out, err } = await give();
    expect([code, out]).toEqual([2, ""]);
    if (typeof expected === "string") expect(err).toBe(expected);
    else expect(err).toMatch(expected);
  });
});
