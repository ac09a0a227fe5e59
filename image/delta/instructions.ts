/**
 * Branches in machine code, by architecture: where one stands, how far it goes, and how that is written anew. Looked for at aligned places of
 * the base, by the octets there alone, so that whoever rebuilds a block finds the same ones wherever it begins. What looks like a branch and is none does no
 * harm: maker and rebuilder take it for the same thing.
 */
import type { DeltaFilter, Instructions } from "./types.ts";
import { setWord, wordAt } from "./words.ts";
import { x64 } from "./x64.ts";

/** Instructions of four octets, of which one tells a branch. */
function nextMasked(
  bytes: Uint8Array,
  at: number,
  stop: number,
  octetAt: number,
  mask: number,
  branch: number,
): number {
  let i = at;
  while (i < stop && (bytes[i + octetAt] & mask) !== branch) i += 4;
  return i;
}

/** A32: B and BL under any condition, and BLX, with 24 bits of words. */
const arm: Instructions = {
  number: 1,
  stepBytes: 4,
  widthBytes: 4,
  absolute: false,
  bigEndian: false,
  branchAt: (bytes, at) => ((bytes[at + 3] & 0x0e) === 0x0a ? 4 : 0),
  nextBranch: (bytes, at, stop) => nextMasked(bytes, at, stop, 3, 0x0e, 0x0a),
  operandOf: (bytes, at) => (wordAt(bytes, at) << 8) >> 6,
  setOperand: (bytes, at, operand) => {
    bytes[at] = operand >>> 2;
    bytes[at + 1] = operand >>> 10;
    bytes[at + 2] = operand >>> 18;
  },
};

/** T32: BL, BLX and B.W, with 24 bits of halfwords in two halfwords; the two highest are stored as J = not (I xor S). */
const armThumb: Instructions = {
  number: 2,
  stepBytes: 2,
  widthBytes: 4,
  absolute: false,
  bigEndian: false,
  // 11110Sxx in the first halfword; 11x1 or 1100 (BLX) in the second, or 10x1 (B.W).
  branchAt: (bytes, at) => ((bytes[at + 1] & 0xf8) === 0xf0 && isThumbTail(bytes[at + 3]) ? 4 : 0),
  nextBranch: (bytes, at, stop) => {
    let i = at;
    while (i < stop && !((bytes[i + 1] & 0xf8) === 0xf0 && isThumbTail(bytes[i + 3]))) i += 2;
    return i;
  },
  operandOf: (bytes, at) => {
    const high = bytes[at] | (bytes[at + 1] << 8);
    const low = bytes[at + 2] | (bytes[at + 3] << 8);
    const sign = (high >> 10) & 1;
    const i1 = ((low >> 13) & 1) ^ sign ^ 1;
    const i2 = ((low >> 11) & 1) ^ sign ^ 1;
    return (-sign << 24) | (i1 << 23) | (i2 << 22) | ((high & 0x3ff) << 12) | ((low & 0x7ff) << 1);
  },
  setOperand: (bytes, at, operand) => {
    const sign = (operand >> 24) & 1;
    const j1 = ((operand >> 23) & 1) ^ sign ^ 1;
    const j2 = ((operand >> 22) & 1) ^ sign ^ 1;
    const high = 0xf000 | (sign << 10) | ((operand >> 12) & 0x3ff);
    const kind = bytes[at + 3] & 0xd0;
    bytes[at] = high;
    bytes[at + 1] = high >> 8;
    bytes[at + 2] = operand >> 1;
    bytes[at + 3] = kind | (j1 << 5) | (j2 << 3) | ((operand >> 9) & 0x07);
  },
};

const isThumbTail = (octet: number): boolean =>
  (octet & 0xd0) === 0xd0 || (octet & 0xd0) === 0xc0 || (octet & 0xd0) === 0x90;

/** A64: B and BL, with 26 bits of words. */
const arm64: Instructions = {
  number: 3,
  stepBytes: 4,
  widthBytes: 4,
  absolute: false,
  bigEndian: false,
  branchAt: (bytes, at) => ((bytes[at + 3] & 0x7c) === 0x14 ? 4 : 0),
  nextBranch: (bytes, at, stop) => nextMasked(bytes, at, stop, 3, 0x7c, 0x14),
  operandOf: (bytes, at) => (wordAt(bytes, at) << 6) >> 4,
  setOperand: (bytes, at, operand) => {
    setWord(bytes, at, (wordAt(bytes, at) & 0xfc000000) | ((operand >>> 2) & 0x03ffffff));
  },
};

/** MIPS: J and JAL, with 26 bits of words within the 256 MiB where they stand. */
const mipsOf = (littleEndian: boolean): Instructions => {
  const swap = (word: number): number =>
    littleEndian ? word : ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
  const opcodeAt = littleEndian ? 3 : 0;
  return {
    number: littleEndian ? 5 : 4,
    stepBytes: 4,
    widthBytes: 4,
    absolute: true,
    bigEndian: !littleEndian,
    branchAt: (bytes, at) => ((bytes[at + opcodeAt] & 0xf8) === 0x08 ? 4 : 0),
    nextBranch: (bytes, at, stop) => nextMasked(bytes, at, stop, opcodeAt, 0xf8, 0x08),
    operandOf: (bytes, at) => (swap(wordAt(bytes, at)) & 0x03ffffff) << 2,
    setOperand: (bytes, at, operand) => {
      const word = swap(wordAt(bytes, at));
      setWord(bytes, at, swap((word & 0xfc000000) | ((operand >>> 2) & 0x03ffffff)));
    },
  };
};

/** x86: CALL and JMP with 32 bits, Jcc with 32 bits, and operands relative to the instruction pointer, at any octet. */
const x86: Instructions = {
  number: 6,
  stepBytes: 1,
  widthBytes: 7,
  absolute: false,
  bigEndian: false,
  branchAt: x86Branch,
  nextBranch: (bytes, at, stop) => {
    let i = at;
    while (i < stop && x86Branch(bytes, i) === 0) i++;
    return i;
  },
  operandOf: (bytes, at) => wordAt(bytes, at + x86Operand(bytes[at])),
  setOperand: (bytes, at, operand) => setWord(bytes, at + x86Operand(bytes[at]), operand),
};

function x86Branch(bytes: Uint8Array, at: number): number {
  const octet = bytes[at];
  if (octet === 0xe8 || octet === 0xe9) return isNear(bytes[at + 4]) ? 5 : 0;
  if (octet === 0x0f) return (bytes[at + 1] & 0xf0) === 0x80 && isNear(bytes[at + 5]) ? 6 : 0;
  // REX.W or REX.WR, then an opcode, then ModRM with mod 00 and r/m 101.
  if ((octet & 0xf8) === 0x48) return (bytes[at + 2] & 0xc7) === 0x05 && isNear(bytes[at + 6]) ? 7 : 0;
  return 0;
}

const x86Operand = (octet: number): number => (octet === 0x0f ? 2 : octet === 0xe8 || octet === 0xe9 ? 1 : 3);
/** Within 16 MiB times 16: the highest octet of a displacement that an image can have. */
const isNear = (octet: number): boolean => octet < 0x10 || octet >= 0xf0;

const TABLE: Readonly<Record<Exclude<DeltaFilter, "none">, Instructions>> = {
  arm,
  armThumb,
  arm64,
  mips: mipsOf(false),
  mipsLe: mipsOf(true),
  x86,
  x64,
};

export const instructionsOf = (filter: DeltaFilter): Instructions | undefined =>
  filter === "none" ? undefined : TABLE[filter];
