/** Keys and contents that a run makes from its seed. They protect nothing but a simulation. */
import { createHash } from "node:crypto";
import { createStream } from "../../pon/index.ts";
import { atOnce, type ImageSteps } from "./steps.ts";

/** PKCS #8 around the 32 bytes of an Ed25519 private key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** An Ed25519 private key. @returns PEM */
export function privateKeyFor(seed: number, name: string): string {
  const raw = createHash("sha256").update(`poncast ${seed} key/${name}`).digest();
  const der = Buffer.concat([PKCS8_PREFIX, raw]);
  // 48 bytes: one line of base64. A key object on the way would take longer than to sign with it.
  return `-----BEGIN PRIVATE KEY-----\n${der.toString("base64")}\n-----END PRIVATE KEY-----\n`;
}

/** Of a step: some milliseconds. */
const STEP_WORDS = 128 * 1024;

/** Pseudo-random bytes, so that neither holes nor compression flatter the transfer. */
export const payloadOf = (bytes: number, seed: number, name: string): Uint8Array =>
  atOnce(payloadIn(bytes, seed, name));

/** The same in steps. */
export function* payloadIn(bytes: number, seed: number, name: string): ImageSteps<Uint8Array> {
  const stream = createStream(seed, name);
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let from = 0; from < words.length; from += STEP_WORDS) {
    const to = Math.min(words.length, from + STEP_WORDS);
    stream.fill(words.subarray(from, to));
    if (to < words.length) yield undefined;
  }
  return new Uint8Array(words.buffer, 0, bytes);
}

/** Bytes that differ in one piece: the size of a function, or of a small file. */
const PIECE_BYTES = 4096;

/** A payload that came before: so much of it is other bytes, in pieces spread over it, each of them a little longer or shorter. */
export function* earlierPayload(
  payload: Uint8Array,
  changed: number,
  seed: number,
  name: string,
): ImageSteps<Uint8Array> {
  const stream = createStream(seed, name);
  const fresh = yield* payloadIn(payload.length, seed, `${name}/fresh`);
  const pieces = Math.round((payload.length * changed) / PIECE_BYTES);
  if (pieces === 0) return payload;
  const parts: Uint8Array[] = [];
  const stride = payload.length / pieces;
  let at = 0;
  for (let piece = 0; piece < pieces; piece++) {
    const room = Math.max(0, Math.floor(stride) - PIECE_BYTES);
    const from = Math.max(at, Math.floor(piece * stride + stream.nextFloat() * room));
    const to = Math.min(payload.length, from + PIECE_BYTES);
    // What stands in its place has another length, so that all behind it has moved.
    const bytes = Math.floor(PIECE_BYTES * (0.75 + 0.5 * stream.nextFloat()));
    parts.push(payload.subarray(at, from), fresh.subarray(from, Math.min(fresh.length, from + bytes)));
    at = to;
  }
  return Buffer.concat([...parts, payload.subarray(at)]);
}
