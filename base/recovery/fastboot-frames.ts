/**
 * Fastboot over TCP as octets: both sides say `FB01`, then come frames of a length (64 bits, big-endian) and so many octets. A
 * frame is a command, an answer or a part of what is loaded; which of them, the two sides know from what was said before.
 */

/** What both sides say first: the protocol, and its version in two digits. */
export const FASTBOOT_HELLO = "FB01";
export const FASTBOOT_PORT = 5554;
const HELLO_BYTES = 4;
const HEAD_BYTES = 8;
/** Longest command and answer in one frame, octets. */
export const FASTBOOT_COMMAND_BYTES_MAX = 4096;
export const FASTBOOT_ANSWER_BYTES_MAX = 256;

/** What was read of a stream, in order. The octets of a frame come in as many parts as they arrive in. */
export type FastbootPart =
  | { type: "hello" }
  | { type: "frame"; lengthBytes: number }
  /** Valid during the call only. @property isLast of its frame */
  | { type: "octets"; bytes: Uint8Array; isLast: boolean }
  /** Nothing after this is understood. */
  | { type: "bad"; problem: string };

/** Reads any octets; keeps at most a head of them. */
export class FastbootReader {
  readonly #head = new Uint8Array(HEAD_BYTES);
  #headBytes = 0;
  #isGreeted = false;
  #leftBytes = 0;
  #isBad = false;

  push(bytes: Uint8Array, take: (part: FastbootPart) => void): void {
    for (let at = 0; at < bytes.length && !this.#isBad;) {
      if (this.#leftBytes > 0) {
        const part = bytes.subarray(at, at + this.#leftBytes);
        at += part.length;
        this.#leftBytes -= part.length;
        take({ type: "octets", bytes: part, isLast: this.#leftBytes === 0 });
      } else {
        at += this.#fill(bytes.subarray(at));
        this.#judge(take);
      }
    }
  }

  #fill(bytes: Uint8Array): number {
    const wanted = (this.#isGreeted ? HEAD_BYTES : HELLO_BYTES) - this.#headBytes;
    const part = bytes.subarray(0, wanted);
    this.#head.set(part, this.#headBytes);
    this.#headBytes += part.length;
    return part.length;
  }

  #judge(take: (part: FastbootPart) => void): void {
    const bad = (problem: string): void => {
      this.#isBad = true;
      take({ type: "bad", problem });
    };
    if (!this.#isGreeted) {
      if (this.#headBytes < HELLO_BYTES) return;
      // Later versions have to speak the first one, too.
      if (!/^FB\d\d$/.test(textOf(this.#head.subarray(0, HELLO_BYTES)))) return bad("no fastboot at the other end");
      this.#isGreeted = true;
      this.#headBytes = 0;
      return take({ type: "hello" });
    }
    if (this.#headBytes < HEAD_BYTES) return;
    this.#headBytes = 0;
    const view = new DataView(this.#head.buffer);
    const lengthBytes = view.getUint32(0) * 2 ** 32 + view.getUint32(4);
    if (lengthBytes === 0 || !Number.isSafeInteger(lengthBytes)) return bad("a frame of impossible length");
    this.#leftBytes = lengthBytes;
    take({ type: "frame", lengthBytes });
  }
}

export function fastbootHead(lengthBytes: number): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(0, Math.floor(lengthBytes / 2 ** 32));
  view.setUint32(4, lengthBytes >>> 0);
  return head;
}

export function fastbootFrame(bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEAD_BYTES + bytes.length);
  frame.set(fastbootHead(bytes.length));
  frame.set(bytes, HEAD_BYTES);
  return frame;
}

/** One octet a character, which any octets have. */
export const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** @returns one octet for each character; what has none becomes a question mark */
export function octetsOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    bytes[at] = code < 0x100 ? code : 0x3f;
  }
  return bytes;
}

/** A length as fastboot writes it: eight hexadecimal digits. */
export const fastbootLength = (bytes: number): string => bytes.toString(16).padStart(8, "0");

/** @returns undefined for what is no such length */
export const readFastbootLength = (text: string): number | undefined =>
  /^[0-9a-f]{8}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
