/** The images of a run, read from files or made from the seed. */
import {
  buildNamedBundle,
  type BundleVerifier,
  buildVariantBundle,
  type BundleSlice,
  ImageError,
  type ImageSource,
  imageSourceSteps,
  type KnownBundle,
  knownBundleSteps,
  KnownDigests,
  publicKeyOf,
  readPublicKey,
  slicesOf,
  startsLikeBundle,
} from "../../image/index.ts";
import { placed } from "../../base/errors/index.ts";
import type { VerifierOptions } from "../../ont/core/types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { planPayloads } from "../payloads/plan.ts";
import type { OntKind, PayloadFacts, PayloadPlan } from "../payloads/types.ts";
import type { ImageFacts } from "../result/types.ts";
import { Bases, type BaseDelta } from "./bases.ts";
import { crc32Functions, makerOfVerifiers } from "./checks.ts";
import { imageFileSteps, readImageFile } from "./files.ts";
import { factoryMaker, type FactoryOf } from "./factory.ts";
import { kindsOf } from "./kinds.ts";
import { payloadIn, privateKeyFor } from "./made.ts";
import { isWithoutBytes } from "./payload-kind.ts";
import { atOnce, type ImageSteps } from "./steps.ts";

/** What an OLT sends, with its bytes. */
export interface RunPayload extends PayloadFacts {
  bytes: number;
  content: Uint8Array;
  source: ImageSource;
}

/** All images of a run, in memory. The same scenario gives the same bytes: keys come from its seed as well. */
export interface RunImages {
  /** The image that all are to run, or, where it has several payloads, the first of them. */
  bytes: Uint8Array;
  source: ImageSource;
  facts: ImageFacts;
  /** All that the OLT may send, the image first. */
  payloads: readonly RunPayload[];
  /** Undefined where there is nothing to choose from. */
  plan: PayloadPlan | undefined;
  /** SHA-256 of the image that an ONT of this hardware is to run, hexadecimal. */
  targetOf: (hardware: string) => string;
  /** Raw public keys that the ONTs trust. */
  trustedKeys: readonly Uint8Array[];
  /** The check of one download, which knows the payloads. */
  makeVerifier: (options: VerifierOptions) => BundleVerifier;
  factory: FactoryOf;
}

/**
 * Reads or makes the images of a run and puts in the fault the scenario asks for.
 *
 * @param nowSeconds since 1970-01-01 UTC, for the image's expiry; virtual time has no date
 * @throws InputError when a file, its key or a field cannot be used
 */
export const prepareImages = (scenario: Scenario, nowSeconds?: number): RunImages =>
  placed("image", () => atOnce(stepsOfImages(scenario, nowSeconds)));

/** The same in steps; what they throw has no place yet. */
export function* stepsOfImages(scenario: Scenario, nowSeconds?: number): ImageSteps<RunImages> {
  const { bundle, key, known } = yield* bundleOf(scenario);
  yield undefined;
  const slices = slicesOfTarget(bundle);
  const { fault, file, deltas } = scenario.image;
  const { crc32: checkOf, hash } = new KnownDigests(known === undefined ? [] : [known], crc32Functions);
  const options = {
    crc32: checkOf,
    hash,
    force: scenario.olt.force,
    ...(nowSeconds !== undefined && { nowSeconds }),
  };
  function* payloadFrom(facts: Omit<PayloadFacts, "bytes">, whole: Uint8Array): ImageSteps<RunPayload> {
    const content = faulty(whole, fault);
    return { ...facts, bytes: content.length, content, source: yield* imageSourceSteps(content, options, file) };
  }
  const bases = new Bases(scenario, slices);
  const images: RunPayload[] = [];
  for (const { hardware, bytes } of slices) {
    const name = nameOf("image", slices.length > 1 ? hardware : []);
    images.push(yield* payloadFrom({ name, kind: "image", baseVersion: null, hardware }, bytes));
    yield undefined;
  }
  // Who is sent what matters only where there is something to choose from.
  const kinds = deltas.length > 0 || slices.length > 1 ? kindsOf(scenario) : [];
  const usable = scenario.image.deltaPolicy === "never" ? [] : yield* bases.deltas(kinds);
  const made: RunPayload[] = [];
  for (const delta of usable) made.push(yield* payloadFrom(factsOf(delta, slices.length > 1), delta.bytes));
  const plan = made.length === 0 && images.length === 1 ? undefined : planOf(scenario, kinds, images, made);
  const sent = plan?.payloads.map(({ name }) => name);
  const payloads = inOneMemory([...images, ...made.filter(({ name }) => sent?.includes(name))]);
  const [{ content, source }] = payloads;
  const { imageBytes, crc32, sha256, version, productCode } = source;
  const ownKey = publicKeyOf(privateKeyFor(scenario.seed, "image"));
  const keys =
    deltas.some(({ delta }) => delta === undefined) && !key.every((byte, at) => byte === ownKey[at])
      ? [key, ownKey]
      : [key];
  return {
    bytes: content,
    source,
    facts: { bytes: imageBytes, crc32, sha256, version, productCode },
    payloads,
    plan,
    targetOf: (hardware) =>
      payloads.find((one) => one.kind === "image" && one.hardware.includes(hardware))?.source.sha256 ?? sha256,
    trustedKeys: fault === "wrongKey" ? [publicKeyOf(privateKeyFor(scenario.seed, "stranger"))] : keys,
    makeVerifier: makerOfVerifiers(payloads),
    factory: factoryMaker(scenario.seed, (...kind) => bases.bundleFor(...kind)),
  };
}

