/** The cases for CPEs, in the order in which they run: those that install an image come last. */
import { attributeCases } from "./attributes.ts";
import { connectionCases } from "./connection.ts";
import { downloadCases } from "./download.ts";
import { informCases } from "./inform.ts";
import { queueCases } from "./queue.ts";
import { redirectCases } from "./redirects.ts";
import { reportCases } from "./reports.ts";
import { retryCases } from "./retry.ts";
import { parameterCases } from "./parameters.ts";
import { rpcCases } from "./rpc.ts";
import { scheduleCases } from "./schedule.ts";
import { sessionCases } from "./session.ts";
import { soapCases } from "./soap.ts";
import type { CpeCase } from "./steps.ts";
import { transferFaultCases } from "./transfer-faults.ts";
import { updateCases } from "./update.ts";

export type { CpeCase } from "./steps.ts";

export const cpeCatalogue: readonly CpeCase[] = [
  ...informCases,
  ...sessionCases,
  ...redirectCases,
  ...soapCases,
  ...rpcCases,
  ...parameterCases,
  ...attributeCases,
  ...connectionCases,
  ...retryCases,
  ...downloadCases,
  ...transferFaultCases,
  ...reportCases,
  ...queueCases,
  ...scheduleCases,
  ...updateCases,
];
