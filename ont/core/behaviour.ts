/** What an ONT decides where G.988 leaves it to the ONT, or where ONTs in the field decide otherwise; the standard's own way first. */
import {
  RESULT,
  type Message,
  type MessageBody,
  type MessageSet,
  type SectionSpan,
  WINDOW_SECTIONS_MAX,
} from "../../omci/index.ts";
import type { RestartKind } from "./boot.ts";
import type { AcceptedWindow, DownloadJob } from "./job.ts";
import type { RefusalCause } from "../../image/index.ts";
import type { ImageVerdict, StoredImage } from "./types.ts";
import type { WindowBuffer } from "./window.ts";

/** Why a command, or the end of a window, is answered with an error. */
export type Refusal =
  | "unknownInstance"
  | "startWhileStoring"
  | "startOfImageInUse"
  | "startOfImpossibleSize"
  | "otherInstanceListed"
  | "sectionOutOfPlace"
  | "windowWithGaps"
  | "endOutOfPlace"
  | "endOfOtherSize"
  | "activateOfInvalidImage"
  | "commitOfInvalidImage";

export type EndRequest = Extract<Message, { type: "endDownloadRequest" }>;
export type GetResponse = Extract<MessageBody, { type: "getResponse" }>;

/**
 * The decisions of one ONT. Functions where a decision looks at something, values where it does not. They may change
 * what they are handed and nothing else. `REFERENCE` says what each stands for.
 */
export interface Behaviour {
  /** Result of each refusal. */
  readonly refusals: Readonly<Record<Refusal, number>>;

  // Windows
  /** @returns sections granted, for a window proposed and the largest one configured */
  readonly windowGranted: (proposedSections: number, configuredSections: number) => number;
  /** @returns the window taken in last, when a section of this TCI base is a repeat of it */
  readonly repeatedWindow: (job: DownloadJob, base: number) => AcceptedWindow | null;
  /** A span of the window taken in last has come again. */
  readonly noteRepeat: (job: DownloadJob, span: SectionSpan) => void;
  /** Lays a span down in the window. @returns the section number behind it */
  readonly place: (job: DownloadJob, span: SectionSpan, base: number) => number;
  /** Whether the window that ends here is of no use, though no section of it may be missing. Asked once per end. */
  readonly windowIsSpoiled: (job: DownloadJob) => boolean;
  /** What becomes of the sections of a window that is refused. */
  readonly afterRefusal: (window: WindowBuffer) => void;
  /** Whether a complete window is refused for the null sections it ends in. */
  readonly refusesPadding: (job: DownloadJob) => boolean;
  /** Bytes that a complete window adds to the image, its padding included. */
  readonly windowBytes: (job: DownloadJob) => number;
  /** Whether sections whose memory lasts may stay where they are. One that puts or takes sections otherwise has bytes of its own. */
  readonly keepsViews: boolean;

  // The image
  /** @returns why the image is given up, looking at the bytes so far */
  readonly checkBytes: (job: DownloadJob, bytes: Uint8Array) => RefusalCause | undefined;
  readonly verdict: (job: DownloadJob, end: EndRequest, productCode: string) => ImageVerdict;
  /** @returns the image that the slot is said to hold after a bad End */
  readonly imageAfterBadEnd: (
    job: DownloadJob,
    end: EndRequest,
    cause: RefusalCause,
    productCode: string,
  ) => StoredImage | null;
  /** *Is valid* as a Get reads it. */
  readonly reportsValid: (valid: boolean) => boolean;

  // End, stalled downloads
  /** Whether an End of another size than the Start's, the abort included, ends the download. */
  readonly otherSizeEndsDownload: boolean;
  /** @returns result of an End of a good image, after so many Ends for the same image */
  readonly endResult: (endsBefore: number) => number;
  /** A download without a section for so long is dropped. */
  readonly downloadTimeoutNs: number;

  // Activate, Reboot, boot
  /** Whether a restart that was answered 0 happens. */
  readonly restarts: (kind: RestartKind) => boolean;
  /** From the answer to Activate or Reboot until the ONT goes silent, for the time configured. */
  readonly restartDelayNs: (configuredNs: number) => number;
  /** Whether an uncommitted image that has booted stays the one to boot. */
  readonly keepsTrial: boolean;

