/** Writes matrix.json again: `npx tsx test/conform/make-matrix.ts`. Look at what changed before it is committed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { quirkMatrix } from "../../conform/reports/matrix.ts";

writeFileSync(join(import.meta.dirname, "matrix.json"), `${JSON.stringify(await quirkMatrix(), null, 2)}\n`);
