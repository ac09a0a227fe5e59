/**
 * When flash operations take place in virtual time, and what a power cut leaves of them. What is stored is the flash's
 * own business.
 */
import type { FlashOperation } from "../../ont/core/types.ts";
import type { EventQueue } from "../../pon/virtual/index.ts";
import type { FlashJob } from "./virtual-flash.ts";
import { EVENT } from "./events.ts";
import type { Observer } from "./observer.ts";
import { NO_EVENT, type VirtualOnt } from "./virtual-ont.ts";

/** Where in an operation the power goes: before anything is done, in the middle of it, or when all is done but unsaid. */
export type CutPoint = "before" | "torn" | "after";

/** A power cut at a flash operation, counted from 0 over all the ONT's lives. */
export interface PowerCut {
  ont: number;
  operation: number;
  point: CutPoint;
  offNs: number;
}

/** Most operations an ONT may have waiting: an image of the largest size in the smallest windows takes fewer at a time. */
export const FLASH_JOBS_MAX = 1 << 20;

/** Carries out the ONTs' flash operations in virtual time, each ONT's one after the other. */
export class FlashWork {
  readonly #queue: EventQueue;
  readonly #observer: Observer;
  readonly #cuts = new Map<string, PowerCut>();

  constructor(queue: EventQueue, observer: Observer, cuts: readonly PowerCut[]) {
    this.#queue = queue;
    this.#observer = observer;
    for (const cut of cuts) this.#cuts.set(`${cut.ont}/${cut.operation}`, cut);
  }

  accept(nowNs: number, ont: VirtualOnt, operation: FlashOperation): void {
    if (ont.flashJobs.length >= FLASH_JOBS_MAX) throw new Error(`ONT ${ont.index}: flash queue without end`);
    ont.flashJobs.push(ont.flash.accept(operation));
    if (ont.flashJobs.length === 1) this.begin(nowNs, ont);
  }

  /** Begins the first operation that waits. */
  begin(nowNs: number, ont: VirtualOnt): void {
    const job = ont.flashJobs[0];
    if (job === undefined || ont.flashEvent !== NO_EVENT || ont.core === null) return;
    const cut = this.#cutOf(ont);
    ont.flashBeganNs = nowNs;
    if (cut?.point === "before") this.#queue.schedule(nowNs, EVENT.cutInFlash, ont.index, cut.offNs);
    else if (cut?.point === "torn")
      this.#queue.schedule(nowNs + Math.floor(job.durationNs / 2), EVENT.cutInFlash, ont.index, cut.offNs);
    ont.flashEvent = this.#queue.schedule(nowNs + job.durationNs, EVENT.flash, ont.index);
  }

  #cutOf(ont: VirtualOnt): PowerCut | undefined {
    return this.#cuts.size === 0 ? undefined : this.#cuts.get(`${ont.index}/${ont.flashOperations}`);
  }

  /** The operation under way is done. */
  done(nowNs: number, ont: VirtualOnt): FlashJob {
    const job = ont.flashJobs.shift()!;
    ont.flashEvent = NO_EVENT;
    ont.flash.carryOut(job, 1);
    this.#observer.flash?.(nowNs, ont, job, 1);
    ont.flashOperations++;
    return job;
  }

  /** Whether the power goes at the end of the operation just done; the cut is under way then. */
  cutsHere(nowNs: number, ont: VirtualOnt): boolean {
    const cut = this.#cuts.size === 0 ? undefined : this.#cuts.get(`${ont.index}/${ont.flashOperations - 1}`);
    if (cut?.point !== "after") return false;
    this.#queue.schedule(nowNs, EVENT.cutInFlash, ont.index, cut.offNs);
    return true;
  }

  /** The power is gone: what is under way stays half done, what waited is lost. */
  cut(nowNs: number, ont: VirtualOnt): void {
    const job = ont.flashJobs[0];
    if (job !== undefined && ont.flashEvent !== NO_EVENT) {
      const share = job.durationNs === 0 ? 0 : (nowNs - ont.flashBeganNs) / job.durationNs;
      if (share > 0) ont.flash.carryOut(job, Math.min(share, 1 - Number.EPSILON));
      this.#observer.flash?.(nowNs, ont, job, share);
      // Counted as done with, so that a cut is not repeated at the same one.
      ont.flashOperations++;
    }
    this.#queue.cancel(ont.flashEvent);
    ont.flashEvent = NO_EVENT;
    ont.flashJobs = [];
  }
}
