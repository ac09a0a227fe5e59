/** All cases against all flaws, as matrix.json has them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { acsFlawMatrix, cpeFlawMatrix } from "../../../conform/cwmp/self/index.ts";

it("is as it was written down", async () => {
  const matrix: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "matrix.json"), "utf8"));
  expect({ cpe: await cpeFlawMatrix(), acs: await acsFlawMatrix() }).toEqual(matrix);
});
