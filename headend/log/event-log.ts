/**
 * Keeps events so that they survive the end of the process at any instant: a log that only grows, each line with its
 * CRC-32, on the disk before whoever waits for it goes on; now and then a snapshot in its place.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { InputError } from "../../base/errors/index.ts";
import { makeFolders, writeWhole } from "../../base/files/index.ts";

export const LOG_FILE = "events.log";
export const SNAPSHOT_FILE = "snapshot.json";
/** A log this long is replaced by a snapshot. */
const LOG_BYTES_MAX = 4 * 1024 * 1024;
const LINE = /^([0-9a-f]{8}) ((\d+) (.*))$/;
const HEX = 16;
const HEX_DIGITS = 8;
const BEGIN_ANEW = "move the folder away to begin anew";

/** What was kept: a snapshot where there is one, and the events since. */
export interface Kept<Event, Snapshot> {
  snapshot: Snapshot | undefined;
  events: Event[];
  /** The last line was being written when the process ended: nobody was answered by it. */
  isTorn: boolean;
}

interface Position {
  /** Number of the last event. */
  sequence: number;
  /** Length of the log. */
  bytes: number;
}

const checksum = (text: string): string => crc32(text).toString(HEX).padStart(HEX_DIGITS, "0");

export class EventLog<Event, Snapshot> {
  readonly #folder: string;
  readonly #makeSnapshot: () => Snapshot;
  readonly #log: FileHandle;
  readonly #bytesMax: number;
  readonly #at: Position;
  /** Lines that are not on the disk yet. */
  #waiting: string[] = [];
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: string, log: FileHandle, makeSnapshot: () => Snapshot, at: Position, bytesMax: number) {
    this.#folder = folder;
    this.#log = log;
    this.#makeSnapshot = makeSnapshot;
    this.#at = at;
    this.#bytesMax = bytesMax;
  }

  /**
   * @param makeSnapshot of all events that were appended so far
   * @throws InputError when what is there cannot be read, a last line that was cut off aside
   */
  static async open<Event, Snapshot>(
    folder: string,
    makeSnapshot: () => Snapshot,
    bytesMax = LOG_BYTES_MAX,
  ): Promise<{ log: EventLog<Event, Snapshot>; kept: Kept<Event, Snapshot> }> {
    makeFolders(folder);
    const { snapshot, sequence } = readSnapshot<Snapshot>(join(folder, SNAPSHOT_FILE));
    const path = join(folder, LOG_FILE);
    const { events, at, isTorn } = readLog<Event>(path, sequence);
    if (isTorn) truncateSync(path, at.bytes);
    const handle = await open(path, "a", 0o600);
    syncFolder(folder);
    const log = new EventLog<Event, Snapshot>(folder, handle, makeSnapshot, at, bytesMax);
    return { log, kept: { snapshot, events, isTorn } };
  }

  /**
   * @returns when they are on the disk: those that come while others are written go together
   * @throws system errors, a full disk for example; they are tried again with the next ones
   */
  append(events: readonly Event[]): Promise<void> {
    for (const event of events) {
      const text = `${++this.#at.sequence} ${JSON.stringify(event)}`;
      this.#waiting.push(`${checksum(text)} ${text}\n`);
    }
    const flush = (): Promise<void> => this.#flush();
    this.#writing = this.#writing.then(flush, flush);
    return this.#writing;
  }

  async close(): Promise<void> {
    try {
      await this.append([]);
    } finally {
      await this.#log.close();
    }
  }

  async #flush(): Promise<void> {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    const bytes = Buffer.from(lines.join(""));
    try {
      await this.#log.appendFile(bytes);
      await this.#log.datasync();
    } catch (error) {
      // A part of a line in the middle of the log would be damage.
      this.#waiting = [...lines, ...this.#waiting];
      await this.#log.truncate(this.#at.bytes);
      throw error;
    }
    this.#at.bytes += bytes.length;
    if (this.#at.bytes > this.#bytesMax) await this.#replaceLog();
  }

  /** Events that wait are in the snapshot, too: written behind it, they are passed over by their number. */
  async #replaceLog(): Promise<void> {
    const text = JSON.stringify({ sequence: this.#at.sequence, snapshot: this.#makeSnapshot() });
    writeWhole(join(this.#folder, SNAPSHOT_FILE), text, { sync: true });
    syncFolder(this.#folder);
    await this.#log.truncate(0);
    await this.#log.datasync();
    this.#at.bytes = 0;
  }
}

function readSnapshot<Snapshot>(path: string): { snapshot: Snapshot | undefined; sequence: number } {
  if (!existsSync(path)) return { snapshot: undefined, sequence: 0 };
  try {
    return JSON.parse(readFileSync(path, "utf8")) as { snapshot: Snapshot; sequence: number };
  } catch {
    throw new InputError({ place: path, problem: "is damaged", remedy: BEGIN_ANEW });
  }
}

/** @param from events up to this number are in the snapshot */
function readLog<Event>(path: string, from: number): { events: Event[]; at: Position; isTorn: boolean } {
  const at = { sequence: from, bytes: 0 };
  const events: Event[] = [];
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [""];
  // What is behind the last end of line.
  const isCutOff = lines.pop() !== "";
  for (const [index, line] of lines.entries()) {
    const [, sum, text, number, json] = LINE.exec(line) ?? [];
    if (text === undefined || checksum(text) !== sum) {
      if (index === lines.length - 1 && !isCutOff) return { events, at, isTorn: true };
      throw new InputError({ place: `${path}:${index + 1}`, problem: "is damaged", remedy: BEGIN_ANEW });
    }
    at.bytes += Buffer.byteLength(line) + 1;
    if (Number(number) <= from) continue;
    at.sequence = Number(number);
    events.push(JSON.parse(json) as Event);
  }
  return { events, at, isTorn: isCutOff };
}

/** Names in a folder are on the disk when the folder is. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
