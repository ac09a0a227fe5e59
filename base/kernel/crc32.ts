/**
 * CRC-32 of ITU-T I.363.5 (AAL5), as G.988 uses it for images and G-PON for the OMCI trailer: generator 0x04C11DB7,
 * preset all ones, most significant bit first, final complement.
 */
import { byteTable, swapBytes } from "./crc32-table.ts";
import { frameKernel } from "./frame-kernel.ts";

/** Register before the first byte. */
export const CRC32_INIT = 0xffffffff;

/** Register behind bytes and their own CRC, whatever the bytes; its bytes in the order of the line. */
const RESIDUE = 0x7bdd04c7;

/** From here on copying into the kernel's memory pays. */
const COPY_FROM_BYTES = 96;

/** Registers with their bytes in the order of the line, see the kernel. */
function update(register: number, bytes: Uint8Array, start: number, end: number): number {
  const made = frameKernel();
  if (!made) return plainUpdate(register, bytes, start, end);
  if (end - start < COPY_FROM_BYTES) return shortUpdate(made.tables, register, bytes, start, end);
  let value = register;
  for (let at = start; at < end; at += made.inputBytesMax) {
    const lengthBytes = Math.min(made.inputBytesMax, end - at);
    made.memory.set(bytes.subarray(at, at + lengthBytes), made.inputAt);
    value = made.crc32(made.inputAt, made.inputAt + lengthBytes, value);
  }
  return value;
}

/** Eight bytes a step, as the kernel does it with sixteen. */
function shortUpdate(tables: Int32Array, register: number, bytes: Uint8Array, start: number, end: number): number {
  let value = register;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    value =
      tables[1792 + ((value ^ bytes[at]) & 0xff)] ^
      tables[1536 + (((value >>> 8) ^ bytes[at + 1]) & 0xff)] ^
      tables[1280 + (((value >>> 16) ^ bytes[at + 2]) & 0xff)] ^
      tables[1024 + ((value >>> 24) ^ bytes[at + 3])] ^
      tables[768 + bytes[at + 4]] ^
      tables[512 + bytes[at + 5]] ^
      tables[256 + bytes[at + 6]] ^
      tables[bytes[at + 7]];
  }
  for (; at < end; at++) value = (value >>> 8) ^ tables[(value ^ bytes[at]) & 0xff];
  return value;
}

let table: Int32Array | undefined;

/** For engines without WebAssembly. */
function plainUpdate(register: number, bytes: Uint8Array, start: number, end: number): number {
  table ??= byteTable();
  let value = register;
  for (let at = start; at < end; at++) value = (value >>> 8) ^ table[(value ^ bytes[at]) & 0xff];
  return value;
}

/**
 * Feeds bytes `start`…`end - 1` into a running register.
 *
 * @returns the register, an unsigned 32-bit number.
 */
export function crc32Update(register: number, bytes: Uint8Array, start = 0, end = bytes.length): number {
  return swapBytes(update(swapBytes(register), bytes, start, end)) >>> 0;
}

/** The CRC from the register after the last byte. */
export const crc32Finish = (register: number): number => ~register >>> 0;

/** CRC-32 of bytes `start`…`end - 1`, unsigned. */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return crc32Finish(crc32Update(CRC32_INIT, bytes, start, end));
}

/** Whether the last four of the bytes `start`…`end - 1` are the CRC-32 of those before them. */
export const crc32Holds = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start >= 4 && update(-1, bytes, start, end) === RESIDUE;
