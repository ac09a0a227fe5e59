/** Whether the processes of a run may have as many files open as they need: asked before any is started. */
import { readdirSync, readFileSync } from "node:fs";
import { RunInputError } from "../errors.ts";

/** Journal, log, a socket of each child while it is made, what is read meanwhile, and two callers' connections. */
const RUNNER_SPARE = 12;
/** The feed's server, where there is one. */
const FEED_PROCESSES = 1;
/** What Node has open in a process of ours, its channel to the runner, sockets, and files that are open for a moment. */
const ONT_PROCESS_FILES = 28;
/** Of an ONT's flash and folder, and what Node opens for itself. */
const FILES_FOR_A_MOMENT = 6;
/** The two slots of its flash. */
const FILES_PER_ONT = 2;
/** Own and broadcast; in encapsulation `plain` each ONT's, in `gem` the process's. */
const SOCKETS = 2;
/** The capture file, metrics and some who read them. */
const OLT_FILES = 30;

export interface OpenFiles {
  /** That a process may have; Node has raised its own to the most that is allowed. */
  limit: number;
  /** That this process has. */
  open: number;
}

/** @returns undefined where the system does not tell, or sets no limit */
export function ownOpenFiles(): OpenFiles | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"));
    // One of them is for reading this.
    return limit === null ? undefined : { limit: Number(limit[1]), open: readdirSync("/proc/self/fd").length - 1 };
  } catch {
    return undefined;
  }
}

/** What a run is going to have. */
export interface FilesAsked {
  ontProcesses: number;
  /** Of each port one. */
  oltProcesses?: number;
  /** Of the process that has most. */
  ontsPerProcess: number;
  encapsulation: "gem" | "plain";
}

/** @param files of this process, and of each that it starts @throws RunInputError when they are too few */
export function refuseFewFiles(
  { ontProcesses, ontsPerProcess, encapsulation, oltProcesses = 1 }: FilesAsked,
  files = ownOpenFiles(),
): void {
  if (files === undefined) return;
  const runner = files.open + RUNNER_SPARE + ontProcesses + oltProcesses + (oltProcesses > 1 ? FEED_PROCESSES : 0);
  const ont = ONT_PROCESS_FILES + filesOfOnts(ontsPerProcess, encapsulation);
  const needed = Math.max(runner, ont, OLT_FILES);
  const fewer = needed === runner ? "fewer ONTs, or more" : "fewer ONTs, or fewer";
  refuse(files.limit, needed, `${fewer} in a process (--onts-per-process)`);
}

/** The same for ONTs that live in this process. @throws RunInputError */
export function refuseFewFilesHere(
  onts: number,
  encapsulation: FilesAsked["encapsulation"],
  files = ownOpenFiles(),
): void {
  if (files === undefined) return;
  refuse(files.limit, files.open + FILES_FOR_A_MOMENT + filesOfOnts(onts, encapsulation), "fewer ONTs");
}

/**
 * The same for what this process opens beside what it has.
 *
 * @param instead what would need fewer
 * @throws RunInputError
 */
export function refuseFewMoreFiles(more: number, instead: string, files = ownOpenFiles()): void {
  if (files !== undefined) refuse(files.limit, files.open + FILES_FOR_A_MOMENT + more, instead);
}

const filesOfOnts = (onts: number, encapsulation: FilesAsked["encapsulation"]): number =>
  FILES_PER_ONT * onts + (encapsulation === "plain" ? SOCKETS * onts : SOCKETS);

function refuse(limit: number, needed: number, instead: string): void {
  if (needed <= limit) return;
  throw new RunInputError({
    problem: `a process may have ${limit} files open, and this needs ${needed}`,
    remedy: `raise the limit (\`ulimit -n ${needed}\`), or take ${instead}`,
  });
}
