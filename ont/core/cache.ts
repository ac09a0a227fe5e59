/** The answers an ONT keeps for requests that come again. */
import { isHighPriority } from "../../omci/index.ts";

interface Entry {
  tci: number;
  request: Uint8Array;
  /** null while the answer waits for the flash. */
  answer: Uint8Array | null;
}

export type CacheVerdict = { kind: "new" } | { kind: "pending" } | { kind: "answered"; answer: Uint8Array };

const NEW: CacheVerdict = { kind: "new" };
const PENDING: CacheVerdict = { kind: "pending" };

/**
 * The last request of each priority with its answer (G.988 B.2): the OLT repeats a request whose answer was lost, and
 * the repeat must have no second effect. Download sections stay out, a window answers for itself (see sections.ts).
 */
export class AnswerCache {
  #low: Entry | null = null;
  #high: Entry | null = null;

  look(tci: number, request: Uint8Array): CacheVerdict {
    const entry = isHighPriority(tci) ? this.#high : this.#low;
    if (entry === null || !equalBytes(entry.request, request)) return NEW;
    return entry.answer === null ? PENDING : { kind: "answered", answer: entry.answer };
  }

  /** Keeps a request that is about to be carried out. */
  begin(tci: number, request: Uint8Array): void {
    this.#put(tci, { tci, request: request.slice(), answer: null });
  }

  /**
   * Keeps the answer to the request of this TCI.
   *
   * @param isFinal false for "device busy": the repeat of that request is carried out again (G.988 I.3)
   */
  answered(tci: number, answer: Uint8Array, isFinal: boolean): void {
    const entry = isHighPriority(tci) ? this.#high : this.#low;
    if (entry === null || entry.tci !== tci) return;
    if (isFinal) entry.answer = answer;
    else this.#put(tci, null);
  }

  clear(): void {
    this.#low = null;
    this.#high = null;
  }

  #put(tci: number, entry: Entry | null): void {
    if (isHighPriority(tci)) this.#high = entry;
    else this.#low = entry;
  }
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  return left.every((byte, index) => byte === right[index]);
}
