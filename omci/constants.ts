/** Names and numbers of G.988: managed entities, message types, result codes. Sizes are in sizes.ts. */

/** ME classes this project knows (G.988 11.2.4); the recovery ME is in extension.ts. */
export const ONU_DATA = 2;
export const SOFTWARE_IMAGE = 7;
export const ONU_G = 256;
export const ONU2_G = 257;

/** Device identifiers (G.988 11.2.3). */
export const DEVICE_BASELINE = 0x0a;
export const DEVICE_EXTENDED = 0x0b;

/** The byte of the message type (G.988 11.2.2): destination bit, always 0; answer wanted; is an answer; message type. */
export const DB = 0x80;
export const AR = 0x40;
export const AK = 0x20;
export const MESSAGE_TYPE_BITS = 0x1f;

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

export type MessageTypeCode = (typeof MT)[keyof typeof MT];

/** Message types that an ONT sends by itself (G.988 11.2.2). */
export const isNotification = (messageType: number): boolean =>
  messageType === MT.avc || messageType === MT.alarm || messageType === MT.testResult;

export const MESSAGE_TYPE_NAMES: Readonly<Record<number, string>> = {
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

export const RESULT_NAMES: Readonly<Record<number, string>> = {
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
