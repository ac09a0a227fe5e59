/** What a wrong CRC-32 is instead of that of I.363.5: the confusions that OLTs are known for, by name. */
import { crc32 as zlibCrc32 } from "node:zlib";
import { crc32 } from "../../base/kernel/index.ts";

const swapped = (value: number): number => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.readUInt32LE();
};

/** @param padded the bytes as they were sent, with what fills the last section up, where that differs */
export function checksumLikeness(named: number, bytes: Uint8Array, padded?: Uint8Array): string | undefined {
  const right = crc32(bytes);
  const reflected = zlibCrc32(bytes);
  const names: [number, string][] = [
    [swapped(right), "its bytes are swapped"],
    [reflected, "that is zlib's CRC-32, whose bits are reflected"],
    [swapped(reflected), "that is zlib's CRC-32, whose bits are reflected, with its bytes swapped"],
    [~right >>> 0, "it lacks the final complement"],
    [swapped(~right >>> 0), "it lacks the final complement, and its bytes are swapped"],
    ...(padded === undefined ? [] : [[crc32(padded), "that is of the image with its padding"] as [number, string]]),
  ];
  return names.find(([value]) => value === named)?.[1];
}
