/** Why a delta is as large as it is, when that can be told from what the images hold. */

/** From this share of the target on a delta is called large. */
const LARGE_SHARE = 0.25;
/** Where a compressed thing may begin that fills the image: header of an image before it. */
const LOOKED_AT_BYTES = 64 * 1024;
const STEP_BYTES = 4;

const MAGICS: readonly { name: string; octets: readonly number[] }[] = [
  { name: "squashfs", octets: [0x68, 0x73, 0x71, 0x73] },
  { name: "squashfs", octets: [0x73, 0x71, 0x73, 0x68] },
  { name: "gzip", octets: [0x1f, 0x8b, 0x08] },
  { name: "xz", octets: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: "zstd", octets: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: "bzip2", octets: [0x42, 0x5a, 0x68] },
];

/** @returns a line for whoever made a large delta: why, and what would help; nothing for a small one */
export function adviceOn(base: Uint8Array, target: Uint8Array, deltaBytes: number): string | undefined {
  if (target.length === 0 || deltaBytes < LARGE_SHARE * target.length) return undefined;
  const inBase = compressedIn(base);
  const inTarget = compressedIn(target);
  const found = inTarget ?? inBase;
  if (found === "squashfs")
    return "the images hold a squashfs, compressed in pieces that all change behind a changed octet; make it without compression (mksquashfs -noI -noD -noF -noX), or in the same order of files and with one thread, and compress at another place";
  if (found !== undefined)
    return `the images hold ${found}, which changes all over behind the first octet that differs; make the delta of what is inside, or pack with --rsyncable where the tool has it`;
  return "little of the target is like the base; the whole image may cost less";
}

function compressedIn(bytes: Uint8Array): string | undefined {
  const end = Math.min(bytes.length - 6, LOOKED_AT_BYTES);
  for (let at = 0; at <= end; at += STEP_BYTES)
    for (const { name, octets } of MAGICS) if (octets.every((octet, index) => bytes[at + index] === octet)) return name;
  return undefined;
}
