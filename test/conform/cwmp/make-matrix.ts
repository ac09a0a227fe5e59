/** Writes matrix.json beside it: which cases find which flaw of our own CPE and ACS. `npx tsx test/conform/cwmp/make-matrix.ts` */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { acsFlawMatrix, cpeFlawMatrix } from "../../../conform/cwmp/self/index.ts";

const matrix = { cpe: await cpeFlawMatrix(), acs: await acsFlawMatrix() };
writeFileSync(join(import.meta.dirname, "matrix.json"), `${JSON.stringify(matrix, null, 2)}\n`);
