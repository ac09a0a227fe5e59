/** What ONTs run that are sent a delta, and these deltas. */
import { type BundleSlice, headerOf, ImageError, knownBundleSteps, sha256Steps, sliceFor } from "../../image/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { OntKind } from "../payloads/types.ts";
import { crc32Functions } from "./checks.ts";
import { imageFileSteps, readImageFile } from "./files.ts";
import { earlierPayload, privateKeyFor } from "./made.ts";
import { atOnce, type ImageSteps } from "./steps.ts";

/** A signed bundle that makes the image of another one. */
export interface BaseDelta {
  baseVersion: string;
  hardware: readonly string[];
  bytes: Uint8Array;
}

type DeltaField = Scenario["image"]["deltas"][number];

export class Bases {
  readonly #scenario: Scenario;
  readonly #slices: readonly BundleSlice[];
  readonly #made = new Map<string, Uint8Array>();
  /** By version. */
  readonly #fields: ReadonlyMap<string, DeltaField>;

  /** @param slices of the image that is distributed */
  constructor(scenario: Scenario, slices: readonly BundleSlice[]) {
    this.#scenario = scenario;
    this.#slices = slices;
    this.#fields = new Map(scenario.image.deltas.map((field) => [versionOf(field), field]));
    if (this.#fields.size === 0 || slices[0].hardware.length === 0) return;
    const target = headerOf(slices[0].bytes).manifest;
    if (target.delta !== undefined)
      throw new ImageError(
        `${scenario.image.file}: is a delta from ${target.delta.baseVersion}; name the image that it makes`,
      );
    if (this.#fields.has(target.version))
      throw new ImageError(`deltas: ${target.version}: is the version that is distributed, not one that is replaced`);
  }

  /** What an ONT of this version and product runs; undefined: nothing is made from it. */
  bundleFor(version: string, productCode: string, hardware: string): Uint8Array | undefined {
    const bundle = atOnce(this.#bundleIn(version, hardware));
    if (bundle === undefined) return undefined;
    const { productCode: made } = headerOf(bundle).manifest;
    // A product of its own may count its versions alike.
    return productCode !== "" && made !== "" && productCode !== made ? undefined : bundle;
  }

  *#bundleIn(version: string, hardware: string): ImageSteps<Uint8Array | undefined> {
    const field = this.#fields.get(version);
    const slice = this.#sliceFor(hardware);
    if (field === undefined || slice === undefined) return undefined;
    const key = `${version}/${slice.hardware.join()}`;
    let bundle = this.#made.get(key);
    if (bundle === undefined) {
      bundle =
        field.file === undefined
          ? yield* this.#earlier(field, version, slice)
          : sliceFor(yield* imageFileSteps(field.file), hardware);
      this.#made.set(key, bundle);
    }
    return bundle;
  }

  /** Those that some ONT of the fleet can use. @param kinds of its ONTs */
  *deltas(kinds: readonly OntKind[]): ImageSteps<BaseDelta[]> {
    const made = new Map<string, BaseDelta>();
    for (const { version, hardware, takesDeltas } of kinds) {
      const slice = this.#sliceFor(hardware);
      const base = takesDeltas ? yield* this.#bundleIn(version, hardware) : undefined;
      if (slice === undefined || base === undefined) continue;
      const key = `${version}/${slice.hardware.join()}`;
      if (made.has(key)) continue;
      const { delta } = this.#fields.get(version)!;
      const bytes = delta === undefined ? yield* this.#delta(base, slice) : readImageFile(delta);
      made.set(key, { baseVersion: version, hardware: slice.hardware, bytes });
    }
    return [...made.values()];
  }

  #sliceFor(hardware: string): BundleSlice | undefined {
    return this.#slices.find((slice) => slice.hardware.includes(hardware));
  }

  /** A bundle that came before the image, made from it. */
  *#earlier({ changed }: DeltaField, version: string, slice: BundleSlice): ImageSteps<Uint8Array> {
    const { seed } = this.#scenario;
    const { manifest, headerBytes } = headerOf(slice.bytes);
    const payloadBytes = slice.variant?.payloadBytes ?? manifest.payloadBytes;
    const payload = slice.bytes.subarray(headerBytes, headerBytes + payloadBytes);
    const earlier = yield* earlierPayload(payload, changed, seed, `base/${version}/${slice.hardware[0]}`);
    const { productCode } = manifest;
    const fields = { version, productCode, hardware: [...slice.hardware], minimumVersion: "", buildTime: 0 };
    return (yield* knownBundleSteps(fields, earlier, privateKeyFor(seed, "factory"), crc32Functions)).bytes;
  }

  *#delta(base: Uint8Array, slice: BundleSlice): ImageSteps<Uint8Array> {
    const privateKeyPem = privateKeyFor(this.#scenario.seed, "image");
    const digests = [yield* sha256Steps(base), yield* sha256Steps(slice.bytes)];
    const key = [...digests, this.#scenario.seed, slice.hardware].join();
    let made = kept.get(key);
    if (made === undefined) {
      const [hardware] = slice.hardware;
      made = (yield { base, target: slice.bytes, options: { privateKeyPem, crc32: crc32Functions, hardware } })!;
      if (kept.size >= KEPT) kept.delete(kept.keys().next().value!);
      kept.set(key, made);
    }
    return made;
  }
}

/** Deltas of a sweep's runs are alike: the last few are kept. */
const KEPT = 8;
const kept = new Map<string, Uint8Array>();

function versionOf({ base, file, delta }: DeltaField): string {
  if (delta !== undefined && headerOf(readImageFile(delta)).manifest.delta === undefined)
    throw new ImageError(`deltas: ${delta}: is an image, no delta; see poncast delta make`);
  if (file === undefined) {
    if (base !== undefined) return base;
    throw new ImageError("deltas: name the base of each by its version (base) or its bundle (file)");
  }
  const { version, delta: from } = headerOf(readImageFile(file)).manifest;
  if (from !== undefined)
    throw new ImageError(
      `deltas: ${file}: is a delta from ${from.baseVersion}; name the bundle that ONTs run (and the delta by image.deltas[].delta)`,
    );
  if (base === undefined || base === version) return version;
  throw new ImageError(`deltas: ${file}: is version ${version}, not ${base}`);
}
