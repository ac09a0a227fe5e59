/** Quirk profiles: how one ONT or another deviates from G.988, as data that can be sent to another process. */

/** What can deviate. `deviations.ts` says what each field does to the behaviour of the reference. */
export interface Deviations {
  // Window negotiation
  /** Clamps the granted window below the configured one. */
  windowSectionsMax?: number;
  /** Grants whatever is proposed, 1…256. */
  grantsAnyWindow?: boolean;
  /** Bytes of the one window buffer: a window that holds more is answered with an error. */
  windowBytesMax?: number;

  // Window reassembly
  /** Result for a window with gaps (reference: 1). */
  gapResult?: number;
  /** Sections must come in order; the first one out of order spoils the window. */
  strictOrder?: boolean;
  /** Sections are appended as they come, whatever their number; a repeated window is stored twice. */
  countsSectionsBlindly?: boolean;
  /** A window that was taken in already is stored again when it is repeated. */
  storesRepeats?: boolean;
  /** Repeated sections of the window before are answered well, but count against the next window. */
  repeatsSpoilNextWindow?: boolean;
  /** Every window but the last is stored at the full size granted, however short it was. */
  storesFullWindows?: boolean;
  /** A window that is refused, or started again, loses the sections it had. */
  discardsPartialWindow?: boolean;
  /** A last window padded with null sections is an error. */
  refusesPadding?: boolean;
  /** Sections that want an answer get none. */
  neverAnswersSections?: boolean;

  // Start, End, abort
  /** So many Ends of a download are answered busy, however fast the flash is; Infinity = for ever. */
  busyEnds?: number;
  /** Result for an End whose size is not that of the Start (reference: 1); the abort has its own rule. */
  endSizeResult?: number;
  /** An End with another size than the Start's, the abort included, does not end the download. */
  refusesAbort?: boolean;
  /** The repeat of an End that was answered 0 is answered 1. */
  endIsDoneOnce?: boolean;
  /** CRC-32 is expected with its bytes in the other order. */
  crcBytesSwapped?: boolean;
  /** *valid* is not withdrawn when the image turns out wrong, and the image that was there counts as valid again. */
  keepsValidAfterBadCrc?: boolean;
  /** An image is taken whatever it holds: no CRC, no bundle check. */
  checksNothing?: boolean;
  /** Start while an image is being stored (reference: 6). */
  startWhileStoringResult?: number;
  /** A download without a section for so long is dropped (no such timer in G.988), nanoseconds. */
  downloadTimeoutNs?: number;

  // Activate, Commit, Reboot
  activateUnanswered?: boolean;
  /** Activate of the running image is answered 0 without a restart. */
  ignoresActivateOfActive?: boolean;
  /** Activate and Reboot are answered 0 and nothing happens. */
  neverRestarts?: boolean;
  /** Result for Commit of an image that is not valid (reference: 3). */
  commitInvalidResult?: number;
  /** An uncommitted image that runs stays the one to boot. */
  noFallbackAfterReboot?: boolean;
  /** From the answer to Activate until the ONT goes silent, instead of the configured time. */
  restartDelayNs?: number;

  // Answers in general
  /** Result for every command the state does not allow (reference: 1 or 3). */
  illegalResult?: number;
  /** Result for an instance the ONT lacks (reference: 5). */
  unknownInstanceResult?: number;
  /** Extended Start and End answers end after the window and the result, without the count of instances. */
  shortExtendedAnswers?: boolean;
  /** Get answers run on into the four mask bytes at the end of the baseline contents. */
  valuesInGetMasks?: boolean;
  /** Fills the unused contents of baseline AVCs (reference: 0). */
  avcPaddingByte?: number;
  /** The contents length of extended AVCs has its bytes in the other order. */
  avcLengthSwapped?: boolean;
  /** *Is valid* reads 1 whatever the image. */
  reportsAlwaysValid?: boolean;
  /** Falls silent for good after so many answers. */
  answersMax?: number;
  /** Every answer waits so long. */
  answerDelayNs?: number;
}

/**
 * How one ONT deviates from G.988: data, never an `if` for a vendor. A field that is absent means the reference
 * behaviour, so that the reference ONT is the profile with no field but its name.
 */
