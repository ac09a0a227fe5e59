/** TR-069 on the wire (CWMP 1.0 to 1.4): SOAP to messages and back, one table for all RPCs that are known. No I/O. */
export {
  CWMP_EVENTS,
  CWMP_FILE_TYPES,
  CWMP_WINDOW_MODES,
  type CwmpEventCode,
  type CwmpEventName,
  type CwmpFileType,
  isCwmpEventCode,
} from "./events.ts";
export {
  ACS_FAULTS,
  type AcsFaultName,
  CPE_FAULTS,
  type CpeFaultName,
  cwmpFault,
  faultForReading,
  faultLine,
  faultText,
} from "./faults.ts";
export { CWMP_VALUE_TYPES } from "./field.ts";
export { CWMP_MESSAGE_BYTES_MAX } from "./element.ts";
export { readCwmp } from "./read.ts";
export { CWMP_RPC_NAMES, CWMP_RPCS } from "./table.ts";
export { cwmpTime, readCwmpTime } from "./time.ts";
export * from "./types.ts";
export { CWMP_CONTENT_TYPE, writeCwmp } from "./write.ts";
