import type { ConformCase } from "../case.ts";
import { entityCases } from "./entity.ts";
import { formCases } from "./form.ts";
import { downloadCases, windowCases } from "./window.ts";

/** Every case, in the order in which they run. */
export const catalogue: readonly ConformCase[] = [...entityCases, ...formCases, ...windowCases, ...downloadCases];
