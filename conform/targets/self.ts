/** Our own ONT as the target, in virtual time. */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "../../base/kernel/index.ts";
import { crc32Trailer } from "../../omci/index.ts";
import {
  createOnt,
  factoryRecord,
  type Ont,
  type OntConfig,
  type OntSinks,
  type QuirkProfile,
  turnOnt,
} from "../../ont/index.ts";
import type { BootPlan, FlashOperation, OntEvent } from "../../ont/core/types.ts";
import { verifierMaker } from "../../ont/process/index.ts";
import { parseScenario } from "../../scenarios/index.ts";
import { ontConfigOf, type OntPlan, planFleet } from "../../run/fleet/index.ts";
import { prepareImages, type RunImages } from "../../run/index.ts";
import { SharedImages, type FlashJob, VirtualFlash } from "../../run/virtual/index.ts";
import type { ConformImage, Target, Transport } from "../core/transport.ts";

/** Payload of the generated image: windows of 64 baseline sections come out in several, the last one short. */
const PAYLOAD_BYTES = 20_000;
const PRODUCT_CODE = "PONCAST-ONT";
const HARDWARE = "HW-1";
const FACTORY_VERSION = "PONCAST-1.0.0";
const IMAGE_VERSION = "PONCAST-2.0.0";

/** As real ONTs take their time; all else as a scenario has it by default. */
const ONT_FIELDS = "{ onts: 1, ont: { restartDelayMs: 500, bootMs: 4000, watchdogMs: 9000 } }";
let plan: OntPlan | undefined;
/** Read once: a tester has a new ONT for each case. */
const ontPlan = (): OntPlan => (plan ??= planFleet(parseScenario(ONT_FIELDS, "poncast conform"))[0]);

const NS_PER_MS = 1e6;
/** One downstream frame of the line carries one OMCI frame here. */
const FRAME_NS = 125_000;
const UPSTREAM_NS = 300_000;
/** Discovery and ranging of an ONT that is up. */
const RANGING_NS = 10 * NS_PER_MS;
const POWER_OFF_NS = 1000 * NS_PER_MS;
const flashTiming = { eraseNs: 50 * NS_PER_MS, writeBytesPerSecond: 5e6, checkNs: 0 };
/** Slow enough that an ONT is seen storing, End is answered "device busy" for some polls; larger images take no longer than this. */
const VERIFY_BYTES_PER_SECOND = 1600;
const VERIFY_SECONDS_MAX = 15;
const TRAILER_BYTES = 4;

/** The image and the ONT's factory image; the same in every run. */
export interface SelfImages {
  image: ConformImage;
  images: RunImages;
}

/**
 * @param given a bundle with the key that signed it, or any other file, which is made a bundle of; default a generated one
 * @throws RunInputError, ImageError
 */
export function selfImages(given?: { file: string; keyFile?: string }): SelfImages {
  const overrides = Object.entries(given ?? {}).map(([name, value]) => ({ path: `image.${name}`, value, option: "" }));
  const fields = `bytes: ${PAYLOAD_BYTES}, version: ${IMAGE_VERSION}, productCode: ${PRODUCT_CODE}, hardware: [${HARDWARE}]`;
  const images = prepareImages(parseScenario(`image: { ${fields} }`, "poncast conform", overrides));
  const { bytes, source } = images;
  const md5 = createHash("md5").update(bytes).digest("hex");
  return { images, image: { bytes, crc32: crc32(bytes), md5, version: source.version } };
}

/**
 * Our own ONT in virtual time: a new one for each case, the same to the bit in every run.
 *
 * @param flashBytesPerSecond how fast it reads back what it stored, while it answers "device busy"
 */
export function selfTarget(quirk: QuirkProfile, { images }: SelfImages, flashBytesPerSecond?: number): Target {
  const bytesPerSecond =
    flashBytesPerSecond ?? Math.max(VERIFY_BYTES_PER_SECOND, images.bytes.length / VERIFY_SECONDS_MAX);
  return {
    name: quirk.name === "reference" ? "self" : `self (${quirk.name})`,
    isFreshEachCase: true,
    open: async () => {
      // Virtual time never waits: without this, Ctrl-C would not be heard before the last case.
      await setImmediate();
      return new SelfTransport(quirk, images, undefined, bytesPerSecond);
    },
  };
}

/** An ONT with its link, in virtual time that passes when it is waited for. */
export class SelfTransport implements Transport, OntSinks {
  readonly name = "self";
  readonly takesFlash = true;
  readonly timeScale = 1;
  readonly sectionGapNs = 0;
  onFrame: (frame: Uint8Array) => void = () => undefined;
  /** It came up and is ranged, or went away. */
  onLink: (isUp: boolean) => void = () => undefined;
  readonly #config: OntConfig;
  readonly #flash: VirtualFlash;
  readonly #arriving: { atNs: number; frame: Uint8Array }[] = [];
  #core: Ont;
  #nowNs = 0;
  #jobs: FlashJob[] = [];
  #jobEndNs = Infinity;
  #rangingNs = Infinity;

