/** What the model takes and what it says. Plain numbers: no scenario and no simulation behind them. */
import type { MessageSet } from "../../omci/index.ts";
import type { Mode, Recovery } from "../../olt/core/types.ts";
import type { LineProfile } from "../../pon/virtual/index.ts";
import type { BurstChannel } from "./chance.ts";

/** ONTs of one port that are alike in what they lose and in what they know. */
export interface Receivers {
  onts: number;
  messageSet: MessageSet;
  /** Window this ONT grants at most, sections. */
  windowSections: number;
  /** Chance that a frame is lost on the ONT's own fibre. */
  lossDown: number;
  lossUp: number;
  /** Losses that come in bursts; `lossDown` is their mean then. */
  burst: BurstChannel | undefined;
  recoveryAware: boolean;
  parityAware: boolean;
  /** Tells what it holds of the image, and is told which image comes. */
  placeAware: boolean;
  /** Keeps the sections it has when a window is sent again under new TCIs. */
  keepsSections: boolean;
}

/** An ONT that is not there at the beginning, or not any more. Times are seconds after the first Start. */
export interface LateReceiver {
  kind: Receivers;
  /** Those that may share a pass have the same. */
  group: string;
  /** When it can be served. */
  atSeconds: number;
  /** The OLT knows it, and waits for it with the end of the run. */
  isAway: boolean;
}

/** An ONT of the first pass whose power is cut then, and when it can be served again. */
export interface PowerCutReceiver extends Pick<LateReceiver, "kind" | "group" | "atSeconds"> {
  backSeconds: number;
}

/** What a port's line, and what lies before and behind it, does to frames. */
export interface LineFacts {
  profile: LineProfile;
  trailerBytes: number;
  lineBytesPerSecond: number;
  /** OMCC budget; Infinity = none. */
  budgetBytesPerSecond: number;
  /** Headend feed of all ports together; Infinity = no limit. */
  feedBytesPerSecond: number;
  /** Time an ONT needs for one frame. */
  sectionNs: number;
  /** One way on the fibre, of each ONT in the order of their slots. */
  travelNs: readonly number[];
  /** Latency beyond the fibre's, each way. */
  delayDownNs: number;
  delayUpNs: number;
  /** Grants: one slot for each ONT of the port in every cycle. */
  cycleNs: number;
  slotNs: number;
  grantBytes: number;
}

/** Flash of the slowest ONT. */
export interface FlashFacts {
  eraseNs: number;
  writeBytesPerSecond: number;
  verifyBytesPerSecond: number;
}

/** Everything the model looks at, resolved from a scenario. */
export interface SizingInput {
  mode: Mode;
  recovery: Recovery;
  messageSet: MessageSet;
  windowSections: number;
  sectionBytes: number;
  /** The file that is sent: payload, manifest and signatures. */
  imageBytes: number;
  pons: number;
  /** ONTs of a port, those that download nothing included. */
  ontsOnPon: number;
  /** Groups of one port that download one after the other (multicast); in unicast mode one group. */
  groups: readonly (readonly Receivers[])[];
  /** In the order of their coming. */
  late: readonly LateReceiver[];
  cuts: readonly PowerCutReceiver[];
  /** Of each ONT, at random moments; 0 = none. */
  cutsPerSecond: number;
  /** From a power cut until the ONT can be served again. */
  backSeconds: number;
  catchUp: { when: "ended" | "never"; waitSeconds: number; onts: number };
  /** For which a run still lasts when everybody has the image. */
  activationSeconds: number;
  /** Chance that a frame is lost before the splitter, by all ONTs alike. */
  feederLoss: number;
  concurrency: number;
  patience: number;
  proactive: number | "auto";
  padLastWindow: boolean;
  line: LineFacts;
  flash: FlashFacts;
  answerFloorNs: number;
  answerCeilingNs: number;
  sendsMax: number;
  busyPollNs: number;
  /** What of the scenario the model leaves out, a line each. */
  neglected: readonly string[];
}

/** Mean figures of one download, all ports together unless said otherwise. */
export interface Sizing {
  mode: Mode;
  recovery: Recovery;
  messageSet: MessageSet;
  windowSections: number;
  /** ONTs that download, over all ports. */
  onts: number;
  pons: number;
  imageBytes: number;
  /** First Start to last good End. */
  seconds: number;
  /** When those who are there have the image, but for the few that decide `seconds`. */
  storedSeconds: number;
  /** Sections sent: all of them, those sent again, parity among them. */
  sections: number;
  repairSections: number;
  paritySections: number;
  windows: number;
  /** Payload bytes of all sections over image bytes, per port. */
  imageCopies: number;
  downstreamFrames: number;
  downstreamBytes: number;
  upstreamFrames: number;
  upstreamBytes: number;
  /** Mean downstream use while it lasts: bits per second of a port, and the share of its line as it is rated. */
  bitsPerSecond: number;
  shareOfLine: number;
  /** While sections leave: of a port, what its line, the budget and its part of the feed allow. */
  peakBitsPerSecond: number;
  /** Most answers that come upstream for one section, on one port, and their bytes. */
  answerBurst: { frames: number; bytes: number };
  /** Members that leave the group before the end and download the rest alone. */
  stragglers: number;
  /** Passes over the image on a port, in the mean: to whom is there, catch-up groups, ONTs alone (late ones and returning ones). */
  passes: { first: number; catchUp: number; alone: number };
  /** ONTs that come when the run is over. */
  leftOut: number;
  neglected: readonly string[];
}
