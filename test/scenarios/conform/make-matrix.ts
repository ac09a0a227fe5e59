import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { quirkMatrix } from "../../../scenarios/conform/process/matrix.ts";

/** Writes matrix.json anew: `npx tsx test/scenarios/conform/make-matrix.ts`. Look at what changed before it is committed. */
writeFileSync(join(import.meta.dirname, "matrix.json"), `${JSON.stringify(await quirkMatrix(), null, 2)}\n`);
