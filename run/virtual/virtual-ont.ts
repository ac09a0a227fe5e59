/** One ONT of a simulation: what there is of it beside its core. */
import {
  type ImageVerifier,
  type Ont,
  type OntConfig,
  type OntEvent,
  type Slot,
  type VerifierOptions,
  createOnt,
  referenceProfile,
} from "../../ont/index.ts";
import type { Fibre } from "../../pon/index.ts";
import { type Delivery, type EventQueue, type LineOnt, propagationNs } from "../../pon/virtual/index.ts";
import { configurationOf, factoryRecordIn, ontConfigOf } from "../fleet/ont-config.ts";
import type { OntPlan } from "../fleet/plan.ts";
import { EVENT } from "./events.ts";
import type { FactoryImage } from "../images/index.ts";
import type { SharedRebuilds } from "./shared-rebuilds.ts";
import type { SharedImages } from "./slot-content.ts";
import { type FlashJob, VirtualFlash } from "./virtual-flash.ts";

const NS_PER_MS = 1e6;
const NS_PER_US = 1e3;

/** No event waits. */
export const NO_EVENT = -1;

export interface OntParts {
  plan: OntPlan;
  factory: FactoryImage;
  shared: SharedImages;
  /** Shared with the other ONTs; absent: its own. */
  rebuilds?: SharedRebuilds;
  fibre: Fibre;
  trustedKeys: readonly Uint8Array[];
  createVerifier: (options: VerifierOptions) => ImageVerifier;
}

/** One ONT in virtual time: its core while it has power, its flash always, and what is under way for it. */
export class VirtualOnt implements LineOnt {
  readonly plan: OntPlan;
  readonly config: OntConfig;
  readonly flash: VirtualFlash;
  readonly fibre: Fibre;
  readonly factory: FactoryImage;
  readonly propagationNs: number;
  /** Time the ONT needs for one frame. */
  readonly frameNs: number;
  core: Ont | null = null;
  /** It is handing out what its core has to say. */
  isTurning = false;
  /** Grows with every power-on: what was sent to an earlier life is not for this one. */
  life = 0;
  /** -1 while it is not ranged. */
  onuId = -1;
  /** Kept from its first ranging on. */
  assignedOnuId = -1;
  /** Booted and sending light. */
  up = false;
  activeSlot: Slot;
  bootAttempts = 0;
  cause = "";
  /** Until when it works on the frames it has. */
  busyNs = 0;
  cutNs = -1;
  flashJobs: FlashJob[] = [];
  /** The operation under way began then; what is on its way behind it begins when it is done. */
  flashBeganNs = 0;
  flashOperations = 0;
  timer = NO_EVENT;
  timerNs = Infinity;
  flashEvent = NO_EVENT;
  rangingEvent = NO_EVENT;
  signalLostEvent = NO_EVENT;
  upstreamFrames = 0;
  readonly waiting: Delivery[] = [];
  readonly waitingLives: number[] = [];
  /** One with deadlines of its own would look at each of them. */
  readonly takesLater: boolean;
  /** Frames that did not get to the core, and frames that it dropped, by cause. */
  readonly dropped = new Map<string, number>();

  /** @throws RunInputError for a quirk profile that does not exist */
  constructor({ plan, factory, shared, rebuilds, fibre, trustedKeys, createVerifier }: OntParts) {
    const { properties } = plan;
    this.plan = plan;
    this.factory = factory;
    this.fibre = fibre;
    this.propagationNs = propagationNs(plan.distanceKm);
    this.frameNs = Math.round(properties.sectionMicroseconds * NS_PER_US);
    this.activeSlot = plan.slot;
    this.takesLater = properties.quirk === referenceProfile.name;
    this.config = { ...ontConfigOf(plan, trustedKeys), createVerifier };
    this.flash = new VirtualFlash(
      shared,
      {
        eraseNs: Math.round(properties.flashEraseMs * NS_PER_MS),
        writeBytesPerSecond: properties.flashWriteBytesPerSecond,
        verifyBytesPerSecond: properties.flashVerifyBytesPerSecond,
        checkNs: plan.timing.imageCheckNs ?? 0,
      },
      rebuilds,
    );
    this.flash.install(
      factoryRecordIn(plan.slot, factory.image, properties),
      plan.slot === 0 ? [factory.bytes, null] : [null, factory.bytes],
      configurationOf(properties),
    );
  }

  get index(): number {
    return this.plan.index;
  }

  get port(): number {
    return this.plan.pon;
  }

  get hasPower(): boolean {
    return this.core !== null;
  }

  /** @throws Error when no boot record is whole */
  powerOn(nowNs: number): void {
    this.life++;
    this.busyNs = nowNs;
    this.core = createOnt(this.config, this.flash.readRecord(), nowNs);
  }

  /** What it tells of itself, as far as nothing else happens by it. */
  note(event: OntEvent): void {
    switch (event.type) {
      case "bootAttempt":
        this.bootAttempts = Math.max(this.bootAttempts, event.attempt);
        return;
      case "state":
        this.cause = event.cause ?? "";
        return;
      case "dropped":
        return this.count(event.cause, event.count ?? 1);
      default:
        return;
    }
  }

  /** Wakes it then, and not when it was to be before; Infinity = not at all. */
  wakeAt(queue: EventQueue, atNs: number): void {
    if (atNs === this.timerNs) return;
    if (this.timer !== NO_EVENT) queue.cancel(this.timer);
    this.timerNs = atNs;
    this.timer = atNs === Infinity ? NO_EVENT : queue.schedule(atNs, EVENT.ontWake, this.index);
  }

  /** It is awake. */
  woke(nowNs: number): void {
    this.timer = NO_EVENT;
    this.timerNs = Infinity;
    this.core?.handleTimeout(nowNs);
  }

  count(cause: string, frames: number): void {
    this.dropped.set(cause, (this.dropped.get(cause) ?? 0) + frames);
  }
}
