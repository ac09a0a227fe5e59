/** `poncast delta apply`: the new bundle, block by block into a file that is there when it is whole. */
import { closeSync, openSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { orRefused } from "../../base/errors/index.ts";
import { GrowingFile, writeAll } from "../../base/files/index.ts";
import { type AppliedDelta, type ApplyBundleOptions, rebuildFromFiles, type RebuiltPiece } from "../../image/index.ts";

export interface ApplyFiles extends ApplyBundleOptions {
  running: string;
  delta: string;
  out: string;
  /** Heard between two blocks; nothing is left then. */
  signal: AbortSignal;
  onProgress: (doneBytes: number, totalBytes: number) => void;
}

/** @throws InputError when something cannot be read or written; the signal's reason when it was heard */
export async function applyFiles(asked: ApplyFiles): Promise<AppliedDelta> {
  const { out } = asked;
  const growing = orUnwritable(out, () => GrowingFile.begin(out));
  if (growing === undefined) return applyStraight(asked);
  let isKept = false;
  try {
    const applied = await eachBlock(asked, (bytes) => orUnwritable(out, () => growing.write(bytes)));
    if (applied.ok) {
      orUnwritable(out, () => growing.keep());
      isKept = true;
    }
    return applied;
  } finally {
    if (!isKept) growing.giveUp();
  }
}

/** What cannot be taken back is written when it is known to be good: all is done twice. */
async function applyStraight(asked: ApplyFiles): Promise<AppliedDelta> {
  const applied = await eachBlock(asked, () => undefined);
  if (!applied.ok) return applied;
  const descriptor = orUnwritable(asked.out, () => openSync(asked.out, "w"));
  try {
    return await eachBlock(asked, (bytes) => orUnwritable(asked.out, () => writeAll(descriptor, bytes)));
  } finally {
    closeSync(descriptor);
  }
}

async function eachBlock(asked: ApplyFiles, use: (bytes: Uint8Array) => void): Promise<AppliedDelta> {
  const { running, delta, signal, onProgress } = asked;
  const pieces: Iterator<RebuiltPiece, AppliedDelta> = rebuildFromFiles(running, delta, asked);
  try {
    for (;;) {
      const next = pieces.next();
      if (next.done === true) return next.value;
      const { bytes, offsetBytes, targetBytes } = next.value;
      use(bytes);
      onProgress(offsetBytes + bytes.length, targetBytes);
      await setImmediate();
      signal.throwIfAborted();
    }
  } finally {
    pieces.return?.();
  }
}

const orUnwritable = <Result>(place: string, work: () => Result): Result =>
  orRefused(({ code }) => ({ place, problem: `cannot be written (${code})` }), work);
