/** TFTP as octets (RFC 1350), with options (RFC 2347): block size (2348), timeout and size (2349), window size (7440). */
import { octetsOf, textOf } from "./fastboot-frames.ts";

export const TFTP_PORT = 69;

const OPCODES = { read: 1, write: 2, data: 3, ack: 4, error: 5, optionsAck: 6 } as const;

/** RFC 1350, 5 and RFC 2347. */
export const TFTP_ERROR = {
  undefined: 0,
  notFound: 1,
  accessViolation: 2,
  diskFull: 3,
  illegal: 4,
  unknownTransfer: 5,
  exists: 6,
  noUser: 7,
  options: 8,
} as const;

export const TFTP_BLOCK_BYTES = 512;
/** RFC 2348. */
export const TFTP_BLOCK_BYTES_MIN = 8;
export const TFTP_BLOCK_BYTES_LIMIT = 65_464;
/** RFC 7440. */
export const TFTP_WINDOW_LIMIT = 65_535;
/** RFC 2349. */
export const TFTP_TIMEOUT_SECONDS_MAX = 255;
/** Longest request that is read: RFC 2347 has them fit 512 octets. */
const REQUEST_BYTES_MAX = 512;
const ERROR_TEXT_MAX = 200;
const HEAD_BYTES = 4;

/** Options as they are written, by their names in lower case. */
export type TftpOptions = ReadonlyMap<string, string>;

export interface TftpRequest {
  type: "read" | "write";
  file: string;
  mode: string;
  options: TftpOptions;
}

export type TftpPacket =
  | TftpRequest
  /** @property block its last 16 bits */
  | { type: "data"; block: number; bytes: Uint8Array }
  | { type: "ack"; block: number }
  | { type: "error"; code: number; text: string }
  | { type: "optionsAck"; options: TftpOptions };

const strings = (...texts: readonly string[]): Uint8Array => octetsOf(texts.map((text) => `${text}\0`).join(""));

function packet(opcode: number, number: number | undefined, bytes: Uint8Array): Uint8Array {
  const at = number === undefined ? 2 : HEAD_BYTES;
  const whole = new Uint8Array(at + bytes.length);
  const view = new DataView(whole.buffer);
  view.setUint16(0, opcode);
  if (number !== undefined) view.setUint16(2, number & 0xffff);
  whole.set(bytes, at);
  return whole;
}

export function encodeTftp(what: TftpPacket): Uint8Array {
  switch (what.type) {
    case "read":
    case "write":
      return packet(OPCODES[what.type], undefined, strings(what.file, what.mode, ...[...what.options].flat()));
    case "data":
      return packet(OPCODES.data, what.block, what.bytes);
    case "ack":
      return packet(OPCODES.ack, what.block, new Uint8Array(0));
    case "error":
      return packet(OPCODES.error, what.code, strings(what.text.slice(0, ERROR_TEXT_MAX).replaceAll("\0", " ")));
    case "optionsAck":
      return packet(OPCODES.optionsAck, undefined, strings(...[...what.options].flat()));
  }
}

/** @returns undefined for what is no packet; `bytes` of data is the memory that was handed in */
export function decodeTftp(bytes: Uint8Array): TftpPacket | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = view.getUint16(2);
  switch (view.getUint16(0)) {
    case OPCODES.read:
      return decodeRequest("read", bytes);
    case OPCODES.write:
      return decodeRequest("write", bytes);
    case OPCODES.data:
      return { type: "data", block: number, bytes: bytes.subarray(HEAD_BYTES) };
    case OPCODES.ack:
      return { type: "ack", block: number };
    case OPCODES.error: {
      // Some leave out the zero at the end.
      const text = textOf(bytes.subarray(HEAD_BYTES, HEAD_BYTES + ERROR_TEXT_MAX)).split("\0", 1)[0] ?? "";
      return { type: "error", code: number, text };
    }
    case OPCODES.optionsAck: {
      const texts = stringsOf(bytes);
      const options = texts && optionsOf(texts);
      return options && { type: "optionsAck", options };
    }
    default:
      return undefined;
  }
}

/** The texts behind the opcode, each ended by a zero; undefined where one is not, or the packet is too long. */
function stringsOf(bytes: Uint8Array): string[] | undefined {
  if (bytes.length > REQUEST_BYTES_MAX || bytes.at(-1) !== 0) return undefined;
  return textOf(bytes.subarray(2, -1)).split("\0");
}

function decodeRequest(type: "read" | "write", bytes: Uint8Array): TftpRequest | undefined {
  const [file, mode, ...rest] = stringsOf(bytes) ?? [];
  const options = optionsOf(rest);
  if (file === undefined || file === "" || mode === undefined || options === undefined) return undefined;
  return { type, file, mode: mode.toLowerCase(), options };
}

