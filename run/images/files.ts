/** Reads the files that a scenario names as images. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { resolve } from "node:path";
import { orRefused } from "../../base/errors/index.ts";
import { ImageError, SOURCE_BYTES_MAX } from "../../image/index.ts";
import type { ImageSteps } from "./steps.ts";

/** Of a step: some milliseconds. */
const STEP_BYTES = 4 * 1024 * 1024;

/** What the system says names the file. */
const orSaid = <Result>(read: () => Result): Result => orRefused(({ message }) => ({ problem: message }), read);

export const readImageFile = (path: string): Buffer => orSaid(() => readFileSync(resolve(path)));

/** The same in steps. */
export function* imageFileSteps(path: string): ImageSteps<Buffer> {
  const descriptor = orSaid(() => openSync(resolve(path), "r"));
  try {
    const found = orSaid(() => fstatSync(descriptor));
    // What is no file says nothing of its size.
    if (!found.isFile()) return orSaid(() => readFileSync(descriptor));
    if (found.size > SOURCE_BYTES_MAX)
      throw new ImageError(`${path}: ${found.size} bytes; at most ${SOURCE_BYTES_MAX} are read`);
    const bytes = Buffer.allocUnsafeSlow(found.size);
    for (let at = 0; at < bytes.length;) {
      const read = orSaid(() => readSync(descriptor, bytes, at, Math.min(STEP_BYTES, bytes.length - at), at));
      if (read === 0) return bytes.subarray(0, at);
      at += read;
      yield undefined;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
