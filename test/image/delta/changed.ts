/** Deltas in which something was changed: none crashes whoever applies it, none gives other octets that are called right. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import {
  DeltaRebuilder,
  applyDelta,
  bodyOf,
  makeDelta,
  readDeltaHead,
  type ReadBase,
} from "../../../image/delta/index.ts";
import { ImageError } from "../../../image/index.ts";
import { armPair, numbers } from "./fixture.ts";

const CHECK_AT = 96;
const HEAD_BYTES = 112;

const reader =
  (bytes: Uint8Array): ReadBase =>
  (offsetBytes, lengthBytes) =>
    bytes.subarray(offsetBytes, offsetBytes + lengthBytes);

/** The head's own digest made right again, so that what stands behind it is looked at. */
function mend(delta: Uint8Array, headBytes: number): void {
  const hash = createHash("sha256").update(delta.subarray(0, CHECK_AT)).update(delta.subarray(HEAD_BYTES, headBytes));
  delta.set(hash.digest().subarray(0, HEAD_BYTES - CHECK_AT), CHECK_AT);
}

/** Applies `count` changed deltas. @returns how many were refused */
export async function applyChanged(count: number, seed: number): Promise<number> {
  const { base, target } = armPair(seed, 500);
  const deltas = await Promise.all(
    (["arm", "none"] as const).map((filter) => makeDelta(base, target, { filter, blockBytes: 65_536 })),
  );
  const next = numbers(seed);
  let refused = 0;
  for (let run = 0; run < count; run++) {
    const changed = Uint8Array.from(deltas[run % 2]);
    const { headBytes } = readDeltaHead(changed);
    const reach = next() % 3 === 0 ? headBytes : changed.length;
    for (let changes = 1 + (next() % 4); changes > 0; changes--) changed[next() % reach] ^= 1 << (next() % 8);
    if (next() % 2 === 0) mend(changed, headBytes);
    const delta = next() % 10 === 0 ? changed.subarray(0, next() % changed.length) : changed;
    try {
      const written = new Uint8Array(target.length);
      const write = (block: Uint8Array, offsetBytes: number): void => written.set(block, offsetBytes);
      applyDelta({ readDelta: reader(delta), readBase: reader(base), write });
      expect(Buffer.compare(written, target)).toBe(0);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      refused++;
    }
  }
  return refused;
}

/** Rebuilds blocks from bodies that say something else. @returns how many were refused */
export async function rebuildChanged(count: number, seed: number): Promise<number> {
  const { base, target } = armPair(seed, 500);
  const delta = await makeDelta(base, target, { filter: "arm", blockBytes: 65_536 });
  const head = readDeltaHead(delta);
  const rebuilder = new DeltaRebuilder(head);
  const next = numbers(seed);
  let refused = 0;
  for (let run = 0; run < count; run++) {
    const index = next() % head.blocks;
    const { offsetBytes, lengthBytes } = bodyOf(head, index);
    const body = delta.slice(offsetBytes, offsetBytes + lengthBytes);
    body[next() % body.length] ^= 1 + (next() % 255);
    try {
      const block = rebuilder.rebuild(index, body, reader(base));
      expect(Buffer.compare(block, target.subarray(index * 65_536, (index + 1) * 65_536))).toBe(0);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      refused++;
    }
  }
  return refused;
}
