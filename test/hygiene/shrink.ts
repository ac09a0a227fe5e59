/** Takes files that have a head line now, or are gone, off the list of those without: `npx tsx test/hygiene/shrink.ts`. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasHeadLine, headless, HEADLESS_LIST, root, sources } from "./files.ts";

const left = headless().filter((file) => sources.includes(file) && !hasHeadLine(file));
if (left.length === 0) rmSync(join(root, HEADLESS_LIST), { force: true });
else writeFileSync(join(root, HEADLESS_LIST), `${left.join("\n")}\n`);
process.stdout.write(`${left.length} files without a head line\n`);
