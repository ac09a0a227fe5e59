/** Puts the last report of each bench into bench/README.md, between the markers that name the bench. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const page = join(import.meta.dirname, "README.md");
const results = join(import.meta.dirname, "results");

const before = readFileSync(page, "utf8");
const after = before.replaceAll(
  /(<!-- bench:([\w-]+) -->\n)[^]*?(<!-- end -->)/g,
  (whole, begin: string, name: string, end: string) => {
    const path = join(results, `${name}.json`);
    if (!existsSync(path)) return whole;
    const { report } = JSON.parse(readFileSync(path, "utf8")) as { report?: string };
    return report === undefined ? whole : `${begin}\n${report}\n\n${end}`;
  },
);
writeFileSync(page, after);
process.stdout.write(after === before ? "bench/README.md is as it was\n" : "bench/README.md has new tables\n");
