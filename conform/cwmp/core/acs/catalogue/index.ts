/** The cases for ACSs, in the order in which they run. */
import { acsHttpCases } from "./http.ts";
import { acsInformCases } from "./inform.ts";
import { acsMessageCases } from "./messages.ts";
import { acsSessionCases } from "./session.ts";
import type { AcsCase } from "./steps.ts";

export type { AcsCase } from "./steps.ts";

export const acsCatalogue: readonly AcsCase[] = [
  ...acsInformCases,
  ...acsSessionCases,
  ...acsMessageCases,
  ...acsHttpCases,
];
