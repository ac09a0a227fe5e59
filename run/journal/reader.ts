/** Reads journals back, also those that a crash has cut off. Takes any byte stream; nothing of a file is trusted. */
import { createReadStream } from "node:fs";
import { InputError, placedLater } from "../../base/errors/index.ts";
import { decodeRecord } from "./records.ts";
import { JOURNAL_SCHEMA, JournalError, type JournalHeader, type JournalRecord } from "./types.ts";

/** Longer records are no journal of ours. */
const RECORD_BYTES_MAX = 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
/** A length is a varint of at most this many bytes. */
const LENGTH_BYTES_MAX = 4;

function wordsOf(error: NodeJS.ErrnoException): string {
  return error.code === "ENOENT" || error.code === "EISDIR" ? "no such file" : error.message;
}

/** Reads a journal from start to end without holding it; a cut-off tail ends it quietly. */
export class JournalReader implements AsyncIterable<JournalRecord> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #path: string | undefined;
  /** Offset of `#bytes[0]` in the file. */
  #offsetBytes = 0;
  readonly header: JournalHeader;
  /** After the last record: bytes of an unfinished record at the end of the file. */
  cutOffBytes = 0;

  private constructor(chunks: AsyncIterator<Uint8Array>, bytes: Uint8Array, at: number, header: JournalHeader) {
    this.#chunks = chunks;
    this.#bytes = bytes;
    this.#at = at;
    this.header = header;
  }

  /**
   * Opens a journal and reads its header.
   * @throws InputError with the file's name when it is no journal, here and while records are read
   */
  static async open(path: string): Promise<JournalReader> {
    const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    const reader = await placedLater(path, () => JournalReader.from(source), wordsOf);
    reader.#path = path;
    return reader;
  }

  static async from(source: AsyncIterable<Uint8Array>): Promise<JournalReader> {
    const chunks = source[Symbol.asyncIterator]();
    let bytes = new Uint8Array(0);
    for (;;) {
      const length = lengthAt(bytes, 0, 0);
      if (length && bytes.length >= length.dataAt + length.bytes) {
        const end = length.dataAt + length.bytes;
        return new JournalReader(chunks, bytes, end, headerOf(bytes.subarray(length.dataAt, end)));
      }
      const next = await chunks.next();
      if (next.done) throw new JournalError("not a journal: no header", 0);
      bytes = joined(bytes, next.value);
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<JournalRecord> {
    try {
      for (;;) {
        const record = this.#next();
        if (record) yield record;
        else if (!(await this.#more())) return;
      }
    } catch (error) {
      if (this.#path === undefined || !(error instanceof InputError)) throw error;
      throw new InputError({ place: this.#path, problem: error.message });
    } finally {
      await this.#chunks.return?.();
    }
  }

  /** @returns the next record that is here entirely. */
  #next(): JournalRecord | undefined {
    const offset = this.#offsetBytes + this.#at;
    const length = lengthAt(this.#bytes, this.#at, offset);
    if (!length) return undefined;
    const end = length.dataAt + length.bytes;
    if (end > this.#bytes.length) return undefined;
    const decoded = decoding(() => decodeRecord(this.#bytes.subarray(length.dataAt, end)), offset);
    if (decoded.kind === "header") throw new JournalError("second header", offset);
    this.#at = end;
    return decoded.record;
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done) {
      this.cutOffBytes = this.#bytes.length - this.#at;
      return false;
    }
    this.#offsetBytes += this.#at;
    this.#bytes = joined(this.#bytes.subarray(this.#at), next.value);
    this.#at = 0;
    return true;
  }
}

function headerOf(bytes: Uint8Array): JournalHeader {
  const decoded = decoding(() => decodeRecord(bytes), 0);
  if (decoded.kind !== "header") throw new JournalError("not a journal: no header", 0);
  const schema: string = decoded.header.schema;
  const expected: string = JOURNAL_SCHEMA;
  if (schema !== expected) throw new JournalError(`journal schema "${schema}", not ${expected}`, 0);
  return decoded.header;
}

function decoding<Value>(read: () => Value, offsetBytes: number): Value {
  try {
    return read();
  } catch (error) {
    throw new JournalError(error instanceof Error ? error.message : String(error), offsetBytes);
  }
}

/** Reads a varint length at `at`; undefined when it is not here entirely. */
function lengthAt(bytes: Uint8Array, at: number, offsetBytes: number): { bytes: number; dataAt: number } | undefined {
  let length = 0;
  for (let index = 0; index < LENGTH_BYTES_MAX; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) {
      if (length > RECORD_BYTES_MAX) break;
      return { bytes: length, dataAt: at + index + 1 };
    }
  }
  throw new JournalError(`record longer than ${RECORD_BYTES_MAX} bytes`, offsetBytes);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
