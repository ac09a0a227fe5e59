/** Reads the files that a scenario names as images. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { orRefused } from "../../base/errors/index.ts";

/** What the system says names the file. */
export const readImageFile = (path: string): Buffer =>
  orRefused(
    ({ message }) => ({ problem: message }),
    () => readFileSync(resolve(path)),
  );