/** @returns undefined where a name has no value; of an option that comes twice the first counts */
function optionsOf(texts: readonly string[]): TftpOptions | undefined {
  if (texts.length % 2 !== 0) return undefined;
  const options = new Map<string, string>();
  for (let at = 0; at < texts.length; at += 2) {
    const name = texts[at]!.toLowerCase();
    if (!options.has(name)) options.set(name, texts[at + 1]!);
  }
  return options;
}

/** What both sides keep to. */
export interface TftpTerms {
  blockBytes: number;
  windowBlocks: number;
  timeoutMs: number;
  /** Of the file; undefined: nobody told. */
  sizeBytes: number | undefined;
}

export const TFTP_DEFAULTS: TftpTerms = {
  blockBytes: TFTP_BLOCK_BYTES,
  windowBlocks: 1,
  timeoutMs: 1_000,
  sizeBytes: undefined,
};

const MS_PER_SECOND = 1_000;

/** A decimal number between bounds; undefined for anything else. */
export function tftpNumber(text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

/** What a server makes of a request's options: the terms, and what it answers; a value that is none is left unanswered. */
export function agreeTftp(
  { type, options }: TftpRequest,
  own: { blockBytesMax: number; windowBlocksMax: number; sizeBytes: number | undefined },
): { terms: TftpTerms; answered: TftpOptions } {
  const answered = new Map<string, string>();
  const terms = { ...TFTP_DEFAULTS };
  const take = (name: string, min: number, max: number, use: (value: number) => number): void => {
    const value = tftpNumber(options.get(name), min, max);
    if (value !== undefined) answered.set(name, String(use(value)));
  };
  take("blksize", TFTP_BLOCK_BYTES_MIN, TFTP_BLOCK_BYTES_LIMIT, (value) => {
    terms.blockBytes = Math.min(value, own.blockBytesMax);
    return terms.blockBytes;
  });
  take("windowsize", 1, TFTP_WINDOW_LIMIT, (value) => {
    terms.windowBlocks = Math.min(value, own.windowBlocksMax);
    return terms.windowBlocks;
  });
  take("timeout", 1, TFTP_TIMEOUT_SECONDS_MAX, (value) => {
    terms.timeoutMs = value * MS_PER_SECOND;
    return value;
  });
  take("tsize", 0, Number.MAX_SAFE_INTEGER, (value) => {
    terms.sizeBytes = type === "write" ? value : own.sizeBytes;
    return terms.sizeBytes ?? value;
  });
  // Who reads tells 0 to be told; a size that the server does not know is not answered.
  if (type === "read" && own.sizeBytes === undefined) answered.delete("tsize");
  return { terms, answered };
}

/** What a client asks for. */
export function askedTftp(wished: TftpTerms, isRead: boolean): TftpOptions {
  const options = new Map<string, string>();
  if (wished.blockBytes !== TFTP_BLOCK_BYTES) options.set("blksize", String(wished.blockBytes));
  if (wished.windowBlocks > 1) options.set("windowsize", String(wished.windowBlocks));
  if (isRead) options.set("tsize", "0");
  else if (wished.sizeBytes !== undefined) options.set("tsize", String(wished.sizeBytes));
  return options;
}

/** What a client makes of the server's answer. @returns undefined: it was not asked for that */
export function agreedTftp(wished: TftpTerms, asked: TftpOptions, answered: TftpOptions): TftpTerms | undefined {
  const terms = { ...TFTP_DEFAULTS, timeoutMs: wished.timeoutMs, sizeBytes: wished.sizeBytes };
  for (const [name, text] of answered) {
    if (!asked.has(name)) return undefined;
    const [min, max] = LIMITS[name]?.(wished) ?? [0, -1];
    const value = tftpNumber(text, min, max);
    if (value === undefined) return undefined;
    if (name === "blksize") terms.blockBytes = value;
    else if (name === "windowsize") terms.windowBlocks = value;
    else terms.sizeBytes = value;
  }
  return terms;
}

/** A server may answer less than was asked for, never more. */
const LIMITS: Readonly<Record<string, (wished: TftpTerms) => readonly [number, number]>> = {
  blksize: ({ blockBytes }) => [TFTP_BLOCK_BYTES_MIN, blockBytes],
  windowsize: ({ windowBlocks }) => [1, windowBlocks],
  tsize: () => [0, Number.MAX_SAFE_INTEGER],
};

/** What happens in a transfer. */
export type TftpEvent =
  /** Both sides have agreed. */
  | { type: "agreed"; terms: TftpTerms }
  /** In order, each octet once. */
  | { type: "data"; bytes: Uint8Array }
  /** All is in; the other side hears so by `confirm`, or why it is of no use by `refuse`. */
  | { type: "received"; bytes: number }
  /** So much is in the other side's hands. */
  | { type: "sent"; bytes: number }
  | { type: "done" }
  /** @property code of TFTP's errors; -1: the other side has fallen silent */
  | { type: "failed"; code: number; text: string };

/** What a server allows. */
export interface TftpServing {
  blockBytesMax: number;
  windowBlocksMax: number;
  /** A file of more is refused. */
  bytesMax: number;
}
