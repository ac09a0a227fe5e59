/**
 * The layout of every message's contents, once. The types of messages, encoding, decoding, the dissection, the sizes of
 * sections, docs/messages.md, the tables of the Wireshark dissector and the messages that tests draw all come from it.
 * Baseline and extended contents have the same fields, but for a Get answer, whose order differs; baseline fills up with zeros, and
 * gives fields that take the rest a fixed length.
 */
import { AK, MT } from "./constants.ts";
import type { Field, MessageLayout } from "./field.ts";
import { ALARM_BITMAP_BYTES } from "./entries.ts";
import { LOST_SECTIONS_FIELD, MISSING_SECTIONS_FIELD } from "./extension.ts";

const RESULT_FIELD = { kind: "uint", name: "result", bytes: 1, meaning: "result" } as const;
const MASK_FIELD = { kind: "uint", name: "attributeMask", bytes: 2, meaning: "mask" } as const;
const FLAGS_FIELD = { kind: "uint", name: "flags", bytes: 1, meaning: "flags" } as const;
const OPTIONAL_MASK = {
  kind: "uint",
  name: "optionalAttributeMask",
  bytes: 2,
  meaning: "mask",
} as const;
const EXECUTION_MASK = {
  kind: "uint",
  name: "attributeExecutionMask",
  bytes: 2,
  meaning: "mask",
} as const;
const WINDOW_FIELD = { kind: "uint", name: "windowSections", bytes: 1, bias: 1 } as const;
const IMAGE_BYTES_FIELD = { kind: "uint", name: "imageBytes", bytes: 4 } as const;
const INSTANCES_FIELD = { kind: "instances", name: "instances", minimum: 0 } as const;
const INSTANCE_RESULTS_FIELD = { kind: "instanceResults", name: "instanceResults" } as const;
const SUBSEQUENT_COMMANDS_FIELD = { kind: "uint", name: "subsequentCommands", bytes: 2 } as const;
const COMMAND_NUMBER_FIELD = { kind: "uint", name: "commandNumber", bytes: 2 } as const;
const SECTION_NUMBER_FIELD = { kind: "uint", name: "sectionNumber", bytes: 1 } as const;

/** The annexes' clauses for the download messages of both sets. */
const DOWNLOAD = "9.1.4, A.3.23 to A.3.32, A.2.23 to A.2.32";
const GENERAL = "11.2";

/** Header bits: AR of requests, AK of answers. */
const REQUEST = { ar: true, ak: false } as const;
const ANSWER = { ar: false, ak: true } as const;
const NOTIFICATION = { ar: false, ak: false } as const;

/** What Get and Get current data answer. */
const GET_ANSWER = [
  RESULT_FIELD,
  MASK_FIELD,
  { kind: "rest", name: "values", baselineBytes: 25, minimum: 0, attributes: "get" },
  OPTIONAL_MASK,
  EXECUTION_MASK,
] as const;
const EXTENDED_GET_ANSWER = [GET_ANSWER[0], GET_ANSWER[1], GET_ANSWER[3], GET_ANSWER[4], GET_ANSWER[2]] as const;

