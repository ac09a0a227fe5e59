/** What each field of a quirk profile changes in the behaviour of the reference. */
import {
  AVC_VALUES_AT,
  BASELINE_MESSAGE_BYTES,
  EXTENDED_HEADER_BYTES,
  GET_VALUES_AT,
  HEADER_BYTES,
  RESULT,
  type MessageBody,
  type MessageSet,
  WINDOW_SECTIONS_MAX,
} from "../../omci/index.ts";
import { type Behaviour, type EndRequest, type Refusal, REFERENCE } from "./behaviour.ts";
import type { DownloadJob } from "./job.ts";
import type { Deviations, QuirkProfile } from "./quirks.ts";
import type { StoredImage } from "./types.ts";

/** The decisions that a field changes; `from` has those of the fields before it. */
type Deviation<Value> = (value: Value, from: Behaviour) => Partial<Behaviour>;

type Values = Required<Deviations>;
type DeviationTable = { readonly [Field in keyof Values]: Deviation<Values[Field]> };

/** In the order they are applied: where two fields change one decision, the later one has the last word. */
const DEVIATIONS: DeviationTable = {
  // Window negotiation
  grantsAnyWindow: () => ({ windowGranted: (proposed) => REFERENCE.windowGranted(proposed, WINDOW_SECTIONS_MAX) }),
  windowSectionsMax: (most, { windowGranted }) => ({
    windowGranted: (proposed, configured) => Math.max(1, Math.min(windowGranted(proposed, configured), most)),
  }),
  windowBytesMax: (mostBytes, { windowIsSpoiled }) => ({
    windowIsSpoiled: (job) => windowIsSpoiled(job) || job.window.dataBytes(job.window.sections) > mostBytes,
  }),

  // Window reassembly
  gapResult: (result, from) => refusing(from, result, "windowWithGaps"),
  countsSectionsBlindly: (_, from) => ({
    ...counting(from),
    repeatedWindow: () => null,
    place: (job, span, base) => {
      const firstSection = Math.min(job.nextSection, job.windowSections - span.count);
      from.place(job, { ...span, firstSection }, base);
      job.nextSection += span.count;
      return job.nextSection;
    },
  }),
  strictOrder: (_, from) => ({
    ...counting(from),
    place: (job, span, base) => {
      if (span.firstSection !== job.nextSection) job.spoiled = true;
      job.nextSection = from.place(job, span, base);
      return job.nextSection;
    },
    // A window repeated to a group keeps its TCIs: such an ONT begins again all the same.
    afterRefusal: (window) => window.clear(),
  }),
  storesRepeats: () => ({ repeatedWindow: () => null }),
  repeatsSpoilNextWindow: (_, from) => ({
    ...counting(from),
    noteRepeat: (job, span) => {
      job.spoiled ||= span.count > 1 || !span.ackRequested;
    },
  }),
  storesFullWindows: (_, { windowBytes }) => ({
    windowBytes: (job) => Math.max(windowBytes(job), job.windowSections * job.window.sectionBytes),
  }),
  discardsPartialWindow: (_, { place }) => ({
    place: (job, span, base) => {
      const { window } = job;
      if (window.base !== 0 && window.base !== base) window.clear();
      return place(job, span, base);
    },
    afterRefusal: (window) => window.clear(),
  }),
  refusesPadding: () => ({
    refusesPadding: ({ window, roomBytes }) => window.dataBytes(window.sections - 1) >= roomBytes,
  }),
  neverAnswersSections: (_, from) => withoutAnswer(from, "downloadSectionResponse"),

  // Start, End, abort
  endIsDoneOnce: (_, { endResult }) => ({
    endResult: (endsBefore) => (endsBefore > 0 ? RESULT.processingError : endResult(endsBefore)),
  }),
  busyEnds: (ends, { endResult }) => ({
    endResult: (endsBefore) => (endsBefore < ends ? RESULT.deviceBusy : endResult(endsBefore - ends)),
  }),
  endSizeResult: (result, from) => refusing(from, result, "endOfOtherSize"),
  refusesAbort: () => ({ otherSizeEndsDownload: false }),
  crcBytesSwapped: (_, { verdict }) => ({
    verdict: (job, end, productCode) => verdict(job, { ...end, crc32: swapBytes(end.crc32) }, productCode),
  }),
  keepsValidAfterBadCrc: () => ({
    imageAfterBadEnd: (job, end, cause, productCode) =>
      cause === "truncated" ? null : unchecked(job.replaced ?? uncheckedImage(job, end, productCode)),
  }),
  checksNothing: () => ({
    checkBytes: () => undefined,
    verdict: (job, end, productCode) => ({ valid: true, image: uncheckedImage(job, end, productCode) }),
  }),
  startWhileStoringResult: (result, from) => refusing(from, result, "startWhileStoring"),
  downloadTimeoutNs: (downloadTimeoutNs) => ({ downloadTimeoutNs }),

  // Activate, Commit, Reboot
  activateUnanswered: (_, from) => withoutAnswer(from, "activateImageResponse"),
  ignoresActivateOfActive: (_, { restarts }) => ({ restarts: (kind) => kind !== "soft" && restarts(kind) }),
  neverRestarts: () => ({ restarts: () => false }),
  noFallbackAfterReboot: () => ({ keepsTrial: true }),
  restartDelayNs: (delayNs) => ({ restartDelayNs: () => delayNs }),

  // Answers in general
  illegalResult: (result, from) =>
    refusing(
      from,
      result,
      "startOfImageInUse",
      "startOfImpossibleSize",
      "otherInstanceListed",
      "sectionOutOfPlace",
      "endOutOfPlace",
      "activateOfInvalidImage",
      "commitOfInvalidImage",
    ),
  commitInvalidResult: (result, from) => refusing(from, result, "commitOfInvalidImage"),
  unknownInstanceResult: (result, from) => refusing(from, result, "unknownInstance"),
  shortExtendedAnswers: (_, { form }) => ({
    form: (bytes, messageSet, body) => shortened(form(bytes, messageSet, body), messageSet, body),
  }),
  valuesInGetMasks: () => ({ shapeGetAnswer: spillValues }),
  avcPaddingByte: (padding, { form }) => ({
    form: (bytes, messageSet, body) => {
      const isBaselineAvc = messageSet === "baseline" && body.type === "avc";
      const formed = form(bytes, messageSet, body);
      return isBaselineAvc ? formed.fill(padding, AVC_VALUES_AT + body.values.length, BASELINE_MESSAGE_BYTES) : formed;
    },
  }),
  avcLengthSwapped: (_, { form }) => ({
    form: (bytes, messageSet, body) => {
      const formed = form(bytes, messageSet, body);
      if (messageSet === "extended" && body.type === "avc")
        formed.subarray(HEADER_BYTES, EXTENDED_HEADER_BYTES).reverse();
      return formed;
    },
  }),
  reportsAlwaysValid: () => ({ reportsValid: () => true }),
  answersMax: (messagesMax) => ({ messagesMax }),
  answerDelayNs: (answerDelayNs) => ({ answerDelayNs }),
};

