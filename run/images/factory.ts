/** The images that ONTs come with. */
import { buildBundle, BundleVerifier } from "../../image/index.ts";
import type { StoredImage } from "../../ont/core/types.ts";
import { RunInputError } from "../errors.ts";
import { crc32Functions } from "./checks.ts";
import { payloadOf, privateKeyFor } from "./made.ts";

/** Payload of those that nothing is made from: they are never sent, so they are small. */
const FACTORY_PAYLOAD_BYTES = 16 * 1024;

/** What an ONT comes with. */
export interface FactoryImage {
  bytes: Uint8Array;
  image: StoredImage;
}

/** One for each kind of ONT. */
export type FactoryOf = (version: string, productCode: string, hardware: string) => FactoryImage;

/** The bundle of those that are sent a delta; undefined: any will do. */
export type FileOf = (version: string, productCode: string, hardware: string) => Uint8Array | undefined;

/** Makes them, each once. @param bases bundles of ONTs that are sent a delta */
export function factoryMaker(seed: number, bases: FileOf = () => undefined): FactoryOf {
  const made = new Map<string, FactoryImage>();
  return (version, productCode, hardware) => {
    const name = `factory/${version}/${productCode}/${hardware}`;
    let found = made.get(name);
    if (found === undefined) {
      const bytes =
        bases(version, productCode, hardware) ?? smallBundle(seed, name, { version, productCode, hardware });
      found = { bytes, image: storedImageOf(bytes) };
      made.set(name, found);
    }
    return found;
  };
}

function smallBundle(
  seed: number,
  name: string,
  { version, productCode, hardware }: { version: string; productCode: string; hardware: string },
): Uint8Array {
  const fields = { version, productCode, hardware: [hardware], minimumVersion: "", buildTime: 0 };
  const payload = payloadOf(FACTORY_PAYLOAD_BYTES, seed, name);
  return buildBundle(fields, payload, privateKeyFor(seed, "factory"));
}

function storedImageOf(bytes: Uint8Array): StoredImage {
  const verifier = new BundleVerifier({
    trustedKeys: "unchecked",
    imageBytes: bytes.length,
    crc32: crc32Functions,
  });
  verifier.update(bytes);
  const verdict = verifier.finish(verifier.crc32);
  if (!verdict.valid) throw new RunInputError(`image that ONTs come with: ${verdict.cause}`);
  return verdict.image;
}
