/** Work on many bytes in steps, so that whoever has it done may do something else between two of them. */

/** Each step is over in moments. */
export type ByteSteps<Result> = Generator<undefined, Result, unknown>;

/** Of a step: some milliseconds of hashing. */
const STEP_BYTES = 1024 * 1024;

/** Views of the bytes one behind the other, a step's worth each. */
export function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += STEP_BYTES) yield bytes.subarray(at, at + STEP_BYTES);
}

/** One after the other. */
export function allSteps<Result>(steps: ByteSteps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
