/** Writes what a run leaves: folder, scenario, journal, result; and feeds the sinks, whoever started it. */
import { join } from "node:path";
import { stringify } from "yaml";
import { writeWhole } from "../../base/files/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { diskFault, lineOf, orStopped } from "../errors.ts";
import {
  JOURNAL_SCHEMA,
  type JournalFile,
  type JournalHeader,
  type JournalRecord,
  openJournal,
} from "../journal/index.ts";
import type { RunResult } from "../result/index.ts";
import type { EndReason, RunOptions, RunOutcome, RunSink } from "../types.ts";
import { makeRunFolder, RUN_FILES } from "./run-folder.ts";

/** What a driver says of its run. */
export interface Recording {
  clock: JournalHeader["clock"];
  /** ONTs of all ports. */
  onts: number;
  /** The command that repeats the run, where whoever started it gave none (`RunOptions.replay`). */
  replayOf: (folder: string) => string;
}

/** How a run ended. */
export interface Ended {
  /** On the run's clock. */
  timeNs: number;
  reason: EndReason;
  result: RunResult;
}

/** The record of one run, from its folder to its sinks. Every driver writes through one of these, and nothing beside it. */
export class RunRecorder {
  readonly folder: string;
  readonly header: JournalHeader;
  readonly #journal: JournalFile;
  /** Those that have not failed. */
  #sinks: readonly RunSink[];
  readonly #sinkFaults: string[] = [];
  #isOpen = true;
  /** Why nothing more can be recorded, a line; the run goes on all the same, as the ONTs are in the middle of it. */
  #fault = "";

  /**
   * Makes the folder and begins the record in it: call it when all else is known to be possible.
   *
   * @throws RunInputError when the folder cannot be had
   * @throws RunStoppedError when nothing can be written into it
   */
  constructor(scenario: Scenario, options: RunOptions, { clock, onts, replayOf }: Recording) {
    const { name, seed } = scenario;
    this.folder = makeRunFolder(name, options.out, options.overwrite ?? false, new Date());
    this.header = {
      schema: JOURNAL_SCHEMA,
      version: options.poncast?.version ?? "",
      commit: options.poncast?.commit ?? "",
      scenario: name,
      seed,
      clock,
      replay: options.replay ?? replayOf(this.folder),
      onts,
    };
    this.#sinks = options.sinks ?? [];
    orStopped(this.#pathOf("scenario"), () => writeWhole(this.#pathOf("scenario"), stringify(scenario)));
    const feed = this.#sinks.length === 0 ? undefined : (record: JournalRecord): void => this.#feed(record);
    this.#journal = orStopped(this.#pathOf("journal"), () => openJournal(this.#pathOf("journal"), this.header, feed));
  }

  write(record: JournalRecord): void {
    if (this.#fault !== "") return this.#feed(record);
    this.#writeOr("journal", () => this.#journal.writer.write(record));
  }

  /** What was recorded is in the file, whatever becomes of this process. */
  flush(): void {
    if (this.#isOpen && this.#fault === "") this.#writeOr("journal", () => this.#journal.writer.flush());
  }

  /** Writes how it ended; then the sinks have their turn, with all files of the run in place. */
  finish({ timeNs, reason, result }: Ended): RunOutcome {
    const { reasons } = result.verdict;
    const text = `${JSON.stringify(result, undefined, 2)}\n`;
    this.#writeOr("result", () => writeWhole(this.#pathOf("result"), text));
    const last = { outcome: reason, exitCode: reasons.length === 0 && this.#fault === "" ? 0 : 1 } as const;
    if (this.#isOpen)
      this.#writeOr("journal", () =>
        this.#journal.writer.end({ timeNs, from: "run", event: { type: "ended", ...last } }),
      );
    this.close();
    const { folder, header } = this;
    const all = this.#fault === "" ? reasons : [...reasons, this.#fault];
    const exitCode = all.length === 0 ? 0 : 1;
    const outcome = {
      result,
      exitCode,
      reasons: all,
      endReason: reason,
      folder,
      sinkFaults: this.#sinkFaults,
    } as const;
    // With the disk full there is no more to say, and nothing for them to build on.
    for (const sink of this.#fault === "" ? this.#sinks : []) {
      try {
        sink.finish?.({ ...outcome, header });
      } catch (error) {
        this.#drop(sink, error);
      }
    }
    return outcome;
  }

  /** Keeps what was recorded, whether the run came to its end or not. */
  close(): void {
    if (!this.#isOpen) return;
    this.#writeOr("journal", () => this.#journal.close());
    this.#isOpen = false;
  }

  /** A full disk ends the record, and not the run: the first that cannot be written is told of. */
  #writeOr(file: keyof typeof RUN_FILES, work: () => void): void {
    try {
      work();
    } catch (error) {
      const fault = diskFault(this.#pathOf(file), error);
      if (fault === undefined) throw error;
      this.#fault ||= `${fault.message}; what was recorded before is kept`;
      if (file === "journal" && this.#isOpen) this.#journal.abandon();
      if (file === "journal") this.#isOpen = false;
    }
  }

  #pathOf(file: keyof typeof RUN_FILES): string {
    return join(this.folder, RUN_FILES[file]);
  }

  #feed(record: JournalRecord): void {
    for (const sink of this.#sinks) {
      try {
        sink.record?.(record);
      } catch (error) {
        this.#drop(sink, error);
      }
    }
  }

  /** The run is what counts: a sink that fails is told of, and fed no more. */
  #drop(sink: RunSink, error: unknown): void {
    this.#sinkFaults.push(`${sink.name}: ${lineOf(error)}`);
    this.#sinks = this.#sinks.filter((other) => other !== sink);
  }
}