export const LAYOUTS = {
  createRequest: {
    ...REQUEST,
    messageType: MT.create,
    clause: GENERAL,
    fields: [{ kind: "rest", name: "values", baselineBytes: 32, minimum: 0, attributes: "create" }],
  },
  createResponse: {
    ...ANSWER,
    messageType: MT.create,
    clause: GENERAL,
    fields: [RESULT_FIELD, { ...EXECUTION_MASK, optional: true }],
  },
  deleteRequest: { ...REQUEST, messageType: MT.delete, clause: GENERAL, fields: [] },
  deleteResponse: { ...ANSWER, messageType: MT.delete, clause: GENERAL, fields: [RESULT_FIELD] },
  setRequest: {
    ...REQUEST,
    messageType: MT.set,
    clause: GENERAL,
    fields: [MASK_FIELD, { kind: "rest", name: "values", baselineBytes: 30, minimum: 0, attributes: "set" }],
  },
  setResponse: {
    ...ANSWER,
    messageType: MT.set,
    clause: GENERAL,
    fields: [RESULT_FIELD, OPTIONAL_MASK, EXECUTION_MASK],
  },
  getRequest: { ...REQUEST, messageType: MT.get, clause: GENERAL, fields: [MASK_FIELD] },
  getResponse: {
    ...ANSWER,
    messageType: MT.get,
    clause: GENERAL,
    fields: GET_ANSWER,
    extendedFields: EXTENDED_GET_ANSWER,
  },
  getAllAlarmsRequest: {
    ...REQUEST,
    messageType: MT.getAllAlarms,
    clause: GENERAL,
    fields: [{ kind: "uint", name: "alarmRetrievalMode", bytes: 1 }],
  },
  getAllAlarmsResponse: {
    ...ANSWER,
    messageType: MT.getAllAlarms,
    clause: GENERAL,
    fields: [SUBSEQUENT_COMMANDS_FIELD],
  },
  getAllAlarmsNextRequest: {
    ...REQUEST,
    messageType: MT.getAllAlarmsNext,
    clause: GENERAL,
    fields: [COMMAND_NUMBER_FIELD],
  },
  getAllAlarmsNextResponse: {
    ...ANSWER,
    messageType: MT.getAllAlarmsNext,
    clause: GENERAL,
    fields: [{ kind: "rest", name: "alarms", baselineBytes: 32, minimum: 0, entries: "alarms" }],
  },
  mibUploadRequest: { ...REQUEST, messageType: MT.mibUpload, clause: GENERAL, fields: [] },
  mibUploadResponse: { ...ANSWER, messageType: MT.mibUpload, clause: GENERAL, fields: [SUBSEQUENT_COMMANDS_FIELD] },
  mibUploadNextRequest: { ...REQUEST, messageType: MT.mibUploadNext, clause: GENERAL, fields: [COMMAND_NUMBER_FIELD] },
  mibUploadNextResponse: {
    ...ANSWER,
    messageType: MT.mibUploadNext,
    clause: GENERAL,
    fields: [{ kind: "rest", name: "managedEntities", baselineBytes: 32, minimum: 0, entries: "managedEntities" }],
  },
  mibResetRequest: { ...REQUEST, messageType: MT.mibReset, clause: GENERAL, fields: [] },
  mibResetResponse: { ...ANSWER, messageType: MT.mibReset, clause: GENERAL, fields: [RESULT_FIELD] },
  alarm: {
    ...NOTIFICATION,
    messageType: MT.alarm,
    clause: GENERAL,
    fields: [
      { kind: "bytes", name: "alarmBitmap", bytes: ALARM_BITMAP_BYTES },
      { kind: "uint", name: "alarmSequenceNumber", bytes: 1, baselinePaddingBytes: 3 },
    ],
  },
  avc: {
    ...NOTIFICATION,
    messageType: MT.avc,
    clause: GENERAL,
    fields: [MASK_FIELD, { kind: "rest", name: "values", baselineBytes: 30, minimum: 0, attributes: "get" }],
  },
  /** What a test asks and answers is the class's own affair (9). */
  testRequest: {
    ...REQUEST,
    messageType: MT.test,
    clause: GENERAL,
    fields: [{ kind: "rest", name: "parameters", baselineBytes: 32, minimum: 0 }],
  },
  testResponse: { ...ANSWER, messageType: MT.test, clause: GENERAL, fields: [RESULT_FIELD] },
  testResult: {
    ...NOTIFICATION,
    messageType: MT.testResult,
    clause: GENERAL,
    fields: [{ kind: "rest", name: "parameters", baselineBytes: 32, minimum: 0 }],
  },
  synchronizeTimeRequest: {
    ...REQUEST,
    messageType: MT.synchronizeTime,
    clause: GENERAL,
    fields: [
      { kind: "uint", name: "year", bytes: 2 },
      { kind: "uint", name: "month", bytes: 1 },
      { kind: "uint", name: "day", bytes: 1 },
      { kind: "uint", name: "hour", bytes: 1 },
      { kind: "uint", name: "minute", bytes: 1 },
      { kind: "uint", name: "second", bytes: 1 },
    ],
  },
  synchronizeTimeResponse: {
    ...ANSWER,
    messageType: MT.synchronizeTime,
    clause: GENERAL,
    fields: [RESULT_FIELD, { kind: "uint", name: "successResults", bytes: 1, optional: true }],
  },
  /** The next part of a table (11.2). */
  getNextRequest: { ...REQUEST, messageType: MT.getNext, clause: GENERAL, fields: [MASK_FIELD, COMMAND_NUMBER_FIELD] },
  getNextResponse: {
    ...ANSWER,
    messageType: MT.getNext,
    clause: GENERAL,
    fields: [RESULT_FIELD, MASK_FIELD, { kind: "rest", name: "tablePart", baselineBytes: 29, minimum: 0 }],
  },
  getCurrentDataRequest: { ...REQUEST, messageType: MT.getCurrentData, clause: GENERAL, fields: [MASK_FIELD] },
  getCurrentDataResponse: {
    ...ANSWER,
    messageType: MT.getCurrentData,
    clause: GENERAL,
    fields: GET_ANSWER,
    extendedFields: EXTENDED_GET_ANSWER,
  },
  /** Rows of one table; of the extended set alone. */
  setTableRequest: {
    ...REQUEST,
    messageType: MT.setTable,
    clause: GENERAL,
    fields: [MASK_FIELD, { kind: "rest", name: "rows", baselineBytes: 30, minimum: 0 }],
  },
  setTableResponse: { ...ANSWER, messageType: MT.setTable, clause: GENERAL, fields: [RESULT_FIELD] },
  rebootRequest: { ...REQUEST, messageType: MT.reboot, clause: GENERAL, fields: [FLAGS_FIELD] },
  rebootResponse: { ...ANSWER, messageType: MT.reboot, clause: GENERAL, fields: [RESULT_FIELD] },
  startDownloadRequest: {
    ...REQUEST,
    messageType: MT.startDownload,
    clause: DOWNLOAD,
    fields: [WINDOW_FIELD, IMAGE_BYTES_FIELD, INSTANCES_FIELD],
  },
  startDownloadResponse: {
    ...ANSWER,
    messageType: MT.startDownload,
    clause: DOWNLOAD,
    fields: [RESULT_FIELD, WINDOW_FIELD, INSTANCE_RESULTS_FIELD],
  },
  /** The hot one: omci/section.ts reads and writes it by hand, and a property test holds it to this. */
  downloadSectionRequest: {
    ar: "ackRequested",
    ak: false,
    messageType: MT.downloadSection,
    clause: DOWNLOAD,
    fields: [SECTION_NUMBER_FIELD, { kind: "rest", name: "data", baselineBytes: 31, minimum: 1 }],
  },
  downloadSectionResponse: {
    ...ANSWER,
    messageType: MT.downloadSection,
    clause: DOWNLOAD,
    fields: [RESULT_FIELD, SECTION_NUMBER_FIELD, MISSING_SECTIONS_FIELD, LOST_SECTIONS_FIELD],
  },
  endDownloadRequest: {
    ...REQUEST,
    messageType: MT.endDownload,
    clause: DOWNLOAD,
    fields: [{ kind: "uint", name: "crc32", bytes: 4 }, IMAGE_BYTES_FIELD, INSTANCES_FIELD],
  },
  endDownloadResponse: {
    ...ANSWER,
    messageType: MT.endDownload,
    clause: DOWNLOAD,
    fields: [RESULT_FIELD, INSTANCE_RESULTS_FIELD],
  },
  activateImageRequest: { ...REQUEST, messageType: MT.activateImage, clause: DOWNLOAD, fields: [FLAGS_FIELD] },
  activateImageResponse: { ...ANSWER, messageType: MT.activateImage, clause: DOWNLOAD, fields: [RESULT_FIELD] },
  commitImageRequest: { ...REQUEST, messageType: MT.commitImage, clause: DOWNLOAD, fields: [] },
  commitImageResponse: { ...ANSWER, messageType: MT.commitImage, clause: DOWNLOAD, fields: [RESULT_FIELD] },
} as const satisfies Record<string, MessageLayout>;

export type MessageName = keyof typeof LAYOUTS;

/** Names of all messages, in the order of the table. */
export const MESSAGE_NAMES = Object.keys(LAYOUTS) as readonly MessageName[];

/** Layout of a message whose name is only known when it runs. */
export const layoutOf = (name: MessageName): MessageLayout => LAYOUTS[name];

/** Fields of a message in one message set. */
export const fieldsOf = (layout: MessageLayout, extended: boolean): readonly Field[] =>
  extended && layout.extendedFields ? layout.extendedFields : layout.fields;

const headerKey = (messageType: number, ak: boolean): number => messageType | (ak ? AK : 0);

/** Message type and AK → the message's name; AR does not distinguish messages. */
const byHeader = new Map<number, MessageName>(
  MESSAGE_NAMES.map((name) => [headerKey(LAYOUTS[name].messageType, LAYOUTS[name].ak), name]),
);

/** The message a type byte stands for, or undefined when this project does not go into its contents. */
export const messageOf = (messageType: number, ak: boolean): MessageName | undefined =>
  byHeader.get(headerKey(messageType, ak));
