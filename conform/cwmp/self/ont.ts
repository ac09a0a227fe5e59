/** The ONT under a CPE of ours in virtual time: its core, its flash, and the image store that the CPE sees. */
import {
  createOnt,
  factoryRecord,
  type FlashOperation,
  type Ont,
  type OntConfig,
  type OntEvent,
  type OntSinks,
  turnOnt,
} from "../../../ont/index.ts";
import type { LocalAnswer } from "../../../ont/core/types.ts";
import { verifierMaker } from "../../../ont/process/index.ts";
import { LocalStore } from "../../../ont/store/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { ontConfigOf, planFleet } from "../../../run/fleet/index.ts";
import { prepareImages, type RunImages } from "../../../run/index.ts";
import { type FlashJob, SharedImages, VirtualFlash } from "../../../run/virtual/index.ts";
import type { CwmpImage } from "../core/types.ts";
import { FACTORY_VERSION } from "./flaws.ts";

const PAYLOAD_BYTES = 60_000;
export const PRODUCT_CODE = "PONCAST-ONT";
export const HARDWARE = "HW-1";
const IMAGE_VERSION = "PONCAST-2.0.0";
const STRANGER_SEED = 2;
const ONT_FIELDS = "{ onts: 1, ont: { restartDelayMs: 500, bootMs: 4000, watchdogMs: 9000 } }";
const NS_PER_MS = 1e6;
const FLASH_TIMING = { eraseNs: 50 * NS_PER_MS, writeBytesPerSecond: 5e6, verifyBytesPerSecond: 20e6, checkNs: 0 };
const NO_TRAFFIC = (): void => undefined;

type FactoryImage = ReturnType<RunImages["factory"]>;
const [PLAN] = planFleet(parseScenario(ONT_FIELDS, "poncast conform")) as [ReturnType<typeof planFleet>[number]];

/** The image for the CPE, the same of another signer, and what it comes with. */
export interface SelfCwmpImages {
  image: CwmpImage;
  trustedKeys: readonly Uint8Array[];
  /** What it comes with. */
  factory: FactoryImage;
  /** Keys of the other signer. */
  strangers: readonly Uint8Array[];
}

/** The same in every run. */
export function selfCwmpImages(): SelfCwmpImages {
  const fields = `bytes: ${PAYLOAD_BYTES}, version: ${IMAGE_VERSION}, productCode: ${PRODUCT_CODE}, hardware: [${HARDWARE}]`;
  const made = (seed: number): RunImages =>
    prepareImages(parseScenario(`{ seed: ${seed}, image: { ${fields} } }`, "poncast conform"));
  const [images, stranger] = [made(1), made(STRANGER_SEED)];
  return {
    image: { bytes: images.bytes, version: IMAGE_VERSION, untrusted: stranger.bytes },
    trustedKeys: images.trustedKeys,
    factory: images.factory(FACTORY_VERSION, PRODUCT_CODE, HARDWARE),
    strangers: stranger.trustedKeys,
  };
}

export interface SelfOntSinks {
  /** It is up. */
  online(): void;
  offline(): void;
}

export class SelfOnt implements OntSinks {
  readonly name = "ONT of the CPE";
  readonly takesFlash = true;
  readonly frame = NO_TRAFFIC;
  readonly store: LocalStore;
  readonly #config: OntConfig;
  readonly #flash: VirtualFlash;
  readonly #sinks: SelfOntSinks;
  #core: Ont;
  #nowNs = 0;
  #nextNs = 0;
  #jobs: FlashJob[] = [];
  #jobEndNs = Infinity;
  #isTurning = false;

  constructor(images: SelfCwmpImages, trustedKeys: readonly Uint8Array[], sinks: SelfOntSinks) {
    this.#sinks = sinks;
    this.#config = {
      ...ontConfigOf(PLAN, [...trustedKeys]),
      productCode: PRODUCT_CODE,
      hardwareVersion: HARDWARE,
      boot: { kind: "boots" },
      createVerifier: verifierMaker(false),
    };
    const { factory } = images;
    this.#flash = new VirtualFlash(new SharedImages([]), FLASH_TIMING);
    this.#flash.install(factoryRecord(factory.image), [factory.bytes, null]);
    this.store = new LocalStore({
      command: (command) => {
        this.#core.handleLocal(this.#nowNs, command);
        this.#turn();
      },
      snapshot: () => this.#core.snapshot(),
    });
    this.#core = createOnt(this.#config, this.#flash.readRecord(), 0);
    this.#turn();
  }

  /** When something happens next by itself. */
  get nextNs(): number {
    return Math.min(this.#nextNs, this.#jobEndNs);
  }

  advance(nowNs: number): void {
    this.#nowNs = nowNs;
    if (this.#jobEndNs <= nowNs) {
      const job = this.#jobs.shift()!;
      this.#flash.carryOut(job, 1);
      this.#beginJob();
      this.#core.handleFlashDone(nowNs, job.id, this.#flash.findingOf(job));
    }
    if (this.#nextNs <= nowNs) this.#core.handleTimeout(nowNs);
    this.#turn();
  }

  /** What was under way in the flash is half done. */
  powerCycle(nowNs: number): void {
    this.#nowNs = nowNs;
    const [job] = this.#jobs;
    if (job !== undefined && job.durationNs > 0) {
      const doneNs = nowNs - (this.#jobEndNs - job.durationNs);
      this.#flash.carryOut(job, Math.min(Math.max(0, doneNs / job.durationNs), 1 - Number.EPSILON));
    }
    this.#jobs = [];
    this.#jobEndNs = Infinity;
    this.store.clear();
    this.#core = createOnt(this.#config, this.#flash.readRecord(), nowNs);
    this.#turn();
  }

  flash(_nowNs: number, operation: FlashOperation): void {
    this.#jobs.push(this.#flash.accept(operation));
    if (this.#jobs.length === 1) this.#beginJob();
  }

  local(_nowNs: number, answer: LocalAnswer): void {
    this.store.answer(answer);
  }

  event(_nowNs: number, event: OntEvent): void {
    if (event.type === "online") this.#sinks.online();
    if (event.type !== "offline") return;
    this.store.clear();
    this.#sinks.offline();
  }

  #beginJob(): void {
    const [job] = this.#jobs;
    this.#jobEndNs = job === undefined ? Infinity : this.#nowNs + job.durationNs;
  }

  /** What is asked in a turn is handed out in that turn. */
  #turn(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    this.#nextNs = turnOnt(this.#core, this, this.#nowNs);
    this.#isTurning = false;
  }
}
