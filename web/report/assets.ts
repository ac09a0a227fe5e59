/** Finds the built script and style that go into a page. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What a page brings along: its script and its style, each with the hash by which the page's policy allows it. */
export interface PageAssets {
  script: string;
  scriptHash: string;
  style: string;
}

let loaded: PageAssets | undefined;

/**
 * Finds script and style of the page beside the running bundle, or in dist/.
 *
 * @throws Error when the project was not built
 */
export function pageAssets(): PageAssets {
  if (loaded) return loaded;
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = [here, resolve(here, "../../dist")].find((path) => existsSync(join(path, "report-page.js")));
  if (folder === undefined) throw new Error(`no report-page.js in ${here}; run: npm run build`);
  const script = readFileSync(join(folder, "report-page.js"), "utf8");
  const style = readFileSync(join(folder, "report-page.css"), "utf8");
  const scriptHash = createHash("sha256").update(script).digest("base64");
  return (loaded = { script, scriptHash, style });
}
