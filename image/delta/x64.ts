/** Code of x86 in 64-bit mode: branches and operands relative to the instruction pointer, and operands that say where something is. */
import type { Instructions } from "./types.ts";
import { setWord, wordAt } from "./words.ts";

const CALL = 0xe8;
const JMP = 0xe9;
const TWO_BYTE = 0x0f;
const MOV_C7 = 0xc7;
/** VEX with two octets: a prefix octet and an opcode stand between it and ModRM. */
const VEX2 = 0xc5;
const PUSH = 0x68;

/** Opcodes of one octet behind which ModRM stands, and which compilers write with a place in memory. */
export const WITH_MODRM = new Uint8Array(256);
for (const range of [
  [0x01, 0x03],
  [0x09, 0x0b],
  [0x11, 0x13],
  [0x19, 0x1b],
  [0x21, 0x23],
  [0x29, 0x2b],
  [0x31, 0x33],
  [0x38, 0x3b],
  [0x63, 0x63],
  [0x69, 0x69],
  [0x6b, 0x6b],
  [0x80, 0x81],
  [0x83, 0x8b],
  [0x8d, 0x8d],
  [0xc1, 0xc1],
  [0xc6, 0xc7],
  [0xd1, 0xd1],
  [0xd3, 0xd3],
  [0xf6, 0xf7],
  [0xfe, 0xff],
])
  WITH_MODRM.fill(1, range[0], range[1] + 1);

/** What an octet may begin, so that most are passed over with one look. */
const NOTHING = 0;
const REL32 = 1;
const ESCAPE = 2;
const REX = 3;
const VEX = 4;
const OPCODE = 5;
export const BEGINS = new Uint8Array(256);
for (let octet = 0; octet < 256; octet++) {
  if (WITH_MODRM[octet] === 1) BEGINS[octet] = OPCODE;
  if ((octet & 0xf0) === 0x40) BEGINS[octet] = REX;
}
BEGINS[CALL] = REL32;
BEGINS[JMP] = REL32;
BEGINS[TWO_BYTE] = ESCAPE;
BEGINS[VEX2] = VEX;

/** ModRM with mod 00 and r/m 101: relative to the instruction pointer. */
const isRelative = (octet: number): boolean => (octet & 0xc7) === 0x05;

/** @returns octets in front of an operand that is relative; 0: none begins here */
function operandIn(bytes: Uint8Array, at: number): number {
  switch (BEGINS[bytes[at]]) {
    case REL32:
      return 1;
    case ESCAPE:
      return (bytes[at + 1] & 0xf0) === 0x80 ? 2 : isRelative(bytes[at + 2]) ? 3 : 0;
    case REX:
      if (isRelative(bytes[at + 2])) return 3;
      return bytes[at + 1] === TWO_BYTE && isRelative(bytes[at + 3]) ? 4 : 0;
    case VEX:
      return isRelative(bytes[at + 3]) ? 4 : 0;
    case OPCODE:
      return isRelative(bytes[at + 1]) ? 2 : 0;
    default:
      return 0;
  }
}

/** The highest octet of a displacement that an image can have. */
const isNear = (octet: number): boolean => octet < 0x10 || octet >= 0xf0;

function branchAt(bytes: Uint8Array, at: number): number {
  if (BEGINS[bytes[at]] === NOTHING) return 0;
  const operandAt = operandIn(bytes, at);
  return operandAt !== 0 && isNear(bytes[at + operandAt + 3]) ? operandAt + 4 : 0;
}

export const x64: Instructions = {
  number: 7,
  stepBytes: 1,
  widthBytes: 8,
  absolute: false,
  bigEndian: false,
  branchAt,
  nextBranch: (bytes, at, stop) => {
    let i = at;
    while (i < stop && (BEGINS[bytes[i]] === NOTHING || branchAt(bytes, i) === 0)) i++;
    return i;
  },
  operandOf: (bytes, at) => wordAt(bytes, at + operandIn(bytes, at)),
  setOperand: (bytes, at, operand) => setWord(bytes, at + operandIn(bytes, at), operand),
  // MOV r32 and PUSH with 32 bits; MOV to a register or what it points to; an index into a table (SIB without base).
  wordIn: (bytes, at) => {
    const octet = bytes[at];
    if ((octet & 0xf8) === 0xb8 || octet === PUSH) return 1;
    const modrm = bytes[at + 1];
    if (octet === MOV_C7) {
      const mod = modrm >>> 6;
      if (mod === 3) return 2;
      const before = (modrm & 0x07) === 4 ? 3 : 2;
      return mod === 1 ? before + 1 : mod === 0 ? before : 0;
    }
    if (WITH_MODRM[octet] === 1 && (modrm & 0xc7) === 0x04) return (bytes[at + 2] & 0x07) === 5 ? 3 : 0;
    if ((octet & 0xc7) === 0x05) return 1;
    return octet === 0x81 && modrm >= 0xc0 ? 2 : 0;
  },
};
