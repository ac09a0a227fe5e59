/** Bytes with something round each that is the same for all, and the fields of a message apart, as tables have them. */

const BYTES_MIN = 10;
/** Two digits, what stands between them and the next two, and so on: no more letters than that. */
const BETWEEN_MAX = 16;
const FIELD = /[^\s,;|]+/g;
const IS_FIELD = /^(?:0x)?((?:[\da-f]{2})+)$/i;
/** TCI, message type, device identifier, class, instance. */
const FIELD_DIGITS_MIN = 20;

const isHex = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

/**
 * `<81><01>`, `(byte)0x81, (byte)0x01`, `0x81_u8, 0x01_u8`, `81h 01h`, `%81%01`, `0x8101_490a`: blanks apart, what is between two
 * bytes is between all.
 */
export function* dressed(line: string): Generator<Uint8Array> {
  const text = line.replaceAll(/\s+/g, "");
  for (let at = 0; at + 2 * BYTES_MIN <= text.length; at++) {
    if (!isHex(text.charCodeAt(at)) || !isHex(text.charCodeAt(at + 1))) continue;
    const run = runAt(text, at);
    if (run === undefined) continue;
    yield Buffer.from(run.digits, "hex");
    at = run.end;
  }
}

/** The longest list from here on with the same between all of its words. */
function runAt(text: string, from: number): { digits: string; end: number } | undefined {
  let wordEnd = from;
  while (isHex(text.charCodeAt(wordEnd))) wordEnd++;
  for (const width of new Set([2, (wordEnd - from) & ~1])) {
    if (from + width > wordEnd) continue;
    const first = from + width;
    for (let between = 1; between <= BETWEEN_MAX; between++) {
      const next = first + between;
      if (!isHex(text.charCodeAt(next)) || !isHex(text.charCodeAt(next + 1))) continue;
      const seam = text.slice(first, next);
      let digits = text.slice(from, first);
      let end = first;
      while (text.startsWith(seam, end)) {
        let word = end + between;
        while (word < end + between + width && isHex(text.charCodeAt(word))) word++;
        const length = (word - end - between) & ~1;
        if (length === 0) break;
        digits += text.slice(end + between, end + between + length);
        end += between + length;
        if (length < width) break;
      }
      if (digits.length >= 2 * BYTES_MIN) return { digits, end };
    }
  }
  return undefined;
}

/** `8101 49 0a 0007 0000 f000… 00000028`: words of different lengths, in a row from a word that may begin a message. */
export function* fields(line: string): Generator<Uint8Array> {
  let words: string[] = [];
  for (const [word] of line.matchAll(FIELD)) {
    const digits = IS_FIELD.exec(word)?.[1];
    if (digits !== undefined) {
      words.push(digits);
      continue;
    }
    yield* joinedFields(words);
    words = [];
  }
  yield* joinedFields(words);
}

function* joinedFields(words: readonly string[]): Generator<Uint8Array> {
  for (let first = 0; first + 2 <= words.length && first < BYTES_MIN; first++) {
    const digits = words.slice(first).join("");
    if (digits.length < FIELD_DIGITS_MIN) return;
    yield Buffer.from(digits, "hex");
  }
}