  constructor(
    quirks: QuirkProfile,
    images: RunImages,
    boot: BootPlan = { kind: "boots" },
    verifyBytesPerSecond = VERIFY_BYTES_PER_SECOND,
  ) {
    this.#config = {
      ...ontConfigOf(ontPlan(), images.trustedKeys),
      productCode: images.source.productCode,
      hardwareVersion: images.source.hardware[0] ?? HARDWARE,
      boot,
      quirks,
      createVerifier: verifierMaker(true),
    };
    const factory = images.factory(FACTORY_VERSION, this.#config.productCode, this.#config.hardwareVersion);
    this.#flash = new VirtualFlash(new SharedImages([]), { ...flashTiming, verifyBytesPerSecond });
    this.#flash.install(factoryRecord(factory.image), [factory.bytes, null]);
    this.#core = this.#powerOn();
    this.#advanceTo(10_000 * NS_PER_MS);
  }

  nowNs(): number {
    return this.#nowNs;
  }

  send(pdu: Uint8Array): void {
    this.#advanceTo(this.#nowNs + FRAME_NS);
    this.#core.handleFrame(this.#nowNs, "omcc", pdu);
    this.#settle();
  }

  /** The link checks the trailer, and what is damaged ends there. */
  sendDamaged(pdu: Uint8Array): void {
    const frame = this.sealed(pdu, true);
    if (crc32Trailer.check(frame, 0, frame.length)) this.send(pdu);
  }

  sealed(pdu: Uint8Array, damaged: boolean): Uint8Array {
    const frame = sealed(pdu);
    if (damaged) frame[frame.length - 1]! ^= 0xff;
    return frame;
  }

  checkTrailer(frame: Uint8Array): boolean {
    return crc32Trailer.check(frame, 0, frame.length);
  }

  wait(deadlineNs: number): Promise<void> {
    while (!this.#deliver() && this.#nowNs < deadlineNs) {
      this.#advanceOnce(Math.max(this.#nowNs, Math.min(deadlineNs, this.#nextNs())));
    }
    return Promise.resolve();
  }

  powerCycle(): Promise<void> {
    const [job] = this.#jobs;
    if (job !== undefined && job.durationNs > 0) {
      const doneNs = this.#nowNs - (this.#jobEndNs - job.durationNs);
      this.#flash.carryOut(job, Math.min(doneNs / job.durationNs, 1 - Number.EPSILON));
    }
    this.#jobs = [];
    this.#jobEndNs = Infinity;
    this.#rangingNs = Infinity;
    this.#nowNs += POWER_OFF_NS;
    this.#core = this.#powerOn();
    this.#settle();
    return Promise.resolve();
  }

  close(): void {
    this.onFrame = () => undefined;
  }

  frame(bytes: Uint8Array, lengthBytes: number): void {
    this.#arriving.push({ atNs: this.#nowNs + UPSTREAM_NS, frame: sealed(bytes.subarray(0, lengthBytes)) });
  }

  flash(_nowNs: number, operation: FlashOperation): void {
    this.#jobs.push(this.#flash.accept(operation));
    if (this.#jobs.length === 1) this.#beginJob();
  }

  event(nowNs: number, event: OntEvent): void {
    if (event.type === "online") this.#rangingNs = nowNs + RANGING_NS;
    if (event.type !== "offline") return;
    this.#rangingNs = Infinity;
    this.onLink(false);
  }

  #powerOn(): Ont {
    return createOnt(this.#config, this.#flash.readRecord(), this.#nowNs);
  }

  /** When something happens next. */
  #nextNs(): number {
    const arrivalNs = this.#arriving[0]?.atNs ?? Infinity;
    return Math.min(arrivalNs, this.#core.nextTimeoutNs(), this.#jobEndNs, this.#rangingNs);
  }

  #advanceTo(deadlineNs: number): void {
    for (let nextNs = this.#nextNs(); nextNs <= deadlineNs; nextNs = this.#nextNs()) {
      this.#advanceOnce(Math.max(this.#nowNs, nextNs));
      this.#deliver();
    }
    this.#nowNs = Math.max(this.#nowNs, deadlineNs);
  }

  /** Moves the clock and does what is due. */
  #advanceOnce(nowNs: number): void {
    this.#nowNs = nowNs;
    if (this.#jobEndNs <= nowNs) {
      const job = this.#jobs.shift()!;
      this.#flash.carryOut(job, 1);
      this.#beginJob();
      this.#core.handleFlashDone(nowNs, job.id, this.#flash.findingOf(job));
    }
    if (this.#rangingNs <= nowNs) {
      this.#rangingNs = Infinity;
      this.#core.handleRanged(nowNs, 1);
      this.onLink(true);
    }
    this.#core.handleTimeout(nowNs);
    this.#settle();
  }

  #beginJob(): void {
    const [job] = this.#jobs;
    this.#jobEndNs = job === undefined ? Infinity : this.#nowNs + job.durationNs;
  }

  /** Takes what the core has to say after a call into it. */
  #settle(): void {
    turnOnt(this.#core, this, this.#nowNs);
  }

  /** Hands over what has arrived. @returns whether there was anything */
  #deliver(): boolean {
    let any = false;
    for (let first = this.#arriving[0]; first !== undefined && first.atNs <= this.#nowNs; first = this.#arriving[0]) {
      this.#arriving.shift();
      this.onFrame(first.frame);
      any = true;
    }
    return any;
  }
}

function sealed(pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(pdu.length + TRAILER_BYTES);
  frame.set(pdu);
  crc32Trailer.seal(frame, 0, pdu.length);
  return frame;
}
