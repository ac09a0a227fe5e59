/**
 * Makes strange frames, from good ones or from nothing. Knows the bytes of a header, and no state of any ONT or OLT.
 */
import { PDU_BYTES_MAX, AK, BASELINE_PDU_BYTES, MESSAGE_TYPE_BITS } from "../../omci/index.ts";
import type { Dice } from "./dice.ts";

/** Beyond the largest PDU. */
const TOO_LONG_BYTES = 2100;

/** Frames that were seen, of which others are made; the oldest go first. */
export class Corpus {
  readonly #frames: Uint8Array[] = [];
  readonly #framesMax: number;
  #next = 0;

  constructor(framesMax: number) {
    this.#framesMax = framesMax;
  }

  add(pdu: Uint8Array): void {
    this.#frames[this.#next] = pdu.slice();
    this.#next = (this.#next + 1) % this.#framesMax;
  }

  among(dice: Dice): Uint8Array {
    return this.#frames.length === 0 ? new Uint8Array(BASELINE_PDU_BYTES) : dice.among(this.#frames);
  }
}

type Mutation = (dice: Dice, corpus: Corpus) => Uint8Array;

const drawBytes = (dice: Dice, length: number): Uint8Array => Uint8Array.from({ length }, () => dice.between(0, 255));

const changed = (frame: Uint8Array, change: (bytes: Uint8Array) => void): Uint8Array => {
  const bytes = frame.slice();
  if (bytes.length > 0) change(bytes);
  return bytes;
};

/** Values at which things tend to break. */
const edges = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff];

/** Bytes of the header, behind it the contents length of extended frames, and the first contents. */
const HEADER_BYTES = 12;
/** Message types as they are on the wire, with AR and AK: Start, section, End, Activate, Commit, Get, resets. */
const typeBytes = [
  0x53, 0x14, 0x54, 0x55, 0x56, 0x57, 0x49, 0x4f, 0x58, 0x33, 0x34, 0x35, 0x36, 0x37, 0x29, 0x10, 0x11,
];

/** Every way in which a frame is made, by name. */
export const mutations: Readonly<Record<string, Mutation>> = {
  random: (dice) => drawBytes(dice, dice.chance(0.8) ? dice.between(0, 64) : dice.between(0, TOO_LONG_BYTES)),
  "random baseline": (dice) =>
    changed(drawBytes(dice, BASELINE_PDU_BYTES), (bytes) => {
      bytes[3] = 0x0a;
      bytes[2] = dice.among(typeBytes);
    }),
  "cut off": (dice, corpus) => {
    const frame = corpus.among(dice);
    return frame.slice(0, dice.between(0, Math.max(0, frame.length - 1)));
  },
  "too long": (dice, corpus) => {
    const frame = corpus.among(dice);
    const bytes = new Uint8Array(frame.length + dice.between(1, dice.chance(0.9) ? 16 : PDU_BYTES_MAX));
    bytes.set(frame);
    return bytes;
  },
  "bits flipped": (dice, corpus) =>
    changed(corpus.among(dice), (bytes) => {
      for (let flips = dice.between(1, 8); flips > 0; flips--)
        bytes[dice.between(0, bytes.length - 1)] ^= 1 << dice.between(0, 7);
    }),
  "header changed": (dice, corpus) =>
    changed(corpus.among(dice), (bytes) => {
      for (let changes = dice.between(1, 3); changes > 0; changes--)
        bytes[dice.between(0, Math.min(HEADER_BYTES, bytes.length) - 1)] = dice.chance(0.5)
          ? dice.among(edges)
          : dice.between(0, 255);
    }),
  "type changed": (dice, corpus) =>
    changed(corpus.among(dice), (bytes) => {
      bytes[Math.min(2, bytes.length - 1)] = dice.among(typeBytes);
    }),
  "contents changed": (dice, corpus) =>
    changed(corpus.among(dice), (bytes) => {
      for (let at = 8; at < bytes.length; at++) if (dice.chance(0.3)) bytes[at] = dice.among(edges);
    }),
  spliced: (dice, corpus) => {
    const head = corpus.among(dice);
    const tail = corpus.among(dice);
    const cut = dice.between(0, Math.min(head.length, tail.length));
    return Uint8Array.from([...head.subarray(0, cut), ...tail.subarray(cut)]);
  },
  repeated: (dice, corpus) => corpus.among(dice).slice(),
};

const names = Object.keys(mutations);

/** AR of a request becomes AK of its answer. */

/** An answer to a request, right in everything but what it says. */
export const forgeAnswer = (dice: Dice, request: Uint8Array): Uint8Array =>
  changed(request, (bytes) => {
    bytes[2] = (bytes[2] & MESSAGE_TYPE_BITS) | AK;
    const contentsAt = bytes[3] === 0x0b ? 10 : 8;
    const share = dice.fraction(0, 1);
    for (let at = contentsAt; at < bytes.length; at++)
      if (dice.chance(share)) bytes[at] = dice.chance(0.5) ? dice.among(edges) : dice.between(0, 255);
  });

/** A frame as nobody should send it. */
export function mutate(dice: Dice, corpus: Corpus): { name: string; pdu: Uint8Array } {
  const name = dice.among(names);
  return { name, pdu: mutations[name](dice, corpus) };
}
