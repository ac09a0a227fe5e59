/** What all worlds of one search have in common: the scenario, the images, how the OLT is set, and what is constant. */
import type { OltConfig, Recovery, Mode } from "../../olt/index.ts";
import { createOlt } from "../../olt/index.ts";
import type { ImageVerdict, ImageVerifier, VerifierOptions } from "../../ont/index.ts";
import { toOltConfig } from "../../run/fleet/index.ts";
import { makeVerifier, prepareImages, type RunImages } from "../../run/index.ts";
import { SharedImages, Simulation, VirtualOnt } from "../../run/virtual/index.ts";
import { parseScenario, type Scenario } from "../../scenarios/index.ts";
import type { MessageSet } from "../../omci/index.ts";
import type { Olt } from "../../olt/index.ts";
import { Digester } from "./digest.ts";
import { Messages } from "./messages.ts";

export interface WorldOptions {
  mode: Mode;
  recovery: Recovery;
  messageSet: MessageSet;
  onts: number;
}

/** Windows of the image, and sections of each where the sections can be made to fit. */
const WINDOWS = 2;
const WINDOW_SECTIONS = 3;
/** Baseline sections have 31 bytes, and no signed image is smaller than 8 of them. */
const BASELINE_SECTION_BYTES = 31;
const PAYLOAD_BYTES = 8;

/** How long an ONT is without power: less than anything that waits for it. */
export const OFF_NS = 200e6;

/** An operation of the flash is done at any time up to this: an End may wait for longer than it is held. */
export const FLASH_NS_MAX = 300e6;

/** Times of a scenario, ms: no two things that may race are due at once, and an ONT that comes back is waited for. */
const OLT_TIMES = {
  answerTimeoutMs: 1000,
  // As long: the deadline is no matter of how fast answers were.
  answerTimeoutMinMs: 1000,
  sendsMax: 2,
  busyPollMs: 400,
  busyWaitMs: 10_000,
  rebootWaitMs: 20_000,
  returnWaitMs: 20_000,
  soakMs: 0,
  restartsMax: 4,
  patience: 2,
  catchUp: { when: "ended", waitSeconds: 5 },
};
const ONT_TIMES = { restartDelayMs: 100, bootMs: 3000, watchdogMs: 4000 };

const scenarioOf = ({ mode, recovery, messageSet, onts }: WorldOptions): Scenario =>
  parseScenario(
    JSON.stringify({
      name: "explore",
      onts,
      image: { bytes: 1024 },
      // Alike, so that they can take each other's place.
      fleet: [{ slot: 0 }],
      ont: ONT_TIMES,
      olt: { mode, recovery, messageSet, failureThreshold: 1, ...OLT_TIMES },
    }),
    "explore",
  );

/** Keeps the bytes and asks the real one each time: its own state cannot be looked into. */
class PlainVerifier implements ImageVerifier {
  readonly #world: World;
  readonly #options: VerifierOptions;
  #bytes = new Uint8Array(0);

  constructor(world: World, options: VerifierOptions) {
    this.#world = world;
    this.#options = options;
  }

  update(bytes: Uint8Array): ReturnType<ImageVerifier["update"]> {
    const longer = new Uint8Array(this.#bytes.length + bytes.length);
    longer.set(this.#bytes);
    longer.set(bytes, this.#bytes.length);
    this.#bytes = longer;
    return makeVerifier(this.#options).update(longer);
  }

  finish(crc32: number): ImageVerdict {
    return this.#world.verdict(this.#options, this.#bytes, crc32);
  }
}

/** Makes OLTs and ONTs, each as at the beginning. */
export class World {
  readonly options: WorldOptions;
  readonly images: RunImages;
  readonly oltConfig: OltConfig;
  readonly digester = new Digester();
  readonly messages = new Messages();
  readonly #template: readonly VirtualOnt[];
  readonly #shared: SharedImages;
  readonly #verdicts = new Map<string, ImageVerdict>();

  constructor(options: WorldOptions) {
    this.options = options;
    const asked = scenarioOf(options);
    // Smaller than a scenario may ask for: what is explored is not how many bytes there are.
    const scenario = { ...asked, image: { ...asked.image, bytes: PAYLOAD_BYTES } };
    this.images = prepareImages(scenario);
    const { imageBytes } = this.images.source;
    const isBaseline = options.messageSet === "baseline";
    const sectionBytes = isBaseline ? BASELINE_SECTION_BYTES : Math.ceil(imageBytes / (WINDOWS * WINDOW_SECTIONS));
    const windowSections = Math.ceil(imageBytes / sectionBytes / WINDOWS);
    const config = toOltConfig(scenario);
    const { limits } = config;
    // Nobody is given up before it has come: how long that takes tells no two worlds apart then.
    const patient = { ...limits, rangingPatienceNs: Infinity, arrivalWaitNs: Infinity, runNs: Infinity };
    this.oltConfig = { ...config, sectionBytes, windowSections, limits: patient };
    this.#template = new Simulation(scenario, this.images).onts;
    const [{ factory }] = this.#template;
    this.#shared = new SharedImages([this.images.bytes, factory.bytes]);
    for (const [name, object] of Object.entries({
      oltConfig: this.oltConfig,
      limits: patient,
      source: this.images.source,
      image: factory.image,
      options: this.options,
      shared: this.#shared,
    }))
      this.digester.constant(object, name);
    for (const [index, image] of this.#shared.images.entries()) this.digester.constant(image, `shared ${index}`);
    for (const key of this.images.trustedKeys) this.digester.constant(key, "key");
    this.digester.constant(this.images.trustedKeys, "keys");
    this.digester.constant(this, "world");
  }

  createOlt(): Olt {
    return createOlt(this.oltConfig, this.images.source);
  }

  createOnt(index: number): VirtualOnt {
    const { plan, factory, fibre } = this.#template[index];
    return new VirtualOnt({
      plan,
      factory,
      fibre,
      shared: this.#shared,
      trustedKeys: this.images.trustedKeys,
      createVerifier: (options) => new PlainVerifier(this, options),
    });
  }

  serialOf(ont: number): string {
    return this.#template[ont].config.serial;
  }

  /** What the real check says of all bytes; the same bytes are checked once. */
  verdict(options: VerifierOptions, bytes: Uint8Array, crc32: number): ImageVerdict {
    const key = `${options.runningVersion}/${options.imageBytes}/${crc32}/${Buffer.from(bytes).toString("latin1")}`;
    let verdict = this.#verdicts.get(key);
    if (verdict === undefined) {
      const verifier = makeVerifier(options);
      const cause = verifier.update(bytes);
      verdict = cause === undefined ? verifier.finish(crc32) : { valid: false, cause };
      this.#verdicts.set(key, verdict);
    }
    return verdict;
  }
}
