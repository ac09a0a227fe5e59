/** The shape of `result.json`, and of what a runner has to know of each ONT to fill it. */
import type { LinkTraffic } from "../../pon/index.ts";
import type { PayloadPlan } from "../payloads/types.ts";
import type { OltCounters, OltGroup, PhaseWith } from "../../olt/core/types.ts";

export const RESULT_SCHEMA = "poncast.result/2";

/** Which poncast it was: of package.json and git. Empty where whoever started the run did not say. */
export interface PoncastBuild {
  version: string;
  commit: string;
}

/** What the sizing model says a run costs, before it has begun. All ports together, as the result has them. */
export interface Forecast {
  copies: number;
  seconds: number;
  /** Of the scenario, a line each. */
  leavesOut: readonly string[];
}

/** Whether each ONT ended as the scenario expects, and what the model had expected of the run: null where nobody asked it. */
export interface RunVerdict {
  asExpected: boolean;
  /** Why not, a line for each cause. */
  reasons: string[];
  modelCopies: number | null;
  modelSeconds: number | null;
  /** What of the scenario the model leaves out, a line each. */
  modelLeavesOut: readonly string[];
}

export interface ImageFacts {
  bytes: number;
  crc32: number;
  /** SHA-256 of the bundle, hexadecimal. */
  sha256: string;
  version: string;
  productCode: string;
}

/**
 * How an ONT ended. `stored`: holds the valid image, which the scenario did not ask to activate.
 * `trial`: runs it uncommitted, which the scenario did not ask to commit.
 */
export type OntOutcome = PhaseWith<"isOutcome">;

export interface OntResult {
  id: number;
  serial: string;
  outcome: OntOutcome;
  /** One line; empty for an ONT that ended as planned. */
  cause: string;
  activeInstance: number;
  committedInstance: number;
  version: string;
  /**
   * Of the committed slot as read back from the ONT's storage; for `stored` and `trial` of the slot with the new image.
   * Empty where its storage cannot be read.
   */
  sha256: string;
  bootAttempts: number;
  windowsRepaired: number;
  sectionsLost: number;
  leftGroup: boolean;
  /** Extended messages were asked for; it does not know them and was sent baseline ones. Left out: it was served as asked. */
  inBaseline?: true;
  /** First Start to the last good End answer; null when there was none. */
  downloadSeconds: number | null;
  /** What it was sent last, as in `plan`; left out where there was but one image to send, or nothing was sent. */
  payload?: string;
}

/** Figures of the machine: not reproducible. Process memory is the proportional set size. */
export interface HostFacts {
  nodeVersion: string;
  platform: string;
  cores: number;
  cpuSeconds: { runner: number; olt: number; onts: number };
  memory: {
    /** When it was read, at the end of the download: seconds after the start of the run. */
    sampledAtSeconds: number;
    oltBytes: number;
    ontProcesses: number;
    ontBytesMean: number;
    ontBytesMax: number;
  } | null;
  ontProcessRestarts: number;
  oltProcessRestarts: number;
}

/** One pass over the image: to a group, or to one ONT alone. */
export interface GroupResult {
  road: "omci" | "https" | "cwmp" | "file";
  /** Its name: "image", or as in `plan`. */
  payload: string;
  /** At its beginning. */
  onts: number;
  /** After the first Start; its end is the answer to its last window, null where it never came. */
  startSeconds: number;
  endSeconds: number | null;
  /** As `imageCopies`. */
  copies: number;
  why: OltGroup["why"];
}

export interface RunResult {
  schema: typeof RESULT_SCHEMA;
  poncast: PoncastBuild;
  scenario: unknown;
  seed: number;
  clock: "wall" | "virtual";
  image: ImageFacts;
  onts: { total: number; committed: number; rolledBack: number; failed: number };
  verdict: RunVerdict;
  /** Where extended messages were asked for: ONTs that do not know them and were sent baseline ones; left out: none. */
  baselineOnts?: number;
  /** Where there was more to send than one image: which payloads, for whom, and what they come to. */
  plan?: PayloadPlan;
  /** Passes over the image: port by port, and of each in the order of their beginnings. */
  groups: GroupResult[];
  downstream: LinkTraffic & {
    sections: number;
    repairSections: number;
    windows: number;
    imageCopies: number;
  };
  upstream: LinkTraffic;
  timing: {
    spawnSeconds: number;
    downloadSeconds: number | null;
    /** First Activate to the last Commit; null where nothing was committed. */
    activateSeconds: number | null;
    totalSeconds: number;
    p50Seconds: number | null;
    p95Seconds: number | null;
    p99Seconds: number | null;
  };
  goodput: { imageBitsPerSecond: number | null; deliveredBitsPerSecond: number | null };
  ontResults: OntResult[];
  host?: HostFacts;
}

/** What the storage of one ONT says at the end, read by the runner itself. */
export interface OntStorage {
  activeInstance: number;
  committedInstance: number;
  /** Hash and version of what the slots hold, read back; null: not valid or not there. */
  slots: [SlotContent | null, SlotContent | null];
  /** Empty, or why the storage contradicts itself: a slot marked valid with other bytes, no readable boot record. */
  fault: string;
}

export interface SlotContent {
  sha256: string;
  version: string;
}

/** One ONT as the runner knows it at the end of a run. */
export interface OntFinal {
  id: number;
  serial: string;
  factorySha256: string;
  /** Of the image that it is to run, hexadecimal; absent: of the run's. */
  targetSha256?: string;
  /** null: nobody but the ONT itself can read it. */
  storage: OntStorage | null;
  /** Cause the ONT itself gives for a failure, else empty. */
  cause: string;
  bootAttempts: number;
}

export type CounterTotals = Pick<OltCounters, "sections" | "repairSections" | "windows" | "sectionPayloadBytes">;
