/**
 * The yardsticks of the codec bench: the same bytes only copied, or hashed by native code, and test bytes that no
 * encoder can profit from.
 */
import { hash } from "node:crypto";
import type { Bench } from "../harness.ts";

/** What this machine does with the same bytes at best: a plain copy of all of them, and SHA-256 of each piece. */
export function limitsOf(name: string, bytes: Uint8Array, pieceBytes: number): { copy: Bench; sha256: Bench } {
  const pieces = Math.floor(bytes.length / pieceBytes);
  const target = new Uint8Array(bytes.length);
  return {
    copy: {
      name: `${name}: copy`,
      bytes: pieceBytes,
      run: (operations) => {
        for (let done = 0; done < operations; done += pieces) target.set(bytes);
        return target[operations % target.length];
      },
    },
    sha256: {
      name: `${name}: SHA-256`,
      bytes: pieceBytes,
      run: (operations) => {
        let sum = 0;
        for (let done = 0; done < operations; done++) {
          const at = (done % pieces) * pieceBytes;
          sum += hash("sha256", bytes.subarray(at, at + pieceBytes), "buffer")[0];
        }
        return sum;
      },
    },
  };
}

/** Bytes without a pattern, the same every time. */
export function noise(length: number): Uint8Array {
  let state = 0x2545_f491;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 24;
  });
}
