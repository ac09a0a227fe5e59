/** Files of a bundle as one archive: the same to the byte from the same files, with a list of their sums. */
import { createHash } from "node:crypto";
import { zipSync, type Zippable } from "fflate";

/** The earliest that the format can say: files of a bundle have no time of their own. */
const NO_TIME = new Date(1980, 0, 1);
const SUMS = "SHA256SUMS";

/** @param files by their path in the archive */
export function bundleOf(folder: string, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const sums = sorted.map(([path, bytes]) => `${createHash("sha256").update(bytes).digest("hex")}  ${path}\n`).join("");
  const entries: Zippable = {};
  for (const [path, bytes] of [...sorted, [SUMS, Buffer.from(sums)] as const])
    entries[`${folder}/${path}`] = [new Uint8Array(bytes), { mtime: NO_TIME, level: 6 }];
  return zipSync(entries);
}
