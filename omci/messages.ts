/** Message set of a frame: device identifier 0x0A (baseline) or 0x0B (extended). G.988 11.2.3. */
export type MessageSet = "baseline" | "extended";

export interface MessageHeader {
  /** Transaction correlation identifier, 0…0xFFFF; 0 only for autonomous ONT messages. */
  tci: number;
  messageSet: MessageSet;
  classId: number;
  instanceId: number;
}

export interface InstanceResult {
  instanceId: number;
  result: number;
}

export type MessageBody =
  | { type: "getRequest"; attributeMask: number }
  | {
      type: "getResponse";
      result: number;
      attributeMask: number;
      values: Uint8Array;
      optionalAttributeMask: number;
      attributeExecutionMask: number;
    }
  | { type: "mibResetRequest" }
  | { type: "mibResetResponse"; result: number }
  | { type: "avc"; attributeMask: number; values: Uint8Array }
  | { type: "rebootRequest"; flags: number }
  | { type: "rebootResponse"; result: number }
  | {
      type: "startDownloadRequest";
      windowSections: number;
      imageBytes: number;
      instances: number[];
    }
  | {
      type: "startDownloadResponse";
      result: number;
      windowSections: number;
      instanceResults: InstanceResult[];
    }
  | {
      type: "downloadSectionRequest";
      ackRequested: boolean;
      sectionNumber: number;
      data: Uint8Array;
    }
  | {
      type: "downloadSectionResponse";
      result: number;
      sectionNumber: number;
      /** Extension, in bytes G.988 leaves unused: sections of this window still missing; 0 = none or not told. */
      missingSections: number;
      /** Extension: sections of this window that were lost before any repair; 0 = none or not told. */
      lostSections: number;
    }
  | { type: "endDownloadRequest"; crc32: number; imageBytes: number; instances: number[] }
  | { type: "endDownloadResponse"; result: number; instanceResults: InstanceResult[] }
  | { type: "activateImageRequest"; flags: number }
  | { type: "activateImageResponse"; result: number }
  | { type: "commitImageRequest" }
  | { type: "commitImageResponse"; result: number };

export type Message = MessageHeader & MessageBody;
