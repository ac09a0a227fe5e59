import type { ConformCase } from "../case.ts";
import { entityCases } from "./entity.ts";
import { formCases } from "./form.ts";
import { lossCases } from "./loss.ts";
import { abortCases } from "./abort.ts";
import { busyCases } from "./busy.ts";
import { endCases } from "./end.ts";
import { startCases } from "./start.ts";
import { orderCases } from "./order.ts";
import { repeatCases } from "./repeat.ts";
import { downloadCases, windowCases } from "./window.ts";

/** Every case, in the order in which they run. */
export const catalogue: readonly ConformCase[] = [
  ...entityCases,
  ...formCases,
  ...windowCases,
  ...downloadCases,
  ...lossCases,
  ...orderCases,
  ...repeatCases,
  ...startCases,
  ...endCases,
  ...busyCases,
  ...abortCases,
];
