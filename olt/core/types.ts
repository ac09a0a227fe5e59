/** What is set for an OLT, what drives it, and what it tells. */
import type { MessageSet, SectionSpan } from "../../omci/index.ts";
import type { OltCommand, OltCommandKind, OltCommandOutcome } from "./command.ts";
import type { OntPhase } from "./phases.ts";
import type { Recovery } from "./recoveries.ts";

export * from "./command.ts";
export { ONT_PHASES, type OntPhase, phaseIs, phasesWith, type PhaseWith } from "./phases.ts";
export { type Recovery, recoveryFacts } from "./recoveries.ts";

export type Mode = "unicast" | "multicast";

/** Named limits of the OLT; every retry, wait and queue has one. */
export interface OltLimits {
  /** Answer deadline of one OMCI message (B.2 asks for about 1 s). */
  answerTimeoutNs: number;
  /** Least answer deadline, however fast the answers are: the adaptive deadline of window answers never falls below. */
  answerTimeoutMinNs: number;
  /** Sends of one message before the ONT counts as silent. */
  sendsMax: number;
  /** From End to End while the ONT is busy, and the whole wait. */
  busyPollNs: number;
  busyWaitNs: number;
  /** From Activate until the ONT has to be ranged again and answering. */
  rebootWaitNs: number;
  /** From the first ranging until the download starts without the ONTs still missing. */
  rangingPatienceNs: number;
  /** A lost ONT (power cut) may come back for this long. */
  returnWaitNs: number;
  /** From the first ranging: so long the run does not end without ONTs of the port that never came. */
  arrivalWaitNs: number;
  /** Fresh starts of one ONT's download. */
  restartsMax: number;
  /** Whole run. */
  runNs: number;
}

export interface CatchUpConfig {
  /** ended: the next group begins once the one before is over. never: they are served alone. */
  when: "ended" | "never";
  /** So long after the first began to wait, the group begins without those who are still away. */
  waitNs: number;
  /** So many who wait begin at once, whoever is away. */
  onts: number;
}

export interface OltConfig {
  mode: Mode;
  recovery: Recovery;
  messageSet: MessageSet;
  /** Window proposed, 1…256 sections. */
  windowSections: number;
  /** Data bytes of a section: 31 baseline, 1…1965 extended. */
  sectionBytes: number;
  /** any: broadcast sections carry instance 0xFFFF. group: one multicast group per target instance. */
  instance: "any" | "group";
  /** Pad the last window with null sections instead of sending it short (baseline only; G.988 I.3 permits both). */
  padLastWindow: boolean;
  /** Parity sections sent with each window before anything is reported: a number, or "auto" from what was seen lost. */
  proactive: number | "auto";
  /** Unicast: asks each ONT what it holds of the image (vendor ME 65280), and goes on from there; false = plain G.988, from 0. */
  resume: boolean;
  /**
   * Unicast: an ONT that has not answered a window is asked something else first. Only one that answers that gets the window
   * again: devices that nobody knows may be slow for seconds, and some take a repeat for more of the image.
   */
  asksBeforeRepeat?: boolean;
  /** Unicast downloads at a time. */
  concurrency: number;
  /** When those who were late, came back, or left the group share a pass of their own. */
  catchUp: CatchUpConfig;
  /** Repair rounds of one window that every ONT has at least before it leaves the group; more where all lose much. */
  patience: number;
  /** Downstream OMCC budget in bytes of GEM frames per second; Infinity = the link's own pace. */
  rateBytesPerSecond: number;
  /** ONTs that must be ranged before the download starts (fewer after `rangingPatienceNs`). */
  expectedOnts: number;
  /** ONTs that belong to the port, those that are off included: the end and catch-up groups wait for them, the beginning does not. */
  knownOnts: number;
  /** Skip eligibility checks: send to all, whatever they are. */
  force: boolean;
  /** First ONTs to activate; 0 = no canary stage. */
  canary: number;
  /** ONTs activated together after the canary stage; 0 = all at once. */
  wave: number;
  /** The rollout stops when more than this share (0…1) of a stage fails. */
  failureThreshold: number;
  /** Time a freshly booted image must keep answering before it is committed. */
  soakNs: number;
  /** false: leave the new image active but not committed. */
  commit: boolean;
  /** Stop after the download: nothing is activated. */
  activate: boolean;
  limits: OltLimits;
}

export interface OltOntStatus {
  onuId: number;
  serial: string;
  phase: OntPhase;
  /** One line: why it is skipped, rolled back or failed, else empty. */
  cause: string;
  /** Version the ONT reported as active last. */
  version: string;
  activeInstance: number;
  committedInstance: number;
  /** What it is sent, or was: as in `OltGroup`. */
  payload: number;
  /** Size of that. */
  payloadBytes: number;
  bytesDone: number;
  windowsRepaired: number;
  sectionsLost: number;
  leftGroup: boolean;
  /** It does not know the extended messages that the run asks for, and was sent baseline ones; left out: served as asked. */
  inBaseline?: true;
  online: boolean;
  /** First Start and last good End answer, ns; -1 = not yet. */
  startedNs: number;
  endedNs: number;
}

