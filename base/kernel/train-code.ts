import {
  add,
  advance,
  andWord,
  block,
  branch,
  branchIf,
  call,
  type Code,
  constant,
  copyMemory,
  end,
  get,
  I32,
  ifSo,
  isAtLeast,
  isEqual,
  isGreater,
  isLess,
  isNotEqual,
  load,
  loadByte,
  loadWord,
  loop,
  orWord,
  otherwise,
  set,
  shiftLeft,
  store,
  subtract,
} from "./assembler.ts";
import { CRC32_RESIDUE, FOLD, FOLD_FROM_BYTES, SLICE } from "./crc32-kernel.ts";

/**
 * Trains of Download sections in WebAssembly: nearly every frame of a window is the one before it with the next TCI, the
 * next section number and other data, behind the same header of the link.
 *
 * Frames have their CRC-32 trailer: 48 bytes in baseline, 14 more than the contents in extended.
 */

/** The link's header in front of a frame: that of GEM. */
const LINK_HEADER_BYTES = 5;
/** With its trailer. */
export const BASELINE_FRAME_BYTES = 48;
/** Device identifier of an extended frame. */
const DEVICE_EXTENDED = 0x0b;
const BASELINE_DATA_BYTES = 31;
const SECTIONS_MAX = 256;
/** Acknowledge request, in the byte of the message type (G.988 11.2.2). */
export const AR = 0x40;

/** Numbers of parameters and locals. */
const FRAME = 0;
const STRIDE = 1;
const BURST_END = 2;
const COUNT = 2;
const FRAME_BYTES = 3;
const NUMBER_AT = 4;
/** Which bits of the word behind the class must be equal: the instance, in extended the length of the contents too. */
const MASK = 5;
const LINK = 6;
const LINK_LAST = 7;
const TCI = 8;
const HEAD = 9;
const TAIL = 10;
const NUMBER = 11;
const REGISTER = 12;
const FOLLOWED = 13;
const TO = 3;
const DATA_BYTES = 4;

const isExtended: Code = [get(FRAME), loadByte(3), constant(DEVICE_EXTENDED), isEqual];
/** Two bytes, the first the more significant. */
const half = (offset: number): Code => [
  [get(FRAME), loadByte(offset), constant(8), shiftLeft, get(FRAME), loadByte(offset + 1), orWord],
];
const linkHeader: Code = [get(FRAME), constant(LINK_HEADER_BYTES), subtract];
const contentsBytes = half(8);
const tail: Code = [get(FRAME), loadWord(6), get(MASK), andWord];
const number: Code = [get(FRAME), get(NUMBER_AT), add, loadByte(0)];
/** Leaves the loop when the two values on the stack differ. */
const mustEqual: Code = [isNotEqual, branchIf(1)];

/** CRC-32 register behind the frame. */
const crc = (method: number): Code => [
  [get(FRAME), get(FRAME), get(FRAME_BYTES), add, constant(-1), call(method), set(REGISTER)],
];

/** How many frames a train has: the first, known to be good and without AR, and those that follow from it. */
const follow: Code = [
  [1, 11, I32],
  [isExtended, ifSo],
  [contentsBytes, constant(14), add, set(FRAME_BYTES), constant(10), set(NUMBER_AT), constant(-1), set(MASK)],
  otherwise,
  [constant(BASELINE_FRAME_BYTES), set(FRAME_BYTES), constant(8), set(NUMBER_AT), constant(0xffff), set(MASK)],
  end,
  [linkHeader, loadWord(0), set(LINK), linkHeader, loadByte(4), set(LINK_LAST)],
  [half(0), set(TCI), get(FRAME), loadWord(2), set(HEAD), tail, set(TAIL), number, set(NUMBER)],
  [constant(1), set(FOLLOWED)],
  [block, loop, get(FOLLOWED), constant(SECTIONS_MAX), isAtLeast, branchIf(1)],
  [advance(FRAME, get(STRIDE)), get(FRAME), get(FRAME_BYTES), add, get(BURST_END), isGreater, branchIf(1)],
  [linkHeader, loadWord(0), get(LINK), mustEqual, linkHeader, loadByte(4), get(LINK_LAST), mustEqual],
  [half(0), get(TCI), get(FOLLOWED), add, mustEqual, number, get(NUMBER), get(FOLLOWED), add, mustEqual],
  [get(FRAME), loadWord(2), constant(~AR), andWord, get(HEAD), mustEqual, tail, get(TAIL), mustEqual],
  [get(FRAME_BYTES), constant(FOLD_FROM_BYTES), isLess, ifSo, crc(SLICE), otherwise, crc(FOLD), end],
  [get(REGISTER), constant(CRC32_RESIDUE), mustEqual, advance(FOLLOWED, constant(1))],
  [get(FRAME), loadByte(2), constant(AR), andWord, branchIf(1), branch(0), end, end],
  [get(FOLLOWED), end],
];

const whileFramesLeft = (copy: Code): Code => [
  [block, loop, get(COUNT), constant(1), isLess, branchIf(1)],
  [copy, advance(TO, get(DATA_BYTES)), advance(FRAME, get(STRIDE)), advance(COUNT, constant(-1))],
  [branch(0), end, end],
];

/** The data of so many frames, one behind the other; returns the data bytes of each. */
const gather = (gatheredAt: number): Code => [
  [1, 11, I32],
  [constant(gatheredAt), set(TO), isExtended, ifSo],
  [contentsBytes, constant(1), subtract, set(DATA_BYTES), advance(FRAME, constant(11))],
  [whileFramesLeft([get(TO), get(FRAME), get(DATA_BYTES), copyMemory])],
  otherwise,
  [constant(BASELINE_DATA_BYTES), set(DATA_BYTES), advance(FRAME, constant(9))],
  // Two overlapping copies of sixteen.
  [whileFramesLeft([get(TO), get(FRAME), load(0), store(0), get(TO), get(FRAME), load(15), store(15)])],
  [end, get(DATA_BYTES), end],
];

/**
 * Two functions for the module of the CRC-32, whose functions they call.
 *
 * - `follow(frame, stride, burstEnd)`: frames of the train that begins with this one, 1…256. The first must be known to
 *   be a section with a right trailer and AR = 0. The last of the others may have AR = 1.
 * - `gather(frame, stride, count)`: puts the data of so many of its frames at `gatheredAt`; returns the bytes of each.
 *
 * Addresses are those of a frame's first byte; `stride` leads to the next frame and must be that of their length.
 */
export const trainFunctions = (gatheredAt: number): { follow: Code; gather: Code } => ({
  follow,
  gather: gather(gatheredAt),
});
