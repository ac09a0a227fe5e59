/** ME classes this project knows (G.988 11.2.4); 65280 is of the vendor-specific range. */
export const ONU_DATA = 2;
export const SOFTWARE_IMAGE = 7;
export const ONU_G = 256;
export const ONU2_G = 257;
/** Recovery ME (extension): missing-section bitmap, parity sections. */
export const RECOVERY = 65280;

/** Instance of broadcast sections (extension): "the instance your Start named". */
export const ANY_INSTANCE = 0xffff;

/** Device identifiers (G.988 11.2.3). */
export const DEVICE_BASELINE = 0x0a;
export const DEVICE_EXTENDED = 0x0b;

/** Bytes of frames (G.988 11.2.1). */
export const BASELINE_PDU_BYTES = 44;
export const BASELINE_CONTENTS_BYTES = 32;
export const EXTENDED_CONTENTS_BYTES_MAX = 1966;
export const HEADER_BYTES = 8;
/** With the contents length. */
export const EXTENDED_HEADER_BYTES = 10;
export const TRAILER_BYTES = 4;
/** CPCS SDU length of a baseline frame. */
export const SDU_LENGTH = 40;
/** Instances that a message can name. */
export const INSTANCES_MAX = 9;

/** Message types (G.988 table 11.2.2-1). */
export const MT = {
  create: 4,
  delete: 6,
  set: 8,
  get: 9,
  getAllAlarms: 11,
  getAllAlarmsNext: 12,
  mibUpload: 13,
  mibUploadNext: 14,
  mibReset: 15,
  alarm: 16,
  avc: 17,
  test: 18,
  startDownload: 19,
  downloadSection: 20,
  endDownload: 21,
  activateImage: 22,
  commitImage: 23,
  synchronizeTime: 24,
  reboot: 25,
  getNext: 26,
  testResult: 27,
  getCurrentData: 28,
  setTable: 29,
} as const;

const MESSAGE_TYPE_NAMES: Readonly<Record<number, string>> = {
  [MT.create]: "Create",
  [MT.delete]: "Delete",
  [MT.set]: "Set",
  [MT.get]: "Get",
  [MT.getAllAlarms]: "Get all alarms",
  [MT.getAllAlarmsNext]: "Get all alarms next",
  [MT.mibUpload]: "MIB upload",
  [MT.mibUploadNext]: "MIB upload next",
  [MT.mibReset]: "MIB reset",
  [MT.alarm]: "Alarm",
  [MT.avc]: "Attribute value change",
  [MT.test]: "Test",
  [MT.startDownload]: "Start software download",
  [MT.downloadSection]: "Download section",
  [MT.endDownload]: "End software download",
  [MT.activateImage]: "Activate image",
  [MT.commitImage]: "Commit image",
  [MT.synchronizeTime]: "Synchronize time",
  [MT.reboot]: "Reboot",
  [MT.getNext]: "Get next",
  [MT.testResult]: "Test result",
  [MT.getCurrentData]: "Get current data",
  [MT.setTable]: "Set table",
};

export const messageTypeName = (messageType: number): string =>
  MESSAGE_TYPE_NAMES[messageType] ?? `message type ${messageType}`;

/** Result codes (G.988 11.2.5 and the messages of A.3). */
export const RESULT = {
  ok: 0,
  processingError: 1,
  notSupported: 2,
  parameterError: 3,
  unknownMe: 4,
  unknownInstance: 5,
  deviceBusy: 6,
  instanceExists: 7,
  attributeFailed: 9,
} as const;

const RESULT_NAMES: Readonly<Record<number, string>> = {
  0: "ok",
  1: "processing error",
  2: "not supported",
  3: "parameter error",
  4: "unknown ME class",
  5: "unknown ME instance",
  6: "device busy",
  7: "instance exists",
  9: "attribute(s) failed or unknown",
};

export const resultName = (result: number): string => RESULT_NAMES[result] ?? `reserved result ${result}`;

/** Name of an ME class, or its number. */
export function className(classId: number): string {
  switch (classId) {
    case ONU_DATA:
      return "ONU data";
    case SOFTWARE_IMAGE:
      return "Software image";
    case ONU_G:
      return "ONU-G";
    case ONU2_G:
      return "ONU2-G";
    case RECOVERY:
      return "Recovery (extension)";
    default:
      return `class ${classId}`;
  }
}