export interface OltCounters {
  /** Download sections sent, repairs included. */
  sections: number;
  repairSections: number;
  paritySections: number;
  /** Payload bytes of all sections, image padding excluded; parity included. */
  sectionPayloadBytes: number;
  windows: number;
  windowsRepaired: number;
  polls: number;
  retries: number;
}

/** One pass over the image, to a group or to one ONT alone. */
export interface OltGroup {
  /** catchUp: for those who were late, came back, or left the first. */
  why: "first" | "catchUp" | "alone";
  /** Of the payloads that the OLT has, this one; 0 = the image that all are to run. */
  payload: number;
  /** At its beginning. */
  onts: number;
  startNs: number;
  /** Its last window was answered, or nobody was left; -1 = not yet. */
  endNs: number;
  /** Payload bytes of all its sections, repairs and parity included. */
  payloadBytes: number;
  /** Of which port, where those of several stand together. */
  pon?: number;
}

export interface OltStatus {
  phase: "ranging" | "downloading" | "activating" | "done" | "stopped";
  /** Why the rollout was stopped, else empty. */
  stopReason: string;
  imageBytes: number;
  /** Bytes the slowest live member of the group, or the mean over unicast ONTs, has answered for; of another payload the same share. */
  bytesDone: number;
  firstStartNs: number;
  lastWindowAnsweredNs: number;
  lastEndNs: number;
  /** The first request to activate was made; the last image was seen committed by this OLT. -1 = not yet. */
  firstActivateNs: number;
  lastCommitNs: number;
  finishedNs: number;
  counters: OltCounters;
  /** In the order of their beginnings. */
  groups: readonly OltGroup[];
  onts: readonly OltOntStatus[];
  /** What the operator's commands have come to. */
  control: {
    paused: boolean;
    /** ONTs are on their way back to their old image, or there. */
    aborting: boolean;
    /** OMCC budget now; Infinity = the link's own pace. */
    rateBytesPerSecond: number;
  };
}

export type OltEvent =
  | { type: "ranged"; onuId: number; serial: string }
  | { type: "phase"; onuId: number; phase: OntPhase; cause: string }
  | { type: "runPhase"; phase: OltStatus["phase"]; reason: string }
  | { type: "windowSent"; window: number; sections: number; paritySections: number; onuId: number }
  | { type: "windowAnswered"; window: number; answerNs: number; onuId: number }
  | { type: "windowDone"; window: number; rounds: number; onuId: number }
  | {
      type: "repair";
      window: number;
      reason: "missing" | "silent";
      sections: number;
      paritySections: number;
      onuId: number;
    }
  | { type: "leftGroup"; onuId: number; window: number; cause: string }
  /** It did not take its delta: it is sent the whole image. */
  | { type: "wholeInstead"; onuId: number; cause: string }
  | { type: "retry"; onuId: number; message: string; send: number }
  | { type: "dropped"; onuId: number; cause: string; count?: number }
  /** An operator's command; -1 = for all. `refused`: one line why, else empty. No bitsPerSecond with a rate = no limit. */
  | {
      type: "command";
      command: OltCommandKind;
      onuId: number;
      bitsPerSecond?: number;
      by: string;
      id: string;
      refused: string;
    }
  /** What passed over the port between two instants, bytes of GEM frames; told by the driver, which counts it. */
  | { type: "traffic"; fromNs: number; toNs: number; downstreamBytes: number; upstreamBytes: number };

/** Where the OLT core puts downstream frames (PDU without trailer). Buffers are valid during the call only. */
export interface DownstreamSink {
  /** Bytes of GEM frames the link takes now; the core stops when it is used up. */
  roomBytes(): number;
  /** @param to ONU-ID, or BROADCAST. */
  frame(to: number, bytes: Uint8Array, lengthBytes: number): void;
  sections(to: number, span: SectionSpan): void;
}

/** One OLT port as a state machine with no I/O. `onuId` -1 in an event = the group. */
export interface Olt {
  /** An ONT came up, or came back after a restart: (re)ranged. */
  handleRanged(nowNs: number, onuId: number, serial: string): void;
  handleLinkLost(nowNs: number, onuId: number): void;
  handleFrame(nowNs: number, onuId: number, pdu: Uint8Array): void;
  handleTimeout(nowNs: number): void;
  /**
   * For drivers in real time: something on this machine, the OLT's own loop or an ONT's sign of life, came so much later than
   * it was due. For a while silence is given more time before it counts. Not called: nothing is ever late.
   */
  handleLateness(nowNs: number, lateNs: number): void;
  /**
   * For drivers that know who is on the way: `"starting"` holds the download back until it is told how many ONTs have come
   * up; then it begins when all these are ranged, or `rangingPatienceNs` later.
   */
  handleFleet(nowNs: number, onts: number | "starting"): void;
  /** An operator's command, at any time; a turn follows it, as any input. */
  handleCommand(nowNs: number, command: OltCommand): OltCommandOutcome;
  pollTransmit(nowNs: number, sink: DownstreamSink): void;
  pollEvent(): OltEvent | undefined;
  nextTimeoutNs(): number;
  /** For the live view and the result; made at each call. */
  status(): OltStatus;
  readonly finished: boolean;
}
