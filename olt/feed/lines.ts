/** What an OLT and the server of the feed tell each other: JSON, a line each, over TCP; who has the key of the PON shows it first. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { FeedAsk } from "./shares.ts";

/** Longer lines are nobody's of ours. */
const LINE_BYTES_MAX = 1024;

/** Server to OLT: first, the number that only this connection has. */
export interface FeedChallenge {
  challenge: string;
}

/** OLT to server: the answer to it, and which port it is. */
export interface FeedHello {
  port: number;
  answer: string;
}

/** Server to OLT, to each ask. */
export interface FeedGrant {
  bytesPerSecond: number;
}

/** What shows that somebody has the key, for this connection and this port only. */
export const answerTo = (key: Uint8Array, challenge: string, port: number): string =>
  createHmac("sha256", key).update(`poncast feed ${port} ${challenge}`).digest("hex");

export function isAnswer(key: Uint8Array, challenge: string, { port, answer }: FeedHello): boolean {
  const [told, right] = [answer, answerTo(key, challenge, port)].map((text) => Buffer.from(text, "latin1"));
  return told.length === right.length && timingSafeEqual(told, right);
}

/** @returns undefined for what is no line of this kind */
export function readHello(line: string): FeedHello | undefined {
  const { port, answer } = objectOf(line);
  return Number.isInteger(port) && typeof answer === "string" ? { port: port as number, answer } : undefined;
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

  /** @returns the lines that are whole now; undefined: this is no stream of lines */
  take(text: string): string[] | undefined {
    const lines = (this.#begun + text).split("\n");
    this.#begun = lines.pop() ?? "";
    const isLong = (line: string): boolean => line.length > LINE_BYTES_MAX;
    return isLong(this.#begun) || lines.some(isLong) ? undefined : lines;
  }
}
