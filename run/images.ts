/**
 * The images of a run, read from a file or made from the seed, with the fault that the scenario wants in them; and
 * what ONTs come with.
 */
import { createHash, createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  buildBundle,
  BundleVerifier,
  ImageError,
  imageSourceOf,
  type ImageSource,
  publicKeyOf,
  readPublicKey,
  startsLikeBundle,
} from "../image/index.ts";
import { orRefused, placed } from "../base/errors/index.ts";
import { CRC32_INIT, crc32Finish, crc32Update } from "../base/kernel/index.ts";
import type { StoredImage, VerifierOptions } from "../ont/core/types.ts";
import { createStream } from "../pon/index.ts";
import { RunInputError } from "./errors.ts";
import type { ImageFacts } from "./result/types.ts";
import type { Scenario } from "../scenarios/index.ts";

export const crc32Functions = { init: CRC32_INIT, update: crc32Update, finish: crc32Finish };

/** Payload of the images the ONTs come with: they are never sent, so they are small. */
const FACTORY_PAYLOAD_BYTES = 16 * 1024;

/** The check of one download. */
export const makeVerifier = (options: VerifierOptions): BundleVerifier =>
  new BundleVerifier({ ...options, crc32: crc32Functions });

/** What an ONT comes with. */
export interface FactoryImage {
  bytes: Uint8Array;
  image: StoredImage;
}

/** All images of a run, in memory. The same scenario gives the same bytes: keys come from its seed as well. */
export interface RunImages {
  bytes: Uint8Array;
  /** All files that ONTs are sent, `bytes` among them: also whole images for other hardware, and deltas; absent: `bytes` alone. */
  sent?: readonly Uint8Array[];
  source: ImageSource;
  facts: ImageFacts;
  /** Raw public keys that the ONTs trust. */
  trustedKeys: readonly Uint8Array[];
  factory: (version: string, productCode: string, hardware: string) => FactoryImage;
}

/** PKCS #8 around the 32 bytes of an Ed25519 private key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** An Ed25519 private key drawn from the seed; it protects nothing but a simulation. @returns PEM */
function privateKeyFor(seed: number, name: string): string {
  const raw = createHash("sha256").update(`poncast ${seed} key/${name}`).digest();
  const der = Buffer.concat([PKCS8_PREFIX, raw]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return key.export({ format: "pem", type: "pkcs8" }) as string;
}

/** Pseudo-random bytes, so that neither holes nor compression flatter the transfer. */
function payloadOf(bytes: number, seed: number, name: string): Uint8Array {
  const stream = createStream(seed, name);
  const words = new Uint32Array(Math.ceil(bytes / 4));
  for (let index = 0; index < words.length; index++) words[index] = stream.nextU32();
  return new Uint8Array(words.buffer, 0, bytes);
}

/**
 * Reads or makes the images of a run and puts in the fault the scenario asks for.
 *
 * @param nowSeconds since 1970-01-01 UTC, for the image's expiry; virtual time has no date
 * @throws InputError when a file, its key or a field cannot be used
 */
export function prepareImages(scenario: Scenario, nowSeconds?: number): RunImages {
  return placed("image", () => {
    const { bundle, key } = bundleOf(scenario);
    const { fault, file } = scenario.image;
    const bytes = faulty(bundle, fault);
    const options = {
      crc32: crc32Functions,
      force: scenario.olt.force,
      ...(nowSeconds !== undefined && { nowSeconds }),
    };
    const source = imageSourceOf(bytes, options, file);
    const { imageBytes, crc32, sha256, version, productCode } = source;
    return {
      bytes,
      source,
      facts: { bytes: imageBytes, crc32, sha256, version, productCode },
      trustedKeys: [fault === "wrongKey" ? publicKeyOf(privateKeyFor(scenario.seed, "stranger")) : key],
      factory: factoryMaker(scenario.seed),
    };
  });
}

/** What the system says names the file. */
const readFile = (path: string): Buffer =>
  orRefused(
    ({ message }) => ({ problem: message }),
    () => readFileSync(resolve(path)),
  );

function bundleOf(scenario: Scenario): { bundle: Uint8Array; key: Uint8Array } {
  const { file, keyFile, bytes, version, productCode, hardware, minimumVersion, securityVersion } = scenario.image;
  const content = file === undefined ? undefined : readFile(file);
  if (content !== undefined && startsLikeBundle(content)) {
    if (keyFile === undefined)
      throw new ImageError(`${file}: is a signed bundle; name the public key the ONTs trust (image.keyFile)`);
    return { bundle: content, key: readPublicKey(readFile(keyFile).toString("utf8")) };
  }
  // Such a payload is signed by a key of the seed's: a key that is named would be trusted by no ONT.
  if (keyFile !== undefined)
    throw new ImageError(
      `${file ?? "a generated image"}: is no signed bundle, ${keyFile} is the key of none; see pack`,
    );
  const payload = content ?? payloadOf(bytes, scenario.seed, "image");
  const privatePem = privateKeyFor(scenario.seed, "image");
  const fields = { version, productCode, hardware: [...hardware], minimumVersion, securityVersion, buildTime: 0 };
  return { bundle: buildBundle(fields, payload, privatePem), key: publicKeyOf(privatePem) };
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

/** Makes the images that ONTs come with, one for each kind of ONT. */
export function factoryMaker(seed: number): RunImages["factory"] {
  const made = new Map<string, FactoryImage>();
  return (version, productCode, hardware) => {
    const name = `factory/${version}/${productCode}/${hardware}`;
    let found = made.get(name);
    if (found === undefined) {
      found = makeFactory(seed, name, { version, productCode, hardware });
      made.set(name, found);
    }
    return found;
  };
}

function makeFactory(
  seed: number,
  name: string,
  { version, productCode, hardware }: { version: string; productCode: string; hardware: string },
): FactoryImage {
  const fields = { version, productCode, hardware: [hardware], minimumVersion: "", buildTime: 0 };
  const payload = payloadOf(FACTORY_PAYLOAD_BYTES, seed, name);
  const bytes = buildBundle(fields, payload, privateKeyFor(seed, "factory"));
  const verifier = new BundleVerifier({
    trustedKeys: "unchecked",
    imageBytes: bytes.length,
    crc32: crc32Functions,
  });
  verifier.update(bytes);
  const verdict = verifier.finish(verifier.crc32);
  if (!verdict.valid) throw new RunInputError(`factory image of the ONTs: ${verdict.cause}`);
  return { bytes, image: verdict.image };
}
