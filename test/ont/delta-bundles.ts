/** Real bundles: an old image, a new one, and the delta between them, signed; and what an ONT that takes them is made of. */
import { makeDelta } from "../../image/delta/index.ts";
import {
  buildBundle,
  type DeltaFacts,
  generateKeyPair,
  type ManifestFields,
  readPublicKey,
} from "../../image/index.ts";
import { crc32 } from "../../base/kernel/crc32.ts";
import { imageIdentity, IMAGE_KINDS, maskOf, RECOVERY } from "../../omci/index.ts";
import { type BootRecord, configFactsOf, factoryRecord, type OntConfig, type StoredImage } from "../../ont/index.ts";
import { verifierMaker } from "../../ont/process/verifier.ts";
import type { BenchOnt } from "./hands.ts";
import { storedImage, testImage } from "./images.ts";
import { recovery } from "./places.ts";

const keys = generateKeyPair();
const fields = { productCode: "PC-1", hardware: ["HW-1"], buildTime: 0, minimumVersion: "" } as const;

const bundle = (version: string, payload: Uint8Array, change: Partial<ManifestFields> = {}): Uint8Array =>
  Uint8Array.from(
    buildBundle({ ...fields, hardware: [...fields.hardware], version, ...change }, payload, keys.privatePem),
  );

/** What the new image has of the old one, moved, and as much again that is new: a delta of several windows and blocks. */
const OLD_BYTES = 120_000;
const NEW_BYTES = 150_000;
const oldPayload = testImage(OLD_BYTES, 21);

export const oldBundle = bundle("1.0.0", oldPayload);
const newPayload = Uint8Array.from([...testImage(NEW_BYTES / 2, 22), ...oldPayload, ...testImage(NEW_BYTES / 2, 23)]);

/** How the new image has its configuration; one whose VLAN is in no row cannot be converted. */
const migration = JSON.stringify({
  schemaVersion: 2,
  steps: [
    {
      from: 1,
      to: 2,
      operations: [
        { op: "rename", path: "/wan", to: "uplink" },
        { op: "convert", path: "/uplink/vlan", table: [[7, "internet"]] },
      ],
    },
  ],
});

export const newBundle = bundle("2.0.0", newPayload, { migration });

export const BLOCK_BYTES = 64 * 1024;
/** Of the new image. */
export const BLOCKS = Math.ceil(newBundle.length / BLOCK_BYTES);

/** What the manifest of a delta says. */
function factsOf(base: Uint8Array, target: Uint8Array): DeltaFacts {
  const [from, to] = [storedImage("1.0.0", base), storedImage("2.0.0", target)];
  return {
    algorithm: "poncast-delta-1",
    baseVersion: from.version,
    baseSha256: from.sha256,
    baseBytes: from.imageBytes,
    targetSha256: to.sha256,
    targetBytes: to.imageBytes,
    targetCrc32: to.crc32,
  };
}

/** A delta between two bundles. */
export async function deltaBetween(
  base: Uint8Array,
  target: Uint8Array,
  change: Partial<ManifestFields> = {},
  privatePem = keys.privatePem,
): Promise<Uint8Array> {
  const payload = await makeDelta(base, target, { blockBytes: BLOCK_BYTES, filter: "none" });
  const delta = factsOf(base, target);
  const all = { ...fields, hardware: [...fields.hardware], version: "2.0.0", delta, ...change };
  return Uint8Array.from(buildBundle(all, payload, privatePem));
}

export const deltaFacts = factsOf(oldBundle, newBundle);
export const deltaBundle = await deltaBetween(oldBundle, newBundle);
export const deltaIdentity = imageIdentity(crc32(deltaBundle), deltaBundle.length, storedImage("", deltaBundle).sha256);

export const deltaOnt = (change: Partial<OntConfig> = {}): Partial<OntConfig> => ({
  deltaAware: true,
  trustedKeys: [readPublicKey(keys.publicPem)],
  createVerifier: verifierMaker(false),
  ...change,
});

const json = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));

/** As its operator wrote it: what is made of it anew would have other octets. */
export const configuration = json('{ "schemaVersion": 1, "wan": { "vlan": 7 } }\n');
export const newConfiguration = { schemaVersion: 2, uplink: { vlan: "internet" } };
export const oddConfiguration = json('{ "schemaVersion": 1, "wan": { "vlan": 8 } }\n');

const stored = (version: string, content: Uint8Array): StoredImage => ({ ...storedImage(version, content), md5: "" });

/** Fresh from the factory with the old image, in slot 0. */
export const oldRecord: BootRecord = {
  ...factoryRecord(stored("1.0.0", oldBundle)),
  configs: [configFactsOf(configuration), null],
};
export const newImage = stored("2.0.0", newBundle);

/** Tells which delta the next Start is for. */
export const announceDelta = (bench: BenchOnt, identity = deltaIdentity): number | undefined =>
  bench.result(
    {
      type: "setRequest",
      attributeMask: maskOf(RECOVERY, "heldImage", "announcedKind"),
      values: Uint8Array.from([...identity, IMAGE_KINDS.indexOf("delta")]),
    },
    recovery,
  );
