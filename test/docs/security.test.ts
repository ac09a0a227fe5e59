/** The threat model names tests that are there. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const page = readFileSync("docs/security.md", "utf8");
const rows = page
  .slice(page.indexOf("## Attacks and tests"))
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| attack |"));

it("each attack of docs/security.md has a test by that title", () => {
  expect(rows.length).toBeGreaterThanOrEqual(18);
  const missing = rows.filter((row) => {
    const named = [...row.matchAll(/`(test\/[^`]+)`: (.+?)(?=; `test\/| \|$)/g)];
    const isThere = (file: string, title: string): boolean =>
      existsSync(file) && readFileSync(file, "utf8").includes(title);
    return named.length === 0 || !named.every(([, file, title]) => isThere(file, title));
  });
  expect(missing).toEqual([]);
});
