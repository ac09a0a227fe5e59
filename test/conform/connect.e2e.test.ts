/** The ONTs of docs/connect.md, as people copy them: they are built, and pass the first ten cases over stdio and over a pty. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { runCases } from "../../conform/core/index.ts";
import { selectCases } from "../../conform/core/select.ts";
import { targetOf } from "../../conform/targets/index.ts";
import { read } from "../hygiene/files.ts";
import { ptyPair } from "./ptys.ts";
import { removeFolder } from "../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-connect-"));
afterAll(() => removeFolder(folder));

const CODE_LINES_MAX = 60;
const FIRST = 10;
const has = (...words: string[]): boolean => spawnSync(words[0], words.slice(1)).status === 0;

const binary = join(folder, "ont");
const onts = [
  { language: "C", isHere: has("gcc", "--version"), file: "docs/connect/ont.c", words: [binary] },
  {
    language: "Python",
    isHere: has("python3", "--version"),
    file: "docs/connect/ont.py",
    words: ["python3", resolve("docs/connect/ont.py")],
  },
];

async function firstTen(target: string): Promise<unknown[]> {
  const reports = await runCases(
    selectCases(catalogue, { only: [], skip: [], messageSet: "baseline" }).slice(0, FIRST),
    { target: targetOf(target, { timeScale: 5, sectionGapNs: 0 }), messageSet: "baseline", image: undefined },
  );
  return reports.map(({ id, verdict, cause, fault }) => [id, verdict, cause ?? fault?.text]);
}

const passed = selectCases(catalogue, { only: [], skip: [], messageSet: "baseline" })
  .slice(0, FIRST)
  .map(({ id }) => [id, "pass", undefined]);

describe.each(onts)("the ONT in $language", ({ language, isHere, file, words }) => {
  const build = (): void => {
    if (language === "C") execFileSync("gcc", ["-O1", "-Wall", "-Wextra", "-Werror", "-o", binary, resolve(file)]);
  };

  it("is short", () => {
    const lines = read(file).split("\n");
    const code = lines.filter((line) => !/^\s*(\/\*.*\*\/|#[^i].*|""".*)?\s*$/.test(line));
    expect(code.length).toBeLessThanOrEqual(CODE_LINES_MAX);
  });

  it.skipIf(!isHere)("passes the first ten cases on its stdin and stdout (needs gcc, or python3)", async () => {
    build();
    expect(await firstTen(`exec:${words.join(" ")}`)).toEqual(passed);
  });

  it.skipIf(!isHere || !has("socat", "-V"))("passes them over a pty (needs socat, too)", async () => {
    build();
    const pair = await ptyPair(join(folder, `${language}-near`), join(folder, `${language}-far`));
    const tty = openSync(pair.far, constants.O_RDWR | constants.O_NOCTTY);
    const ont = spawn(words[0], words.slice(1), { stdio: [tty, tty, "inherit"] });
    closeSync(tty);
    try {
      expect(await firstTen(`serial:${pair.near}`)).toEqual(passed);
    } finally {
      ont.kill();
      pair.end();
    }
  });
});
