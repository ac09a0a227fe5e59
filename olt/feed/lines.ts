/**
 * What an OLT and the server of the feed tell each other, and how a host that brings a port begins: JSON, a line each, over TCP;
 * who has the key of the PON shows it first.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { FeedAsk } from "./shares.ts";

/** Longer lines are nobody's of ours. */
const LINE_BYTES_MAX = 1024;
/** The same between an owner and a host, once both have shown the key. */
export const LINK_LINE_BYTES_MAX = 8 * 1024 * 1024;
/** Of numbers that are drawn for one connection. */
export const CHALLENGE_BYTES = 16;

/** Server to OLT: first, the number that only this connection has. */
export interface FeedChallenge {
  challenge: string;
}

/** OLT to server: which port it is, a number of its own, so that the server has to show the key, too, and the answer to both. */
export interface FeedHello {
  port: number;
  nonce: string;
  answer: string;
}

/** Host to owner in the same place: what it calls itself instead of the port. */
export interface JoinHello {
  host: string;
  nonce: string;
  answer: string;
}

/** Server to OLT, to each ask. */
export interface FeedGrant {
  bytesPerSecond: number;
}

/** What shows that somebody has the key, for this connection and this port only. */
export const answerTo = (key: Uint8Array, challenge: string, { port, nonce }: Omit<FeedHello, "answer">): string =>
  createHmac("sha256", key).update(`poncast feed ${port} ${nonce} ${challenge}`).digest("hex");

export const isAnswer = (key: Uint8Array, challenge: string, hello: FeedHello): boolean =>
  isSame(hello.answer, answerTo(key, challenge, hello));

export const answerToJoin = (key: Uint8Array, challenge: string, { host, nonce }: Omit<JoinHello, "answer">): string =>
  createHmac("sha256", key).update(`poncast join ${host} ${nonce} ${challenge}`).digest("hex");

export const isAnswerToJoin = (key: Uint8Array, challenge: string, hello: JoinHello): boolean =>
  isSame(hello.answer, answerToJoin(key, challenge, hello));

/** Seals all that is said on a connection after the hello; both ends have drawn a part of it. */
export const linkKey = (key: Uint8Array, challenge: string, nonce: string): Uint8Array =>
  createHmac("sha256", key).update(`poncast link ${nonce} ${challenge}`).digest();

function isSame(answer: string, wanted: string): boolean {
  const [told, right] = [answer, wanted].map((text) => Buffer.from(text, "latin1"));
  return told.length === right.length && timingSafeEqual(told, right);
}

/** @returns undefined for what is no line of this kind */
export function readHello(line: string): FeedHello | undefined {
  const { port, nonce, answer } = objectOf(line);
  if (!Number.isInteger(port) || !isHex(nonce) || typeof answer !== "string") return undefined;
  return { port: port as number, nonce, answer };
}

export function readJoinHello(line: string): JoinHello | undefined {
  const { host, nonce, answer } = objectOf(line);
  return isHex(host) && isHex(nonce) && typeof answer === "string" ? { host, nonce, answer } : undefined;
}

export function readAsk(line: string): FeedAsk | undefined {
  const { usedBytesPerSecond: used, isHeldBack, rateBytesPerSecond: rate } = objectOf(line);
  if (!isRate(used) || !isRate(rate) || typeof isHeldBack !== "boolean") return undefined;
  return { usedBytesPerSecond: used, isHeldBack, rateBytesPerSecond: rate };
}

export function readChallenge(line: string): FeedChallenge | undefined {
  const { challenge } = objectOf(line);
  return typeof challenge === "string" ? { challenge } : undefined;
}

export function readGrant(line: string): FeedGrant | undefined {
  const { bytesPerSecond } = objectOf(line);
  return isRate(bytesPerSecond) ? { bytesPerSecond } : undefined;
}

const HEX = /^[0-9a-f]{32}$/;

const isHex = (value: unknown): value is string => typeof value === "string" && HEX.test(value);

const isRate = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

function objectOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Takes a stream apart into lines. */
export class LineCutter {
  #begun = "";
  #lineBytesMax = LINE_BYTES_MAX;

  /** Lines may be so long from now on. */
  allow(lineBytesMax: number): void {
    this.#lineBytesMax = lineBytesMax;
  }

  /** @returns the lines that are whole now; undefined: this is no stream of lines */
  take(text: string): string[] | undefined {
    const lines = (this.#begun + text).split("\n");
    this.#begun = lines.pop() ?? "";
    const isLong = (line: string): boolean => line.length > this.#lineBytesMax;
    return isLong(this.#begun) || lines.some(isLong) ? undefined : lines;
  }
}
