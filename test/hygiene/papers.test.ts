/** What the papers name is there: files, npm scripts, scenario presets. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { files, read, root } from "./files.ts";

const papers = files.filter((file) => file.endsWith(".md") && file !== "CHANGELOG.md");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

describe.each(papers)("%s", (paper) => {
  const text = read(paper);

  it("links to files that are there", () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target]) => target);
    expect(targets.filter((target) => !existsSync(join(root, dirname(paper), target)))).toEqual([]);
  });

  it("links to headings that are there", () => {
    const targets = [...text.matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)].map(([, file, anchor]) => ({
      file: file === "" ? paper : join(dirname(paper), file),
      anchor,
    }));
    expect(targets.filter(({ file, anchor }) => !anchorsOf(file).includes(anchor))).toEqual([]);
  });

  it("names npm scripts that are there", () => {
    const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => script);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});

/** Anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (file: string): string[] =>
  [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