  // Answers in general
  /** Whether a request has an answer of this type at all. Asked for every answer whose type has a name. */
  readonly answers: (type: MessageBody["type"]) => boolean;
  /** @returns the encoded message as it leaves; `bytes` may be changed in place */
  readonly form: (bytes: Uint8Array, messageSet: MessageSet, body: MessageBody) => Uint8Array;
  /** Changes an encoded answer to Get; `read` reads the same attributes for a message set. */
  readonly shapeGetAnswer: (
    bytes: Uint8Array,
    messageSet: MessageSet,
    read: (messageSet: MessageSet) => GetResponse,
  ) => void;
  /** Falls silent after so many messages. */
  readonly messagesMax: number;
  readonly answerDelayNs: number;
}

/** G.988, and section 7 of docs/reference.md where it is silent or the field disagrees. */
export const REFERENCE: Behaviour = {
  refusals: {
    // G.988 11.2.5
    unknownInstance: RESULT.unknownInstance,
    // I.3: an ONT that is storing is busy, and not in error.
    startWhileStoring: RESULT.deviceBusy,
    // 9.1.4: Start names an image neither active nor committed, Activate and Commit a valid one.
    startOfImageInUse: RESULT.parameterError,
    startOfImpossibleSize: RESULT.parameterError,
    otherInstanceListed: RESULT.parameterError,
    activateOfInvalidImage: RESULT.parameterError,
    commitOfInvalidImage: RESULT.parameterError,
    // I.3: a window with a gap is answered 1, and the OLT begins it again.
    windowWithGaps: RESULT.processingError,
    sectionOutOfPlace: RESULT.processingError,
    endOutOfPlace: RESULT.processingError,
    endOfOtherSize: RESULT.processingError,
  },

  // A.2.24, A.3.24: the ONT may grant less than is proposed, never more; at least one section.
  windowGranted: (proposed, configured) => Math.max(1, Math.min(proposed, configured, WINDOW_SECTIONS_MAX)),
  // B.2: a repeat has the TCIs of the window it repeats, and no second effect.
  repeatedWindow: ({ accepted }, base) => (accepted?.base === base ? accepted : null),
  noteRepeat: () => undefined,
  // I.3: a section lies at its number, whatever order sections come in; any number may end the window.
  place: (job, span, base) => {
    job.window.put(span, base);
    return span.firstSection + span.count;
  },
  windowIsSpoiled: () => false,
  // Kept: the OLT sends the window again, and what has come need not come twice.
  afterRefusal: () => undefined,
  // I.3: the last window may be filled up with null sections, and ONTs must take that.
  refusesPadding: () => false,
  // I.3: the OLT may use a shorter window at any time.
  windowBytes: ({ window }) => window.dataBytes(window.sections),
  keepsViews: true,

  checkBytes: (job, bytes) => job.verifier.update(bytes),
  // 9.1.4: valid is what was verified; at least a CRC-32 (I.363.5) over the whole image.
  verdict: ({ remainingBytes, verifier }, { crc32 }) =>
    remainingBytes > 0 ? { valid: false, cause: "truncated" } : verifier.finish(crc32),
  // Figure 9.1.4-1: S2 to S1; what the Start withdrew stays withdrawn.
  imageAfterBadEnd: () => null,
  reportsValid: (valid) => valid,

  // I.3: an End of a size known to be wrong is how an OLT drops a download.
  otherSizeEndsDownload: true,
  // I.3: the repeat of a good End is answered as the End was.
  endResult: () => RESULT.ok,
  // There is no such timer in G.988.
  downloadTimeoutNs: Infinity,

  // 9.1.4: Activate of the image that runs is a restart, too.
  restarts: () => true,
  restartDelayNs: (configuredNs) => configuredNs,
  // Figure 9.1.4-1: S4 outlives no reset.
  keepsTrial: false,

  answers: () => true,
  form: (bytes) => bytes,
  shapeGetAnswer: () => undefined,
  messagesMax: Infinity,
  answerDelayNs: 0,
};
