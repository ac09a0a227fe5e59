/** The catalogue: the cases of all groups in one list. */
import type { ConformCase } from "../case.ts";
import { abortCases } from "./abort.ts";
import { activateCases } from "./activate.ts";
import { busyCases } from "./busy.ts";
import { commitCases, rebootCases } from "./commit.ts";
import { downloadCases } from "./download.ts";
import { endCases } from "./end.ts";
import { entityEdgeCases } from "./entity-edges.ts";
import { entityCases } from "./entity.ts";
import { concurrentCases, extendedCases } from "./extended.ts";
import { formCases } from "./form.ts";
import { lossCases } from "./loss.ts";
import { avcCases, hashCases, syncCases } from "./notify.ts";
import { orderCases } from "./order.ts";
import { powerCases } from "./power.ts";
import { repeatCases } from "./repeat.ts";
import { startCases } from "./start.ts";
import { trialCases } from "./trial.ts";
import { unknownCases } from "./unknown.ts";
import { windowCases } from "./window.ts";

/** Every case, in the order in which they run. */
export const catalogue: readonly ConformCase[] = [
  ...entityCases,
  ...entityEdgeCases,
  ...unknownCases,
  ...formCases,
  ...startCases,
  ...windowCases,
  ...downloadCases,
  ...extendedCases,
  ...lossCases,
  ...orderCases,
  ...repeatCases,
  ...concurrentCases,
  ...endCases,
  ...busyCases,
  ...abortCases,
  ...activateCases,
  ...trialCases,
  ...commitCases,
  ...rebootCases,
  ...avcCases,
  ...hashCases,
  ...syncCases,
  ...powerCases,
];
