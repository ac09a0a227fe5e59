import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { startsLikeBundle } from "../../image/format.ts";
import {
  buildBundle,
  generateKeyPair,
  ImageError,
  imageSourceOf,
  type ManifestFields,
  readPublicKey,
} from "../../image/index.ts";
import type { StoredImage } from "../../ont/core/types.ts";
import { CRC32_INIT, crc32Finish, crc32Update } from "../../omci/index.ts";
import { createStream } from "../../pon/random.ts";
import type { ImageFacts } from "../result/types.ts";
import type { Scenario } from "../schema/index.ts";
import { lineOf, RunInputError } from "./errors.ts";

const crc32 = { init: CRC32_INIT, update: crc32Update, finish: crc32Finish };
/** Payload of the images the ONTs come with: they are never sent, so they are small. */
const FACTORY_PAYLOAD_BYTES = 64 * 1024;

/** An image in memory, with what the OLT and the result say of it. */
export interface PreparedImage {
  bytes: Uint8Array;
  facts: ImageFacts;
  /** Raw public keys that the ONTs trust. */
  trustedKeys: Uint8Array[];
}

/** Pseudo-random bytes, so that neither holes nor compression flatter the transfer. */
function payloadOf(bytes: number, seed: number, name: string): Uint8Array {
  const stream = createStream(seed, name);
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let index = 0; index < words.length; index++) words[index] = stream.nextU32();
  return new Uint8Array(words.buffer, 0, bytes);
}

function fieldsOf(scenario: Scenario): ManifestFields {
  const { version, productCode, hardware, minimumVersion } = scenario.image;
  return { version, productCode, hardware: [...hardware], minimumVersion, buildTime: Math.floor(Date.now() / 1000) };
}

/**
 * Reads or makes the image of a run and puts in the fault the scenario asks for. Touches nothing on disk.
 *
 * @throws RunInputError when the file, its key or a field cannot be used
 */
export function prepareImage(scenario: Scenario): PreparedImage {
  try {
    const { file, keyFile, bytes, fault } = scenario.image;
    const content = file === undefined ? undefined : readFileSync(resolve(file));
    if (content !== undefined && startsLikeBundle(content)) {
      if (keyFile === undefined) {
        throw new ImageError(`${file}: is a signed bundle; name the public key the ONTs trust (image.keyFile)`);
      }
      const key = readPublicKey(readFileSync(resolve(keyFile), "utf8"));
      return withFault(content, fault, scenario, fault === "wrongKey" ? strangerKey() : key);
    }
    const payload = content ?? payloadOf(bytes, scenario.seed, "image");
    const { publicPem, privatePem } = generateKeyPair();
    const bundle = buildBundle(fieldsOf(scenario), payload, privatePem);
    return withFault(bundle, fault, scenario, fault === "wrongKey" ? strangerKey() : readPublicKey(publicPem));
  } catch (error) {
    if (error instanceof RunInputError) throw error;
    throw new RunInputError({ message: `image: ${lineOf(error)}` });
  }
}

/** A key that has signed nothing. */
function strangerKey(): Uint8Array {
  return readPublicKey(generateKeyPair().publicPem);
}

function withFault(
  bundle: Uint8Array,
  fault: Scenario["image"]["fault"],
  scenario: Scenario,
  key: Uint8Array,
): PreparedImage {
  const bytes = faulty(bundle, fault);
  const {
    imageBytes,
    crc32: crc,
    sha256,
    version,
    productCode,
  } = imageSourceOf(bytes, { crc32, force: scenario.olt.force }, scenario.image.file ?? "the image");
  return { bytes, facts: { bytes: imageBytes, crc32: crc, sha256, version, productCode }, trustedKeys: [key] };
}

function faulty(bundle: Uint8Array, fault: Scenario["image"]["fault"]): Uint8Array {
  switch (fault) {
    case "none":
    case "wrongKey":
      return bundle;
    case "flippedByte": {
      const flipped = Uint8Array.from(bundle);
      flipped[Math.floor(bundle.length / 2)] ^= 0xff;
      return flipped;
    }
    case "truncated":
      return bundle.subarray(0, bundle.length - Math.ceil(bundle.length / 10));
  }
}

/** The image an ONT comes with. */
export interface FactoryImage {
  bytes: Uint8Array;
  image: StoredImage;
}

/** Makes the factory images of a fleet, one for each kind of ONT. */
export class FactoryImages {
  readonly #seed: number;
  readonly #privatePem = generateKeyPair().privatePem;
  readonly #made = new Map<string, FactoryImage>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** @throws RunInputError when a text does not fit a manifest */
  of(version: string, productCode: string, hardware: string): FactoryImage {
    const name = `factory/${version}/${productCode}/${hardware}`;
    const found = this.#made.get(name);
    if (found) return found;
    const made = this.#make(name, { version, productCode, hardware: [hardware], minimumVersion: "", buildTime: 0 });
    this.#made.set(name, made);
    return made;
  }

  #make(name: string, fields: ManifestFields): FactoryImage {
    try {
      const bytes = buildBundle(fields, payloadOf(FACTORY_PAYLOAD_BYTES, this.#seed, name), this.#privatePem);
      const { imageBytes, crc32: crc, sha256, version, productCode } = imageSourceOf(bytes, { crc32 }, name);
      return { bytes, image: { version, productCode, imageBytes, crc32: crc, sha256, md5: "" } };
    } catch (error) {
      throw new RunInputError({ message: `factory image of the ONTs: ${lineOf(error)}` });
    }
  }
}

/** Writes an image where the processes read it. */
export function writeImage(path: string, image: { bytes: Uint8Array }): void {
  writeFileSync(path, image.bytes);
}
