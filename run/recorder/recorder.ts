/** Writes what a run leaves: folder, scenario, journal, result; and feeds the sinks, whoever started it. */
import { join } from "node:path";
import { stringify } from "yaml";
import { writeWhole } from "../../base/files/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { lineOf } from "../errors.ts";
import { JOURNAL_SCHEMA, type JournalHeader, type JournalRecord, openJournal } from "../journal/index.ts";
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
  /** Why it is not as the scenario expects, a line each. */
  reasons: string[];
}

/** The record of one run, from its folder to its sinks. Every driver writes through one of these, and nothing beside it. */
export class RunRecorder {
  readonly folder: string;
  readonly header: JournalHeader;
  readonly #journal: ReturnType<typeof openJournal>;
  /** Those that have not failed. */
  #sinks: readonly RunSink[];
  readonly #sinkFaults: string[] = [];
  #isOpen = true;

  /**
   * Makes the folder and begins the record in it: call it when all else is known to be possible.
   *
   * @throws RunInputError when the folder cannot be had
   */
  constructor(scenario: Scenario, options: RunOptions, { clock, onts, replayOf }: Recording) {
    const { name, seed } = scenario;
    this.folder = makeRunFolder(name, options.out, options.overwrite ?? false, new Date());
    this.header = {
      schema: JOURNAL_SCHEMA,
      version: options.version ?? "",
      scenario: name,
      seed,
      clock,
      replay: options.replay ?? replayOf(this.folder),
      onts,
    };
    this.#sinks = options.sinks ?? [];
    writeWhole(this.#pathOf("scenario"), stringify(scenario));
    const feed = this.#sinks.length === 0 ? undefined : (record: JournalRecord): void => this.#feed(record);
    this.#journal = openJournal(this.#pathOf("journal"), this.header, feed);
  }

  write(record: JournalRecord): void {
    this.#journal.writer.write(record);
  }

  /** Writes how it ended; then the sinks have their turn, with all files of the run in place. */
  finish({ timeNs, reason, result, reasons }: Ended): RunOutcome {
    const exitCode = reasons.length === 0 ? 0 : 1;
    writeWhole(this.#pathOf("result"), `${JSON.stringify(result, undefined, 2)}\n`);
    this.#journal.writer.end({ timeNs, from: "run", event: { type: "ended", outcome: reason, exitCode } });
    this.close();
    const { folder, header } = this;
    const outcome = { result, exitCode, reasons, endReason: reason, folder, sinkFaults: this.#sinkFaults } as const;
    for (const sink of this.#sinks) {
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
    this.#isOpen = false;
    this.#journal.close();
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
