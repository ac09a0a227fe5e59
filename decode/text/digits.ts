/** Digits of rows, joined also where a byte is torn in two. */

/** Digits, two of them a byte; the last one of an odd number of them stands by itself. */
export interface Digits {
  bytes: Uint8Array;
  digitCount: number;
  lastDigit: number;
}

/** @param skipped digits of what is behind that do not count */
export function joined(front: Digits, behind: Digits, skipped = 0): Digits {
  const digitCount = front.digitCount + behind.digitCount - skipped;
  const bytes = new Uint8Array(digitCount >> 1);
  bytes.set(front.bytes);
  if (front.digitCount % 2 === 0 && skipped === 0) {
    bytes.set(behind.bytes, front.bytes.length);
    return { bytes, digitCount, lastDigit: behind.lastDigit };
  }
  let { lastDigit } = front;
  for (let at = front.digitCount, from = skipped; at < digitCount; at++, from++) {
    const digit = digitAt(behind, from);
    if (at % 2 === 1) bytes[at >> 1] = (lastDigit << 4) | digit;
    lastDigit = digit;
  }
  return { bytes, digitCount, lastDigit };
}

export function digitAt({ bytes, digitCount, lastDigit }: Digits, at: number): number {
  if (at === digitCount - 1 && at % 2 === 0) return lastDigit;
  return at % 2 === 0 ? bytes[at >> 1] >> 4 : bytes[at >> 1] & 15;
}

export const NO_DIGITS: Digits = { bytes: new Uint8Array(0), digitCount: 0, lastDigit: 0 };
