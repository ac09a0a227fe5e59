import type { ConformCase } from "../case.ts";
import { thinCases } from "./thin.ts";

/** Every case, in the order in which they run. */
export const catalogue: readonly ConformCase[] = [...thinCases];