const nameOf = (what: string, hardware: readonly string[]): string =>
  [what, hardware.join("/")].filter(Boolean).join(" ");

const factsOf = ({ baseVersion, hardware }: BaseDelta, isVaried: boolean): Omit<PayloadFacts, "bytes"> => ({
  name: nameOf(`delta ${baseVersion}`, isVaried ? hardware : []),
  kind: "delta",
  baseVersion,
  hardware,
});

function planOf(
  scenario: Scenario,
  onts: readonly OntKind[],
  images: readonly PayloadFacts[],
  deltas: readonly PayloadFacts[],
): PayloadPlan {
  return planPayloads({
    images,
    deltas,
    onts,
    // Beside OMCI each device has a copy of its own.
    mode: scenario.road !== "omci" ? "unicast" : scenario.olt.mode,
    ports: scenario.pons,
    policy: scenario.image.deltaPolicy,
  });
}

/** A file with a fault of its own cannot be cut. */
function slicesOfTarget(bundle: Uint8Array): BundleSlice[] {
  try {
    return slicesOf(bundle);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return [{ hardware: [], bytes: bundle }];
  }
}

/** Where there are several: the line in virtual time lends out sections of one memory only. */
function inOneMemory(payloads: readonly RunPayload[]): RunPayload[] {
  if (payloads.length === 1) return [...payloads];
  const memory = new Uint8Array(payloads.reduce((sum, { content }) => sum + content.length, 0));
  let at = 0;
  return payloads.map((payload) => {
    const content = memory.subarray(at, at + payload.content.length);
    content.set(payload.content);
    at += content.length;
    const read = (offsetBytes: number, lengthBytes: number): Uint8Array =>
      content.subarray(offsetBytes, offsetBytes + lengthBytes);
    return { ...payload, content, source: { ...payload.source, read } };
  });
}

interface MadeBundle {
  bundle: Uint8Array;
  key: Uint8Array;
  /** Where it was made here. */
  known?: KnownBundle;
}

function* bundleOf(scenario: Scenario): ImageSteps<MadeBundle> {
  const { image, seed } = scenario;
  const { file, keyFile, version, productCode, minimumVersion, securityVersion } = image;
  if (file !== undefined && image.payload === "none")
    throw new ImageError(`${file}: has a payload; leave out image.payload: none, or the file`);
  const content = file === undefined ? undefined : yield* imageFileSteps(file);
  if (content !== undefined && startsLikeBundle(content)) {
    if (keyFile === undefined)
      throw new ImageError(`${file}: is a signed bundle; name the public key the ONTs trust (image.keyFile)`);
    return { bundle: content, key: readPublicKey(readImageFile(keyFile).toString("utf8")) };
  }
  // Such a payload is signed by a key of the seed's: a key that is named would be trusted by no ONT.
  if (keyFile !== undefined)
    throw new ImageError(
      `${file ?? "a generated image"}: is no signed bundle, ${keyFile} is the key of none; see pack`,
    );
  const privatePem = privateKeyFor(seed, "image");
  const fields = { version, productCode, minimumVersion, securityVersion, buildTime: 0 };
  const key = publicKeyOf(privatePem);
  if (image.variants.length === 0) {
    const all = { ...fields, hardware: [...image.hardware] };
    if (isWithoutBytes(scenario)) {
      const known = buildNamedBundle(all, image.bytes, `poncast ${seed} image`, privatePem);
      return { bundle: known.bytes, key, known };
    }
    const payload = content ?? (yield* payloadIn(image.bytes, seed, "image"));
    const known = yield* knownBundleSteps(all, payload, privatePem, crc32Functions);
    return { bundle: known.bytes, key, known };
  }
  if (content !== undefined)
    throw new ImageError(
      `${file}: is one payload, image.variants asks for ${image.variants.length}; see pack --variant`,
    );
  const payloads: Parameters<typeof buildVariantBundle>[1][number][] = [];
  for (const { hardware, architecture, bytes = image.bytes } of image.variants) {
    const payload = yield* payloadIn(bytes, seed, `image/${hardware[0]}`);
    payloads.push({ hardware: [...hardware], architecture, payload });
  }
  return { bundle: buildVariantBundle(fields, payloads, privatePem), key };
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
