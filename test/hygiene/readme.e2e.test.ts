/** Commands of the papers: each with options that there are; those that take a moment are run as they stand. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commandHere } from "../support/command.ts";
import { read } from "./files.ts";
import { removeFolder } from "../support/folder.ts";

/** Cheap, and with no other end that they would wait for. In order: one makes what the next reads. */
const RUN = /^(keygen|pack|inspect|verify|size|delta|conform ont --only)/;
/** Commands with commands of their own. */
const NESTED = new Set(["conform", "delta", "sweep merge"]);

const folder = mkdtempSync(join(tmpdir(), "poncast-papers-"));
afterAll(() => removeFolder(folder));
writeFileSync(join(folder, "firmware.bin"), Buffer.alloc(4096, "poncast"));

const commands = ["README.md", "CONTRIBUTING.md"].flatMap((paper) =>
  [...read(paper).matchAll(/^\$ npx poncast ([^#\n]+)/gm)].map(([, words]) => ({ paper, words: words.trim() })),
);

/** Words as a shell splits them; quotes are taken off. */
const split = (words: string): string[] =>
  [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);

const poncast = async (words: readonly string[]): Promise<{ code: unknown; text: string }> => {
  const { code, out, err } = await commandHere(words, folder);
  return { code, text: out + err };
};

const helps = new Map<string, string>();
async function helpOf(words: readonly string[]): Promise<string> {
  const name = NESTED.has(words[0]) || NESTED.has(words.slice(0, 2).join(" ")) ? words.slice(0, 2) : words.slice(0, 1);
  const key = name.join(" ");
  if (!helps.has(key)) helps.set(key, (await poncast([...name, "--help"])).text);
  return helps.get(key)!;
}

describe("commands of the papers", () => {
  it("are there", () => expect(commands.length).toBeGreaterThan(10));

  it.each(commands)("$paper: poncast $words: has these options", async ({ words }) => {
    const parts = split(words);
    const help = await helpOf(parts);
    expect(help).toContain("Usage: poncast ");
    const options = parts.filter((part) => /^--?[a-z]/.test(part)).map((part) => part.split("=", 1)[0]);
    expect(options.filter((option) => !new RegExp(String.raw`(^|[ ,])${option}\b`, "m").test(help))).toEqual([]);
  });

  it.each(commands.filter(({ words }) => RUN.test(words) && !words.includes("://")))(
    "$paper: poncast $words: runs",
    async ({ words }) => {
      const { code, text } = await poncast(split(words));
      expect(code, text).toBe(0);
    },
  );
});
