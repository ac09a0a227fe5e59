import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
// Inside the tree, so that the configuration's folder patterns apply; ignored by git and removed at the end.
const playground = mkdtempSync(join(root, "dist-lint-"));
afterAll(() => rmSync(playground, { recursive: true, force: true }));

/** What the linter says of one file at a path, with the project's rules. */
function lint(path: string, content: string): string {
  const file = join(playground, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  writeFileSync(join(playground, "rules.json"), configFor(playground));
  try {
    execFileSync("npx", ["oxlint", "--config", join(playground, "rules.json"), file], {
      cwd: playground,
      encoding: "utf8",
      stdio: "pipe",
    });
    return "";
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

/** The project's own configuration; its folder patterns are relative to where it lies. */
function configFor(_folder: string): string {
  return execFileSync("cat", [join(root, ".oxlintrc.json")], { encoding: "utf8" });
}

const forbidden: [file: string, imported: string][] = [
  ["omci/a.ts", "../pon/index.ts"],
  ["image/a.ts", "../omci/index.ts"],
  ["pon/a.ts", "../olt/index.ts"],
  ["ont/a.ts", "../olt/index.ts"],
  ["olt/process/a.ts", "../../ont/index.ts"],
  ["scenarios/a.ts", "../cli/main.ts"],
  ["ont/core/a.ts", "node:fs"],
  ["ont/core/a.ts", "effect"],
  ["olt/core/a.ts", "node:dgram"],
  ["olt/core/a.ts", "../../ont/index.ts"],
  ["olt/core/a.ts", "effect/Schema"],
  ["scenarios/conform/core/a.ts", "node:fs"],
  ["scenarios/conform/core/a.ts", "../process/self.ts"],
];

const allowed: [file: string, imported: string][] = [
  ["pon/a.ts", "../omci/index.ts"],
  ["ont/core/a.ts", "node:crypto"],
  ["olt/core/a.ts", "../../image/index.ts"],
  ["scenarios/a.ts", "../olt/index.ts"],
  ["cli/a.ts", "../scenarios/index.ts"],
];

describe("import directions", () => {
  for (const [file, imported] of forbidden) {
    it(`${file} may not import ${imported}`, () => {
      expect(lint(file, `import * as x from "${imported}";\nexport const y = x;\n`)).toContain("no-restricted-imports");
    });
  }

  for (const [file, imported] of allowed) {
    it(`${file} may import ${imported}`, () => {
      expect(lint(file, `import * as x from "${imported}";\nexport const y = x;\n`)).not.toContain(
        "no-restricted-imports",
      );
    });
  }

  it("a core may not look at the clock or draw random numbers", () => {
    expect(lint("olt/core/b.ts", "export const x = Math.random();\n")).toContain("no-restricted-properties");
    expect(lint("ont/core/b.ts", "export const x = Date.now();\n")).toContain("no-restricted-properties");
    expect(lint("ont/core/b.ts", "export const x = performance.now();\n")).toContain("no-restricted-globals");
  });
});
