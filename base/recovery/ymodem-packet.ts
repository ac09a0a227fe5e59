/**
 * YMODEM as octets (Forsberg, "XMODEM/YMODEM Protocol Reference", 1988): blocks of 128 or 1,024 octets with their number and a
 * CRC-16, answered by one octet each. Block 0 names the file and its size.
 */
import { octetsOf, textOf } from "./fastboot-frames.ts";

export const SOH = 0x01;
export const STX = 0x02;
export const EOT = 0x04;
export const ACK = 0x06;
export const NAK = 0x15;
export const CAN = 0x18;
/** What a receiver that checks CRCs asks for the first block with. */
export const CRC_MODE = 0x43;
/** What fills a last block. */
const CPM_EOF = 0x1a;

export const SHORT_BYTES = 128;
export const LONG_BYTES = 1024;
/** Start, number, its complement. */
export const YMODEM_HEAD_BYTES = 3;
export const YMODEM_CRC_BYTES = 2;

/** Two of them end a session; more, as one may be lost. */
export const YMODEM_CANCEL = Uint8Array.from([CAN, CAN, CAN, CAN, CAN]);

const CRC_POLYNOMIAL = 0x1021;

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, index) => {
  let crc = index << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ CRC_POLYNOMIAL;
  return crc & 0xffff;
});

/** CRC-16 with polynomial 0x1021, from 0, not reflected. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ CRC_TABLE[(crc >> 8) ^ byte]!;
  return crc;
}

/** @param number of the block, counted on from 0; its last octet goes out @param content at most 1,024 octets */
export function ymodemBlock(number: number, content: Uint8Array, fill = CPM_EOF): Uint8Array {
  const size = content.length <= SHORT_BYTES ? SHORT_BYTES : LONG_BYTES;
  const block = new Uint8Array(YMODEM_HEAD_BYTES + size + YMODEM_CRC_BYTES).fill(fill);
  block.set([size === SHORT_BYTES ? SOH : STX, number & 0xff, ~number & 0xff]);
  block.set(content, YMODEM_HEAD_BYTES);
  const crc = crc16(block.subarray(YMODEM_HEAD_BYTES, YMODEM_HEAD_BYTES + size));
  block.set([crc >> 8, crc & 0xff], YMODEM_HEAD_BYTES + size);
  return block;
}

/** Whether a whole block is what was sent. */
export function isWholeBlock(block: Uint8Array): boolean {
  const end = block.length - YMODEM_CRC_BYTES;
  if (((block[1]! ^ block[2]!) & 0xff) !== 0xff) return false;
  return crc16(block.subarray(YMODEM_HEAD_BYTES, end)) === ((block[end]! << 8) | block[end + 1]!);
}

export interface YmodemFile {
  /** Empty: there is no more file. */
  name: string;
  /** undefined: the sender did not tell. */
  sizeBytes: number | undefined;
}

/** Longest name that goes into a block 0. */
export const YMODEM_NAME_MAX = 96;
/** Largest size told, bytes. */
const SIZE_MAX = 2 ** 40;

export function ymodemHeader({ name, sizeBytes }: YmodemFile): Uint8Array {
  const text = name === "" ? "" : `${name.slice(0, YMODEM_NAME_MAX)}\0${sizeBytes ?? ""}`;
  return ymodemBlock(0, octetsOf(text), 0);
}

/** Of the content of a block 0; what is no size is none. */
export function readYmodemHeader(content: Uint8Array): YmodemFile {
  const end = content.indexOf(0);
  const name = textOf(content.subarray(0, Math.max(0, end)));
  const size = /^(\d{1,15})(?:[ \0]|$)/.exec(textOf(content.subarray(end + 1)));
  const sizeBytes = size === null ? undefined : Number(size[1]);
  return { name, sizeBytes: sizeBytes !== undefined && sizeBytes <= SIZE_MAX ? sizeBytes : undefined };
}
