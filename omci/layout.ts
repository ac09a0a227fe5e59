import { MT } from "./constants.ts";
import type { MessageBody } from "./messages.ts";

/**
 * The layout of every message's contents, once. Encoding, decoding, the dissection and docs/messages.md all read it.
 * Baseline and extended contents are alike but for the order of a Get answer.
 */
export type Field =
  /** Unsigned integer, big-endian; the wire carries value - bias. */
  | {
      kind: "uint";
      name: string;
      bytes: 1 | 2 | 4;
      bias?: number;
      meaning?: "result" | "mask" | "flags";
      /** Of ours, in bytes that G.988 leaves unused: written only where not zero, read where present and plausible. */
      extension?: { max: number };
    }
  /** The rest of the contents in extended; a fixed number of bytes, zero filled, in baseline. */
  | { kind: "rest"; name: string; baselineBytes: number; minimum: number; attributes?: true }
  /** One byte count (up to nine), then an instance each. */
  | { kind: "instances"; name: string; minimum: number }
  /** One byte count, then instance and result each; a frame that ends before the count has none (lenient). */
  | { kind: "instanceResults"; name: string };

export interface MessageLayout {
  messageType: number;
  /** Header bits: AR of requests, AK of answers. */
  ar: boolean;
  ak: boolean;
  /** G.988 clauses of the baseline and the extended form. */
  clause: string;
  fields: readonly Field[];
  /** Where the extended form has another order. */
  extendedFields?: readonly Field[];
}

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
const SECTION_NUMBER_FIELD = { kind: "uint", name: "sectionNumber", bytes: 1 } as const;

/** The annexes' clauses for the download messages of both sets. */
const DOWNLOAD = "9.1.4, A.3.23 to A.3.32, A.2.23 to A.2.32";
const GENERAL = "11.2";

const request = (messageType: number, clause: string, fields: readonly Field[]): MessageLayout => ({
  messageType,
  ar: true,
  ak: false,
  clause,
  fields,
});
const answer = (messageType: number, clause: string, fields: readonly Field[]): MessageLayout => ({
  messageType,
  ar: false,
  ak: true,
  clause,
  fields,
});

export const LAYOUTS: Readonly<Record<MessageBody["type"], MessageLayout>> = {
  getRequest: request(MT.get, GENERAL, [MASK_FIELD]),
  getResponse: {
    ...answer(MT.get, GENERAL, [
      RESULT_FIELD,
      MASK_FIELD,
      { kind: "rest", name: "values", baselineBytes: 25, minimum: 0, attributes: true },
      OPTIONAL_MASK,
      EXECUTION_MASK,
    ]),
    extendedFields: [
      RESULT_FIELD,
      MASK_FIELD,
      OPTIONAL_MASK,
      EXECUTION_MASK,
      { kind: "rest", name: "values", baselineBytes: 25, minimum: 0, attributes: true },
    ],
  },
  mibResetRequest: request(MT.mibReset, GENERAL, []),
  mibResetResponse: answer(MT.mibReset, GENERAL, [RESULT_FIELD]),
  avc: {
    ...request(MT.avc, GENERAL, [
      MASK_FIELD,
      { kind: "rest", name: "values", baselineBytes: 30, minimum: 0, attributes: true },
    ]),
    ar: false,
  },
  rebootRequest: request(MT.reboot, GENERAL, [FLAGS_FIELD]),
  rebootResponse: answer(MT.reboot, GENERAL, [RESULT_FIELD]),
  startDownloadRequest: request(MT.startDownload, DOWNLOAD, [WINDOW_FIELD, IMAGE_BYTES_FIELD, INSTANCES_FIELD]),
  startDownloadResponse: answer(MT.startDownload, DOWNLOAD, [RESULT_FIELD, WINDOW_FIELD, INSTANCE_RESULTS_FIELD]),
  downloadSectionRequest: request(MT.downloadSection, DOWNLOAD, [
    SECTION_NUMBER_FIELD,
    { kind: "rest", name: "data", baselineBytes: 31, minimum: 1 },
  ]),
  downloadSectionResponse: answer(MT.downloadSection, DOWNLOAD, [
    RESULT_FIELD,
    SECTION_NUMBER_FIELD,
    { kind: "uint", name: "missingSections", bytes: 2, extension: { max: 256 } },
    { kind: "uint", name: "lostSections", bytes: 2, extension: { max: 256 } },
  ]),
  endDownloadRequest: request(MT.endDownload, DOWNLOAD, [
    { kind: "uint", name: "crc32", bytes: 4 },
    IMAGE_BYTES_FIELD,
    INSTANCES_FIELD,
  ]),
  endDownloadResponse: answer(MT.endDownload, DOWNLOAD, [RESULT_FIELD, INSTANCE_RESULTS_FIELD]),
  activateImageRequest: request(MT.activateImage, DOWNLOAD, [FLAGS_FIELD]),
  activateImageResponse: answer(MT.activateImage, DOWNLOAD, [RESULT_FIELD]),
  commitImageRequest: request(MT.commitImage, DOWNLOAD, []),
  commitImageResponse: answer(MT.commitImage, DOWNLOAD, [RESULT_FIELD]),
};

/** Fields of a message in one message set. */
export const fieldsOf = (layout: MessageLayout, extended: boolean): readonly Field[] =>
  extended && layout.extendedFields ? layout.extendedFields : layout.fields;

/** Message type and AK → the message's name; AR does not distinguish messages. */
const byHeader = new Map<number, MessageBody["type"]>();
for (const [type, layout] of Object.entries(LAYOUTS)) {
  byHeader.set(layout.messageType | (layout.ak ? 0x20 : 0), type as MessageBody["type"]);
}

/** The message a type byte stands for, or undefined when this project does not go into its contents. */
export const messageOf = (messageType: number, ak: boolean): MessageBody["type"] | undefined =>
  byHeader.get(messageType | (ak ? 0x20 : 0));
