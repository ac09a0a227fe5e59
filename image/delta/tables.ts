/** What is aimed anew, as octets: moves alone, or moves, words and kinds of pages. docs/delta.md has them octet by octet. */
import { ImageError } from "../error.ts";
import { PAGE_BYTES, PAGE_KINDS } from "./aim.ts";
import { NO_MOVES, STEPS_MAX } from "./moves.ts";
import type { AimTables, Moves } from "./types.ts";
import { VarintReader, VarintWriter } from "./varints.ts";

/** How tables are written, as the head says it. */
export const MOVES_ALONE = 0;
export const WITH_KINDS = 1;

/** A number has at most five octets; a run of pages at most three. */
export const TABLES_BYTES_MAX = STEPS_MAX * 10 + 65_536 * 3 + 10;
const KIND_BITS = 3;

export const NO_AIM: AimTables = { moves: NO_MOVES, words: NO_MOVES, kinds: undefined };

export function writeTables({ moves, words, kinds }: AimTables): Uint8Array {
  const writer = new VarintWriter();
  if (kinds === undefined) {
    writeSteps(writer, moves);
    return writer.bytes();
  }
  for (const steps of [moves, words]) {
    writer.unsigned(steps.starts.length);
    writeSteps(writer, steps);
  }
  for (let page = 0; page < kinds.length;) {
    let end = page + 1;
    while (end < kinds.length && kinds[end] === kinds[page]) end++;
    writer.unsigned(((end - page) << KIND_BITS) | kinds[page]);
    page = end;
  }
  return writer.bytes();
}

/** Differences of steps, so that near ones are small. */
function writeSteps(writer: VarintWriter, { starts, shifts }: Moves): void {
  for (const numbers of [starts, shifts])
    for (let i = 0; i < numbers.length; i++) writer.signed((numbers[i] - (i === 0 ? 0 : numbers[i - 1])) | 0);
}

/** @throws ImageError when they are cut off, out of order, or more than a delta may have */
export function readTables(bytes: Uint8Array, form: number, baseBytes: number): AimTables {
  const reader = new VarintReader(bytes, 0, bytes.length);
  if (form === MOVES_ALONE) return { ...NO_AIM, moves: readMovesAlone(reader) };
  const moves = readSteps(reader, reader.unsigned(), STEPS_MAX);
  const words = readSteps(reader, reader.unsigned(), STEPS_MAX - moves.starts.length);
  return { moves, words, kinds: readKinds(reader, Math.ceil(baseBytes / PAGE_BYTES)) };
}

/** As many as there are: starts are the first half of what is there. */
function readMovesAlone(reader: VarintReader): Moves {
  const numbers: number[] = [];
  while (!reader.ended) {
    if (numbers.length === 2 * STEPS_MAX) throw new ImageError(`delta: more than ${STEPS_MAX} moves`);
    numbers.push(reader.signed());
  }
  if (numbers.length % 2 !== 0) throw new ImageError("delta: its moves are cut off");
  const half = numbers.length / 2;
  return stepsOf(half, (index) => numbers[index]);
}

function readSteps(reader: VarintReader, count: number, most: number): Moves {
  if (count > most) throw new ImageError(`delta: more than ${STEPS_MAX} moves`);
  return stepsOf(count, () => reader.signed());
}

function stepsOf(count: number, differenceAt: (index: number) => number): Moves {
  const starts = new Int32Array(count);
  const shifts = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    starts[i] = differenceAt(i) + (i === 0 ? 0 : starts[i - 1]);
    if (i > 0 && starts[i] <= starts[i - 1]) throw new ImageError("delta: its moves are not in order");
  }
  for (let i = 0; i < count; i++) shifts[i] = differenceAt(count + i) + (i === 0 ? 0 : shifts[i - 1]);
  return { starts, shifts };
}

function readKinds(reader: VarintReader, pages: number): Uint8Array {
  const kinds = new Uint8Array(pages);
  let page = 0;
  while (!reader.ended) {
    const run = reader.unsigned();
    const kind = run & (2 ** KIND_BITS - 1);
    const length = run >>> KIND_BITS;
    if (kind >= PAGE_KINDS) throw new ImageError(`delta: pages of kind ${kind}, which is not known here`);
    if (length === 0 || length > pages - page) throw new ImageError("delta: kinds of more pages than the base has");
    kinds.fill(kind, page, (page += length));
  }
  if (page !== pages) throw new ImageError("delta: kinds of fewer pages than the base has");
  return kinds;
}
