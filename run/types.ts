/** What starts a run, watches it, and comes of it. */
import type { OltCommand, OltCommandOutcome, OltStatus } from "../olt/core/types.ts";
import type { BootRecord, Slot, UpdateState } from "../ont/core/types.ts";
import type { JournalHeader, JournalRecord } from "./journal/index.ts";
import type { LinkTraffic } from "../pon/index.ts";
import type { PayloadPlan } from "./payloads/types.ts";
import type { Forecast, PoncastBuild, RunResult } from "./result/types.ts";

export interface RunOptions {
  /** Run folder; default `runs/<time>-<scenario name>` in the working folder. */
  out?: string;
  /** Write into a run folder that is not empty. */
  overwrite?: boolean;
  /** Leave the ONTs' state folders where they are. */
  keepState?: boolean;
  /** Ends the run early; what was recorded is kept. */
  signal?: AbortSignal;
  /** Capture file (pcapng) for every OMCI frame that leaves or reaches the OLT. */
  pcap?: string;
  /** Serves Prometheus metrics of the OLT while it runs. */
  metrics?: { host: string; port: number };
  /** The command line that repeats this run, for the journal and the result. */
  replay?: string;
  /** Which poncast it is, for the journal and the result. */
  poncast?: PoncastBuild;
  /** What the sizing model expects, for the result: asked when the run has come to its end, as it may take seconds. */
  forecast?: (plan?: PayloadPlan) => Forecast | undefined;
  /** Told before anything is sent, where there is more to send than one image. */
  onPlan?: (plan: PayloadPlan) => void;
  /** See the run as it is recorded, and what it left: a report, a page. */
  sinks?: readonly RunSink[];
  /** Called about five times a second; the view is reused, read it during the call. */
  onView?: (view: RunView) => void;
  /** Called once, when commands may be given. */
  onSteering?: (steering: Steering) => void;
  /** Virtual time: as many times as fast as a clock; 1 = like one. Default: as fast as it goes. */
  speed?: number;
  /** Virtual time: so many threads at most, for ports that know nothing of each other; what is recorded is the same. Nobody steers it, and there is no capture. */
  threads?: number;
  /** Other hosts bring ports of the run: the last `joined` of them. They join by TCP at the interface's address; whoever has the key may. */
  hosts?: { port: number; joined: number; key: Uint8Array };
  /** Folder of the bundles `olt.js` and `ont.cjs`; found beside the running bundle by default. */
  distFolder?: string;
}

/** The hand on a run that is under way, whichever driver turns it. */
export interface Steering {
  /** Of the run; undefined = it leaves none. */
  folder?: string;
  command: (command: OltCommand) => Promise<OltCommandOutcome>;
  /** As it stands; the object is reused. */
  view: () => Pick<RunView, "phase" | "elapsedMs" | "olt">;
  /** What is in the flash of an ONT now, as far as the driver can look into it. */
  flashOf?: (ont: number) => OntFlash | undefined;
  /** Of virtual time. */
  pace?: RunPace;
}

/** An ONT's flash, seen from outside. */
export interface OntFlash {
  activeSlot: Slot | undefined;
  record: BootRecord | undefined;
}

/** How fast virtual time goes beside the clock on the wall; what happens in it is the same at any speed. */
export interface RunPace {
  /** 1 = like a clock; Infinity = as fast as it goes. */
  readonly speed: number;
  readonly isStopped: boolean;
  /** Goes on at this speed. */
  setSpeed(speed: number): void;
  stop(): void;
  /** Stopped, it goes on by so much. */
  step(ms: number): void;
  /** Somebody opens a page: the run leaves the machine to the browser, for a moment that nobody notices. */
  giveWay(): void;
}

/** Takes part in what a run leaves. What it throws is told in `RunOutcome.sinkFaults` and costs the run nothing. */
export interface RunSink {
  /** For messages. */
  readonly name: string;
  /** Every record of the journal as it is written, also those for which there is no room in the file. */
  record?: (record: JournalRecord) => void;
  /** The run is over, its journal and its result are in its folder. Not called where a run breaks off without a result. */
  finish?: (run: RecordedRun) => void;
}

export type RunPhase = "preparing" | "starting" | "running" | "verifying" | "ended";

/** An ONT's cell in a live view: its own update state, or what its process does. */
export type OntCell = UpdateState | "notStarted" | "starting" | "off" | "givenUp";

export interface OntView {
  id: number;
  serial: string;
  cell: OntCell;
  /** Why it failed or rolled back, else empty. */
  cause: string;
}

export interface RunView {
  phase: RunPhase;
  elapsedMs: number;
  ontsStarted: number;
  onts: OntView[];
  /** Last status the OLT reported; before that undefined. */
  olt: OltStatus | undefined;
  /** Measured over the last second, bytes of GEM frames per second. */
  downstreamBytesPerSecond: number;
  downstream: LinkTraffic;
  upstream: LinkTraffic;
  /** The last thing worth a line: a power cut, a restart. */
  note: string;
}

export type EndReason = "finished" | "interrupted" | "timeLimit" | "failed";

export interface RunOutcome {
  result: RunResult;
  /** 0: every ONT as the scenario expects; 1: not. */
  exitCode: 0 | 1;
  /** Why the exit code is not 0, a line each. */
  reasons: string[];
  endReason: EndReason;
  folder: string;
  /** Sinks that failed, a line each. */
  sinkFaults: readonly string[];
}

export interface RecordedRun extends RunOutcome {
  header: JournalHeader;
}
