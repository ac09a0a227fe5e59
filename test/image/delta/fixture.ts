/** Images of made-up code, in two versions: functions that grew, moved or are new, called from everywhere. */

/** Numbers below 2^32 that repeat (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

interface Part {
  /** Instructions; a call is the number of the function that is called, negative less one. */
  code: number[];
}

const isCall = (word: number): boolean => word < 0;

function partOf(next: () => number, parts: number): Part {
  const code: number[] = [];
  const length = 20 + (next() % 60);
  // Neither B nor BL: 0xE5 and 0xE1 are loads, stores and arithmetic.
  for (let i = 0; i < length; i++)
    code.push(
      next() % 6 === 0 ? -1 - (next() % parts) : (next() % 2 === 0 ? 0xe5 : 0xe1) * 2 ** 24 + (next() & 0xfffff),
    );
  return { code };
}

interface Linked {
  bytes: Uint8Array;
  /** Of each function. */
  places: ReadonlyMap<number, number>;
}

/** How a call and what is none are written, in as many octets each. */
interface Encoding {
  bytes: number;
  call: (code: Buffer, at: number, to: number) => void;
  other: (code: Buffer, at: number, word: number) => void;
}

const ENCODINGS = {
  arm: {
    bytes: 4,
    call: (code, at, to) => code.writeUInt32LE((0xeb000000 | (((to - at - 8) >> 2) & 0xffffff)) >>> 0, at),
    other: (code, at, word) => code.writeUInt32LE(word, at),
  },
  // JAL; what is none of it is made of loads and arithmetic.
  mipsLe: {
    bytes: 4,
    call: (code, at, to) => code.writeUInt32LE(0x0c000000 | (to >> 2), at),
    other: (code, at, word) => code.writeUInt32LE((0x80000000 | (word & 0x3fffffff)) >>> 0, at),
  },
  // MOV R12, [RIP+d], then NOP: x86 without 64 bits knows no such pointer. What is none of it is moves between registers.
  x64: {
    bytes: 8,
    call: (code, at, to) => {
      code.set([0x44, 0x8b, 0x25, 0, 0, 0, 0, 0x90], at);
      code.writeInt32LE(to - at - 7, at + 3);
    },
    other: (code, at, word) =>
      code.set([0x89, 0xc0 | (word & 0x3f), 0x89, 0xc0 | ((word >> 6) & 0x3f), 0x90, 0x90, 0x90, 0x90], at),
  },
} satisfies Record<string, Encoding>;

function link(parts: readonly Part[], order: readonly number[], encoding: Encoding): Linked {
  const places = new Map<number, number>();
  let at = 0;
  for (const number of order) {
    places.set(number, at);
    at += encoding.bytes * parts[number].code.length;
  }
  const bytes = Buffer.alloc(at);
  at = 0;
  for (const number of order)
    for (const word of parts[number].code) {
      if (isCall(word)) encoding.call(bytes, at, places.get(-1 - word) ?? 0);
      else encoding.other(bytes, at, word);
      at += encoding.bytes;
    }
  return { bytes, places };
}

/** Two versions of an image of about `parts` times 200 octets. */
export const armPair = (seed: number, parts: number): CodePair => codePair("arm", seed, parts);

interface CodePair {
  base: Uint8Array;
  target: Uint8Array;
}

/** The same for other processors. */
export function codePair(processor: keyof typeof ENCODINGS, seed: number, parts: number): CodePair {
  const { base, target } = linkedPair(seed, parts, ENCODINGS[processor]);
  return { base: base.bytes, target: target.bytes };
}

function linkedPair(seed: number, parts: number, encoding: Encoding): { base: Linked; target: Linked } {
  const next = numbers(seed);
  const before = Array.from({ length: parts }, () => partOf(next, parts));
  const order = [...before.keys()];
  const base = link(before, order, encoding);
  const after = before.map((part) =>
    next() % 20 === 0 ? { code: [...part.code, ...partOf(next, parts).code] } : part,
  );
  after.push(partOf(next, parts), partOf(next, parts));
  const moved = order.splice(Math.floor(parts / 3), Math.floor(parts / 8));
  return { base, target: link(after, [...order, parts, ...moved, parts + 1], encoding) };
}

/** Where images with tables are loaded. */
const LOADED_AT = 0x40_0000;

/** The same with two tables behind the code, each with every function: where it is in memory, and how far from the table's row; four words a row. */
export function pointerPair(seed: number, parts: number): { base: Uint8Array; target: Uint8Array } {
  const { base, target } = linkedPair(seed, parts, ENCODINGS.arm);
  const next = numbers(seed + 1);
  const rows = Array.from({ length: 4 * parts }, () => next() % parts);
  const withTables = ({ bytes, places }: Linked): Uint8Array => {
    const words = rows.flatMap((number, row) => [LOADED_AT + places.get(number)!, 0, 8, row]);
    const at = bytes.length + 4 * words.length;
    const distances = rows.flatMap((number, row) => [places.get(number)! - (at + 16 * row), 0, 20, row]);
    return Buffer.concat([bytes, new Uint8Array(Int32Array.from([...words, ...distances]).buffer)]);
  };
  return { base: withTables(base), target: withTables(target) };
}