const FIELDS = Object.keys(DEVIATIONS) as (keyof Deviations)[];

/** How an ONT of this profile behaves: as the reference, but for the fields that are set. */
export const behaviourOf = (profile: QuirkProfile): Behaviour =>
  FIELDS.reduce((behaviour, field) => deviated(behaviour, profile, field), REFERENCE);

function deviated<Field extends keyof Values>(from: Behaviour, profile: Partial<Values>, field: Field): Behaviour {
  const value = profile[field];
  if (value === undefined || value === false) return from;
  return { ...from, keepsViews: false, ...DEVIATIONS[field](value, from) };
}

function refusing({ refusals }: Behaviour, result: number, ...which: Refusal[]): Partial<Behaviour> {
  return { refusals: { ...refusals, ...Object.fromEntries(which.map((refusal) => [refusal, result])) } };
}

const withoutAnswer = ({ answers }: Behaviour, silent: MessageBody["type"]): Partial<Behaviour> => ({
  answers: (type) => type !== silent && answers(type),
});

/** For ONTs that count sections, or want them in order: the count ends with the window, and so does what spoiled it. */
const counting = ({ windowIsSpoiled }: Behaviour): Partial<Behaviour> => ({
  windowIsSpoiled: (job) => {
    const spoiled = windowIsSpoiled(job) || job.spoiled;
    job.spoiled = false;
    job.nextSection = 0;
    return spoiled;
  },
});

/** What an ONT that checks nothing notes down: BBSim takes the first 14 bytes of the image for its version. */
function uncheckedImage(job: DownloadJob, { imageBytes, crc32 }: EndRequest, productCode: string): StoredImage {
  const isText = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
  const version = String.fromCharCode(...job.head.filter(isText));
  return { version, productCode, imageBytes, crc32, sha256: "", md5: "" };
}

/** What is kept though another image lies in the slot: such an ONT has nothing to hold its content against. */
const unchecked = (image: StoredImage): StoredImage => ({ ...image, sha256: "" });

const swapBytes = (value: number): number =>
  ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value << 8) & 0xff0000) | (value << 24)) >>> 0;

/** Extended Start and End answers as G.9701 has them: no count of instances after the window or the result. */
function shortened(bytes: Uint8Array, messageSet: MessageSet, { type }: MessageBody): Uint8Array {
  const contentsBytes = type === "startDownloadResponse" ? 2 : type === "endDownloadResponse" ? 1 : undefined;
  if (messageSet !== "extended" || contentsBytes === undefined) return bytes;
  bytes[EXTENDED_HEADER_BYTES - 1] = contentsBytes;
  return bytes.slice(0, EXTENDED_HEADER_BYTES + contentsBytes);
}

/** Values that do not fit go on into the mask bytes, and the answer calls itself whole. */
const spillValues: Behaviour["shapeGetAnswer"] = (bytes, messageSet, read) => {
  if (messageSet === "extended" || read("baseline").attributeExecutionMask === 0) return;
  const whole = read("extended");
  if (whole.values.length > BASELINE_MESSAGE_BYTES - GET_VALUES_AT) return;
  bytes.fill(0, HEADER_BYTES, BASELINE_MESSAGE_BYTES);
  bytes[GET_VALUES_AT - 2] = whole.attributeMask >> 8;
  bytes[GET_VALUES_AT - 1] = whole.attributeMask & 0xff;
  bytes.set(whole.values, GET_VALUES_AT);
};
