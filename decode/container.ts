/** What a file is, by its first bytes, before anything is read from it; and what it is where that cannot be read. */
import { gunzipSync } from "node:zlib";

/** Bytes that tell. */
export const MAGIC_BYTES = 16;
/** What a small file may unpack to in memory; larger ones are read as they come. */
const UNPACKED_BYTES_MAX = 1024 * 1024 * 1024;

/** Files that have to be unpacked, or written in another form, by somebody else. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ["504b0304", "a ZIP archive: unpack it first"],
  ["fd377a585a00", "packed with xz: unpack it first"],
  ["425a68", "packed with bzip2: unpack it first"],
  ["28b52ffd", "packed with zstd: unpack it first"],
  ["377abcaf271c", "a 7-Zip archive: unpack it first"],
  ["47 4d 42 55".replaceAll(" ", ""), "a Microsoft Network Monitor capture: save it as pcapng"],
  ["5452434d", "a capture of Sniffer: save it as pcapng"],
  ["54525344", "a capture of Sniffer: save it as pcapng"],
  ["25504446", "a PDF document"],
  ["d0cf11e0", "an old Office document: save it as text"],
  ["7f454c46", "a program"],
];

/** What is wrong with a file of these first bytes; undefined: nothing that is known. */
export function foreignFile(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, MAGIC_BYTES)).toString("hex");
  return FOREIGN.find(([magic]) => start.startsWith(magic))?.[1];
}

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The whole of a small packed file; `fault` says why it ends early. */
export function unpacked(bytes: Uint8Array): { bytes: Uint8Array; fault: string } {
  if (!isGzip(bytes)) return { bytes, fault: "" };
  try {
    return { bytes: gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX }), fault: "" };
  } catch (error) {
    return { bytes: new Uint8Array(0), fault: `gzip: ${(error as Error).message}` };
  }
}
