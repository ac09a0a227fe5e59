/** The whole catalogue against every quirk profile, beside the matrix that is committed: forty seconds of work. */
import { expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Matrix, quirkMatrix } from "../../conform/reports/matrix.ts";

const expected = JSON.parse(readFileSync(join(import.meta.dirname, "matrix.json"), "utf8")) as Matrix;

it("quirk profiles fail as committed (make-matrix.ts makes it again)", async () => {
  expect(await quirkMatrix()).toEqual(expected);
});
