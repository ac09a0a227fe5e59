/** Images that the tests make up, and a verifier that takes whatever has the right CRC-32. */
import { createHash } from "node:crypto";
import { crc32 } from "../../base/kernel/crc32.ts";
import type { RefusalCause } from "../../image/index.ts";
import type { ImageVerifier, StoredImage, VerifierOptions } from "../../ont/index.ts";

/** An image the tests make up: any bytes; the verifier below takes whatever has the right CRC-32. */
export function testImage(imageBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(imageBytes);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let index = 0; index < imageBytes; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

export const storedImage = (version: string, content: Uint8Array): StoredImage => ({
  version,
  productCode: "PC-1",
  imageBytes: content.length,
  crc32: crc32(content),
  sha256: createHash("sha256").update(content).digest("hex"),
  md5: "00112233445566778899aabbccddeeff",
});

export const factoryImage = storedImage("FACTORY", testImage(100, 7));

/** Checks the CRC-32 alone; refuses an image whose first byte is 0xBA as soon as it sees it. */
export class CrcVerifier implements ImageVerifier {
  readonly parts: Uint8Array[] = [];
  readonly options: VerifierOptions;

  constructor(options: VerifierOptions) {
    this.options = options;
  }

  update(bytes: Uint8Array): RefusalCause | undefined {
    this.parts.push(bytes.slice());
    return this.parts[0]![0] === 0xba ? "not-a-bundle" : undefined;
  }

  finish(expected: number): ReturnType<ImageVerifier["finish"]> {
    const content = Buffer.concat(this.parts);
    if (content.length !== this.options.imageBytes) throw new Error("finish before the image is in");
    if (crc32(content) !== expected) return { valid: false, cause: "crc-mismatch" };
    return { valid: true, image: storedImage(`V${expected}`.slice(0, 14), content) };
  }
}
