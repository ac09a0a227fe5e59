/** When a headend lets devices install, as a scenario says it. */
import { type MaintenanceWindow, readWindow } from "../../base/maintenance/index.ts";
import { RunInputError } from "../errors.ts";

/** @param field of the scenario @throws RunInputError for a time zone that does not exist */
export function windowOf(field: string, text: string | undefined): MaintenanceWindow | undefined {
  const window = text === undefined ? undefined : readWindow(text);
  if (text !== undefined && window === undefined)
    throw new RunInputError(`${field}: ${text} is not allowed; no such hours, or no such time zone`);
  return window;
}
