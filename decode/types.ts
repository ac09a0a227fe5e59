/** What a decoded input consists of: records of frames, windows and images, and warnings about them. */
import type { Message, OtherMessage } from "../omci/index.ts";
import type { ReadFrame } from "../pon/capture/index.ts";

/** A frame to decode. A log does not always say when, and whose. */
export type InputFrame = Omit<ReadFrame, "timeNs"> & {
  timeNs?: number;
  /** Rows of several frames stood between one another there, and nothing told them apart. */
  isMixed?: true;
};

/** A number, or a name where the input has none; -1: the broadcast port; undefined: the input does not tell. */
export type OnuName = number | string | undefined;

/** What does not fit, by kind. */
export type WarningKind =
  | "notOmci"
  | "deviation"
  | "wrongTrailer"
  | "gap"
  | "missingAr"
  | "repeatedWindow"
  | "repeatedRequest"
  | "refused"
  | "lateAnswer"
  | "strayAnswer"
  | "unanswered"
  | "noStart"
  | "sizeMismatch"
  | "wrongCrc"
  | "mixedOnus";

export interface Warning {
  kind: WarningKind;
  text: string;
}

export type Warn = (warning: Warning) => void;

/** One frame, decoded and linked. */
export interface FrameRecord {
  record: "frame";
  /** Counted from 1, as Wireshark does. */
  frame: number;
  input: InputFrame;
  /** Undefined for bytes that are no OMCI frame. */
  message: Message | OtherMessage | undefined;
  /** Of an answer: the frame that it answers, and how long that took. */
  answers?: number;
  answerNs?: number;
  warnings: Warning[];
}

/** A window that was taken in. */
export interface WindowRecord {
  record: "window";
  pon: number | string;
  /** -1: those of the broadcast port. */
  onuId: OnuName;
  /** Counted from 0. */
  window: number;
  /** TCI of its section 0. */
  base: number;
  sections: number;
  bytes: number;
  offsetBytes: number;
  /** Sections that were put in from parity sections, as the capture does not have them. */
  repairedSections: number;
  /** Sections that the capture does not have. */
  missingSections: number;
}

/** An image as an ONT should have it when its End was sent. */
export interface ImageRecord {
  record: "image";
  /** Of the End. */
  frame: number;
  pon: number | string;
  onuId: OnuName;
  bytes: number;
  /** That the End named. */
  crc32: number;
  /** Undefined where it cannot be told: frames of several ONUs that the input does not tell apart. */
  isRight: boolean | undefined;
}

/** Something that shows only later than the frame that it is about. */
export interface LateWarningRecord {
  record: "warning";
  frame: number;
  warning: Warning;
}

export type TraceRecord = FrameRecord | WindowRecord | ImageRecord | LateWarningRecord;
