/**
 * What many downloads share, as a fluid: each gets what it may take, and of the rest an equal part (max-min fairness), as TCP
 * does roughly. Downloads of one limit are one class, which is served as one, so that thousands cost what a few do.
 */

const NS_PER_SECOND = 1e9;
/** Bytes that rounding may leave over. */
const SLACK_BYTES = 1e-3;

interface Piece {
  id: number;
  /** Of the class, when the piece is through. */
  atBytes: number;
  isGone: boolean;
}

interface LinkClass {
  limitBytesPerSecond: number;
  count: number;
  /** Bytes that each of the class has had since there is the class. */
  servedBytes: number;
  rateBytesPerSecond: number;
  /** By `atBytes`, a heap. */
  heap: Piece[];
}

export class SharedLink {
  readonly #rateBytesPerSecond: number;
  readonly #classes: LinkClass[] = [];
  readonly #pieces = new Map<number, { piece: Piece; of: LinkClass }>();
  #atNs = 0;
  /** Bytes that were carried, those of pieces under way as well. */
  carriedBytes = 0;
  peakBytesPerSecond = 0;

  /** @param rateBytesPerSecond of all together; Infinity: only the limits of each count */
  constructor(rateBytesPerSecond: number) {
    this.#rateBytesPerSecond = rateBytesPerSecond;
  }

  get open(): number {
    return this.#pieces.size;
  }

  /** What one more of this limit would get, bytes a second. */
  shareOf(limitBytesPerSecond: number): number {
    return Math.min(limitBytesPerSecond, this.#rateBytesPerSecond / (this.#pieces.size + 1));
  }

  /** @param id of its own @param limitBytesPerSecond above 0 */
  add(nowNs: number, id: number, limitBytesPerSecond: number, bytes: number): void {
    this.#advance(nowNs);
    let of = this.#classes.find((each) => each.limitBytesPerSecond === limitBytesPerSecond);
    if (of === undefined) {
      of = { limitBytesPerSecond, count: 0, servedBytes: 0, rateBytesPerSecond: 0, heap: [] };
      this.#classes.push(of);
      this.#classes.sort((one, other) => one.limitBytesPerSecond - other.limitBytesPerSecond);
    }
    const piece = { id, atBytes: of.servedBytes + bytes, isGone: false };
    this.#pieces.set(id, { piece, of });
    of.count += 1;
    push(of.heap, piece);
    this.#divide();
  }

  remove(nowNs: number, id: number): void {
    const found = this.#pieces.get(id);
    if (found === undefined) return;
    this.#advance(nowNs);
    found.piece.isGone = true;
    found.of.count -= 1;
    this.#pieces.delete(id);
    this.#divide();
  }

  /** When the next piece is through; Infinity when none is under way. */
  nextNs(): number {
    let nextNs = Infinity;
    for (const of of this.#classes) {
      const first = firstOf(of.heap);
      if (first === undefined) continue;
      const leftBytes = Math.max(0, first.atBytes - of.servedBytes);
      nextNs = Math.min(nextNs, this.#atNs + Math.ceil((leftBytes * NS_PER_SECOND) / of.rateBytesPerSecond));
    }
    return nextNs;
  }

  /** Takes out the pieces that are through by now. @returns their ids */
  through(nowNs: number): number[] {
    this.#advance(nowNs);
    const ids: number[] = [];
    for (const of of this.#classes) {
      for (let first = firstOf(of.heap); first !== undefined; first = firstOf(of.heap)) {
        if (first.atBytes > of.servedBytes + SLACK_BYTES) break;
        pop(of.heap);
        of.count -= 1;
        this.#pieces.delete(first.id);
        ids.push(first.id);
      }
    }
    if (ids.length > 0) this.#divide();
    return ids;
  }

  #advance(nowNs: number): void {
    const elapsedNs = nowNs - this.#atNs;
    this.#atNs = nowNs;
    if (elapsedNs <= 0) return;
    for (const of of this.#classes) {
      if (of.count === 0) continue;
      const bytes = (of.rateBytesPerSecond * elapsedNs) / NS_PER_SECOND;
      of.servedBytes += bytes;
      this.carriedBytes += bytes * of.count;
    }
  }

  /** Who may take less than an equal part takes that; the others share what is left. */
  #divide(): void {
    let left = this.#rateBytesPerSecond;
    let waiting = this.#pieces.size;
    let total = 0;
    for (const of of this.#classes) {
      if (of.count === 0) continue;
      of.rateBytesPerSecond = Math.min(of.limitBytesPerSecond, left / waiting);
      left -= of.rateBytesPerSecond * of.count;
      waiting -= of.count;
      total += of.rateBytesPerSecond * of.count;
    }
    this.peakBytesPerSecond = Math.max(this.peakBytesPerSecond, total);
  }
}

/** The first that is still there. */
function firstOf(heap: Piece[]): Piece | undefined {
  while (heap.length > 0 && heap[0].isGone) pop(heap);
  return heap[0];
}

function push(heap: Piece[], piece: Piece): void {
  let at = heap.length;
  for (; at > 0; at = (at - 1) >> 1) {
    const above = heap[(at - 1) >> 1];
    if (above.atBytes <= piece.atBytes) break;
    heap[at] = above;
  }
  heap[at] = piece;
}

function pop(heap: Piece[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1].atBytes < heap[child].atBytes) child += 1;
    if (heap[child].atBytes >= last.atBytes) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
}
