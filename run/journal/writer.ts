/**
 * Writes journals while a run goes on: buffered, within a size limit, and readable up to the last flush after a crash. What many
 * processes tell comes in no order; it is put in the order of time when the journal is closed.
 */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { isSystemError } from "../../base/errors/index.ts";
import { writeWhole } from "../../base/files/index.ts";
import { encodeHeader, viewRecord } from "./records.ts";
import { RecordIndex } from "./record-index.ts";
import type { JournalHeader, JournalRecord } from "./types.ts";

/** Records are handed on in pieces of about this size. */
const BUFFER_BYTES = 64 * 1024;
/** A journal stops growing here; what comes later is counted in its last record. */
const JOURNAL_BYTES_MAX = 512 * 1024 * 1024;
/** Kept free for that last record. */
const LAST_RECORDS_BYTES = 4096;

/** Takes the bytes of a journal; they are valid during the call only. */
export type JournalSink = (bytes: Uint8Array) => void;

/** Sees every record, also those for which there is no room in the file. */
export type RecordListener = (record: JournalRecord) => void;

/** Length-delimited protobuf records, buffered, up to a limit. */
export class JournalWriter {
  readonly #sink: JournalSink;
  readonly #bytesMax: number;
  readonly #onRecord: RecordListener | undefined;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #used = 0;
  #writtenBytes = 0;
  #lastTimeNs = 0;
  /** Events that did not fit. */
  droppedRecords = 0;
  /** In virtual time they come in their order. */
  readonly index: RecordIndex | undefined;

  constructor(sink: JournalSink, header: JournalHeader, bytesMax = JOURNAL_BYTES_MAX, onRecord?: RecordListener) {
    if (header.clock === "wall") this.index = new RecordIndex();
    this.#sink = sink;
    this.#bytesMax = bytesMax;
    this.#onRecord = onRecord;
    this.#put(encodeHeader(header));
  }

  write(record: JournalRecord): void {
    this.#onRecord?.(record);
    this.#lastTimeNs = Math.max(this.#lastTimeNs, record.timeNs);
    const bytes = viewRecord(record);
    if (this.#writtenBytes + bytes.length > this.#bytesMax - LAST_RECORDS_BYTES) this.droppedRecords++;
    else this.#add(record.timeNs, bytes);
  }

  /** Hands everything on. */
  flush(): void {
    if (this.#used === 0) return;
    this.#sink(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  /** Writes how the run ended, and what the limit cost. */
  end(last: JournalRecord): void {
    this.#onRecord?.(last);
    if (this.droppedRecords > 0) {
      const text = `journal full: ${this.droppedRecords} later events are not in it`;
      this.#add(this.#lastTimeNs, viewRecord({ timeNs: this.#lastTimeNs, from: "run", event: { type: "note", text } }));
    }
    // Also where the clock of a process that told something is a little ahead.
    const timeNs = Math.max(last.timeNs, this.#lastTimeNs);
    this.#add(timeNs, viewRecord({ ...last, timeNs }));
    this.flush();
  }

  #add(timeNs: number, bytes: Uint8Array): void {
    this.index?.add(timeNs, bytes.length);
    this.#put(bytes);
  }

  #put(bytes: Uint8Array): void {
    this.#writtenBytes += bytes.length;
    if (this.#used + bytes.length > BUFFER_BYTES) this.flush();
    if (bytes.length > BUFFER_BYTES) {
      this.#sink(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }
}

/** A journal in a file. `close` keeps what was written, whether `end` was reached or not. */
export function openJournal(path: string, header: JournalHeader, onRecord?: RecordListener): JournalFile {
  const file = openSync(path, "w");
  const writer = new JournalWriter((bytes) => writeAll(file, bytes), header, JOURNAL_BYTES_MAX, onRecord);
  const beginBytes = encodeHeader(header).length;
  try {
    // Whose journal it is stands there from the start, and a full disk is known before anything has begun.
    writer.flush();
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return {
    writer,
    close() {
      writer.flush();
      closeSync(file);
      if (writer.index?.isOrdered === false) putInOrder(path, beginBytes, writer.index);
    },
    abandon: () => closeSync(file),
  };
}

export interface JournalFile {
  writer: JournalWriter;
  /** Writes what is left. */
  close: () => void;
  /** Nothing more can be written: what is there stays, a last record that was cut off included, which readers leave out. */
  abandon: () => void;
}

/** With the disk full they stay as they came: all of them are there. */
function putInOrder(path: string, beginBytes: number, index: RecordIndex): void {
  const bytes = readFileSync(path);
  bytes.set(index.ordered(bytes.subarray(beginBytes)), beginBytes);
  try {
    writeWhole(path, bytes);
  } catch (error) {
    if (!isSystemError(error)) throw error;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
