/** AddObject and DeleteObject (TR-069, A.3.2.6, A.3.2.7): the tables of this device are fixed, so that each is refused, with its reason. */
import { CPE_FAULTS, cwmpFault, type CwmpMessage } from "../../../cwmp/index.ts";
import { parametersBelow } from "./parameters.ts";

/** @param objectName of a table to add to, or of an instance to delete: both end with a dot */
export function refuseObject(objectName: string): CwmpMessage {
  if (!objectName.endsWith(".") || parametersBelow(objectName).length === 0)
    return cwmpFault(CPE_FAULTS.invalidParameterName, objectName);
  return cwmpFault(CPE_FAULTS.requestDenied, `${objectName} is as it is`);
}
