/** What a slot that is marked valid may hold, found out independently of the ONT that marked it. */
import type { BootRecord, Slot, StoredImage } from "../../ont/core/types.ts";
import { type FactoryImage, makeVerifier, type RunImages } from "../../run/index.ts";
import type { SlotContent, VirtualOnt } from "../../run/virtual/index.ts";

/** Whether an ONT takes any image, or keeps one that it found wrong, because its quirk profile says so. */
export const checksImages = ({ config: { quirks } }: VirtualOnt): boolean =>
  quirks.checksNothing !== true && quirks.keepsValidAfterBadCrc !== true;

/**
 * What a slot may hold when it is marked valid: the image that its ONT came with, or the image sent, if that one is good.
 * Whether it is good is found out here again, by a verifier that is shared with no ONT.
 */
export class ValidContents {
  readonly #images: RunImages;
  readonly #others: readonly FactoryImage[];
  readonly #verdicts = new Map<string, string>();

  /** @param others further images that ONTs came with */
  constructor(images: RunImages, others: readonly FactoryImage[] = []) {
    this.#images = images;
    this.#others = others;
  }

  /** @returns what is wrong with a slot that a boot record calls valid; empty when nothing is */
  faultOf(ont: VirtualOnt, record: BootRecord, slot: Slot): string {
    const image = record.slots[slot];
    if (image === null || !checksImages(ont)) return "";
    const content = ont.flash.slots[slot];
    for (const known of [ont.factory, ...this.#others])
      if (image.sha256 === known.image.sha256 && holds(content, known.bytes)) return "";
    const sent = this.#images;
    if (!holds(content, sent.bytes)) return differenceText(slot, image, content, [sent.bytes, ont.factory.bytes]);
    const refusal = this.#refusalOf(ont);
    if (refusal !== "") return `slot ${slot} is valid with the image sent, which has to be refused: ${refusal}`;
    const matches = image.imageBytes === sent.bytes.length && image.crc32 === sent.facts.crc32;
    return matches ? "" : `slot ${slot} is valid with other size or CRC-32 than the image it holds`;
  }

  /** Why this ONT may not take the image sent; empty when it may. */
  #refusalOf(ont: VirtualOnt): string {
    const { productCode, hardwareVersion, trustedKeys } = ont.config;
    const key = `${productCode}/${hardwareVersion}`;
    let refusal = this.#verdicts.get(key);
    if (refusal === undefined) {
      const { bytes, source } = this.#images;
      const runningVersion = ont.factory.image.version;
      const verifier = makeVerifier({
        trustedKeys,
        productCode,
        hardwareVersion,
        runningVersion,
        imageBytes: bytes.length,
      });
      const early = verifier.update(bytes);
      const verdict = early === undefined ? verifier.finish(source.crc32) : { valid: false as const, cause: early };
      refusal = verdict.valid ? "" : verdict.cause;
      this.#verdicts.set(key, refusal);
    }
    return refusal;
  }
}

/** Whether a slot begins with these bytes. A slot that only refers to them was compared with them when it was written. */
function holds(content: SlotContent, bytes: Uint8Array): boolean {
  if (content.lengthBytes < bytes.length) return false;
  const shared = content.sharedPrefix(bytes.length);
  if (shared !== undefined && shared.buffer === bytes.buffer && shared.byteOffset === bytes.byteOffset) return true;
  return content.read(bytes.length).equals(bytes);
}

function differenceText(slot: Slot, image: StoredImage, content: SlotContent, known: readonly Uint8Array[]): string {
  const like = known.find((bytes) => bytes.length === image.imageBytes) ?? known[0];
  const held = content.read(like.length);
  const at = like.findIndex((byte, index) => byte !== held[index]);
  const where = at < 0 ? "it is longer" : `byte ${at} is 0x${hex(held[at])}, not 0x${hex(like[at])}`;
  return `slot ${slot} is valid as ${image.version || "no version"}, but holds no image that is: ${where}`;
}

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
