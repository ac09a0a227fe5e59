/** Whether bytes are those of an image: where they lie in its memory nothing has to be compared. */

/** Whether `bytes` are those of the image from `atBytes` on. */
export function hasBytesAt(image: Buffer, atBytes: number, bytes: Uint8Array): boolean {
  const end = atBytes + bytes.length;
  if (end > image.length) return false;
  if (bytes.buffer === image.buffer && bytes.byteOffset === image.byteOffset + atBytes) return true;
  return image.compare(bytes, 0, bytes.length, atBytes, end) === 0;
}