export interface QuirkProfile extends Deviations {
  name: string;
  /** One line for people: who behaves like this, and how. */
  summary?: string;
}

/** G.988 as docs/reference.md has it. */
export const referenceProfile: QuirkProfile = { name: "reference" };

const NS_PER_SECOND = 1_000_000_000;

const PROFILES: readonly QuirkProfile[] = [
  referenceProfile,
  {
    name: "bbsim",
    summary: "BBSim: any window, sections counted blindly, nothing checked, restarts after 10 s",
    grantsAnyWindow: true,
    countsSectionsBlindly: true,
    reportsAlwaysValid: true,
    checksNothing: true,
    restartDelayNs: 10 * NS_PER_SECOND,
  },
  {
    name: "lantiq",
    summary:
      "Lantiq: strict order, first End busy, a finished End is answered once, stalled downloads dropped after 15 min",
    strictOrder: true,
    repeatsSpoilNextWindow: true,
    busyEnds: 1,
    endIsDoneOnce: true,
    downloadTimeoutNs: 900 * NS_PER_SECOND,
  },
  {
    name: "5vt",
    summary: "5VT: 3 for a gap, 1 for Commit of an invalid image, 9 for Start during a flash write",
    gapResult: 3,
    commitInvalidResult: 1,
    startWhileStoringResult: 9,
  },
  {
    name: "cortina",
    summary:
      "Cortina: 0 for illegal commands, 4 for unknown instances, window buffer of 7905 bytes, short extended answers",
    windowSectionsMax: 255,
    windowBytesMax: 7905,
    strictOrder: true,
    storesRepeats: true,
    busyEnds: 1,
    avcLengthSwapped: true,
    illegalResult: 0,
    unknownInstanceResult: 4,
    shortExtendedAnswers: true,
  },
  {
    name: "realtek",
    summary:
      "Realtek: first End busy, another size at End is 3 without ending the download, so that it cannot be aborted",
    windowSectionsMax: 32,
    storesFullWindows: true,
    busyEnds: 1,
    endSizeResult: 3,
    refusesAbort: true,
    ignoresActivateOfActive: true,
  },
  {
    name: "realtek-old",
    summary: "older Realtek-style stack: Activate is never answered, Commit of an invalid image is 1",
    windowSectionsMax: 32,
    busyEnds: 1,
    activateUnanswered: true,
    commitInvalidResult: 1,
  },
  {
    name: "odi",
    summary: "odi-oss: accepts the image, looks at nothing in it, never restarts",
    checksNothing: true,
    neverRestarts: true,
  },
  {
    name: "xgs-get-masks",
    summary: "T&W, Alpha XGS: attribute data in the four mask bytes of a Get answer",
    valuesInGetMasks: true,
  },
  {
    name: "padding-0x20",
    summary: "ML-3626: AVC contents padded with 0x20",
    avcPaddingByte: 0x20,
  },
  {
    name: "stop-and-wait",
    summary: "grants one section per window",
    windowSectionsMax: 1,
  },
  {
    name: "discards-partial-window",
    summary: "forgets a window's sections when it refuses the window, or when the window is started again",
    discardsPartialWindow: true,
  },
  {
    name: "refuses-padding",
    summary: "refuses a last window padded with null sections",
    refusesPadding: true,
  },
  {
    name: "crc-swapped",
    summary: "expects the CRC-32 with its bytes in the other order",
    crcBytesSwapped: true,
  },
  {
    name: "keeps-valid",
    summary: "leaves the image valid after a wrong CRC-32",
    keepsValidAfterBadCrc: true,
  },
  {
    name: "no-fallback",
    summary: "boots the uncommitted image again after a reboot",
    noFallbackAfterReboot: true,
  },
  {
    name: "busy-forever",
    summary: "answers End with 6 for ever",
    busyEnds: Infinity,
  },
  { name: "mute", summary: "never answers a section", neverAnswersSections: true },
  { name: "falls-silent", summary: "answers 20 messages, then none", answersMax: 20 },
  { name: "slow", summary: "takes 900 ms for every answer", answerDelayNs: 0.9 * NS_PER_SECOND },
];

/** Every profile by name. */
export const quirkProfiles: Readonly<Record<string, QuirkProfile>> = Object.fromEntries(
  PROFILES.map((profile) => [profile.name, profile]),
);
