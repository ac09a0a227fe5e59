/** How far virtual time may have come by now: like a clock, so many times as fast, stopped, or as fast as it goes. */
import type { RunPace } from "../types.ts";

const NS_PER_MS = 1e6;
/** A page is opened by two or three requests in a row, and then painted: meanwhile the machine is the browser's. */
const GIVE_WAY_MS = 100;

export class VirtualPace implements RunPace {
  readonly #nowMs: () => number;
  /** At this instant of the clock it had come so far, and goes on from there. */
  #fromMs: number;
  #fromNs = 0;
  #speed: number;
  #isStopped = false;
  /** Until then it stands still for whoever opens a page. */
  #givesWayUntilMs = -Infinity;
  /** How far the run is: where it begins to keep a pace. */
  #reachedNs = 0;

  constructor(speed: number, nowMs: () => number) {
    this.#speed = speed;
    this.#nowMs = nowMs;
    this.#fromMs = nowMs();
  }

  get speed(): number {
    return this.#speed;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** It keeps a pace at the moment. */
  get isKept(): boolean {
    return this.#isStopped || this.#speed !== Infinity;
  }

  setSpeed(speed: number): void {
    this.#anchor();
    this.#speed = speed;
    this.#isStopped = false;
  }

  stop(): void {
    this.#anchor();
    this.#isStopped = true;
  }

  step(ms: number): void {
    if (!this.#isStopped) this.stop();
    this.#fromNs += Math.round(ms * NS_PER_MS);
  }

  giveWay(): void {
    this.#givesWayUntilMs = this.#nowMs() + GIVE_WAY_MS;
  }

  get givesWay(): boolean {
    return this.#nowMs() < this.#givesWayUntilMs;
  }

  /** Not beyond this, until it is asked again. */
  allowedNs(reachedNs: number): number {
    this.#reachedNs = reachedNs;
    if (this.#isStopped) return this.#fromNs;
    if (this.#speed === Infinity) return Infinity;
    return this.#fromNs + Math.floor((this.#nowMs() - this.#fromMs) * this.#speed * NS_PER_MS);
  }

  #anchor(): void {
    const allowed = this.allowedNs(this.#reachedNs);
    this.#fromNs = Number.isFinite(allowed) ? allowed : this.#reachedNs;
    this.#fromMs = this.#nowMs();
  }
}
