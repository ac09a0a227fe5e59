/** hawkBit's DDI, the wire format of updates over HTTPS: documents, times and paths, for the server and for the device. No I/O. */
export { ARTIFACT_KINDS, type ArtifactKind, CHUNK_METADATA, DEVICE_ATTRIBUTES } from "./attributes.ts";
export { DDI_DOCUMENT_BYTES_MAX } from "./document.ts";
export { isDdiAction, isDdiFilename, isDdiName } from "./names.ts";
export { type DdiAddress, type DdiPlace, DDI_PATH_CHARACTERS_MAX, DDI_TENANT, ddiPath, readDdiPath } from "./paths.ts";
export {
  DDI_ATTRIBUTES_MAX,
  readDdiCancel,
  readDdiConfigData,
  readDdiDeployment,
  readDdiFeedback,
  readDdiPoll,
} from "./read.ts";
export { DDI_SLEEP_SECONDS_MAX, ddiDuration, ddiTime, readDdiDuration, readDdiTime } from "./time.ts";
export * from "./types.ts";
export {
  DDI_ANSWER_TYPE,
  DDI_REQUEST_TYPE,
  writeDdiCancel,
  writeDdiConfigData,
  writeDdiDeployment,
  writeDdiFeedback,
  writeDdiPoll,
} from "./write.ts";
