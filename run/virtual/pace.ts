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
  /** A machine too slow for the pace: the run has not come to where the clock would have it. */
  #isBehind = false;

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

  /** So far the run came with what it was allowed; `isBehind`: more was to happen by then. */
  came(reachedNs: number, isBehind: boolean): void {
    this.#reachedNs = reachedNs;
    this.#isBehind = isBehind;
  }

  /** Not beyond this, until it is asked again. */
  allowedNs(): number {
    if (this.#isStopped) return this.#fromNs;
    if (this.#speed === Infinity) return Infinity;
    return this.#fromNs + Math.floor((this.#nowMs() - this.#fromMs) * this.#speed * NS_PER_MS);
  }

  /** A run that is behind stands where it is, not where it should have been: a stop is one at once. */
  #anchor(): void {
    const allowed = this.allowedNs();
    this.#fromNs = Number.isFinite(allowed) && !this.#isBehind ? allowed : this.#reachedNs;
    this.#fromMs = this.#nowMs();
  }
}
