/** Traffic of a port over time: few intervals however long the run, and no byte counted twice. */
import type { LinkTraffic } from "./burst.ts";

/** Shortest interval that traffic is told for. */
const INTERVAL_NS_MIN = 10_000_000;
/** Later intervals last this share of the time that has passed, so that a long run has a few thousand of them at most. */
const INTERVAL_SHARE = 1 / 500;

/** Bytes of GEM frames between two instants, as counted at the OLT. */
export interface TrafficInterval {
  fromNs: number;
  toNs: number;
  downstreamBytes: number;
  upstreamBytes: number;
}

/** Cuts what the counters of a port count into intervals; those in which nothing passed are left out. */
export class TrafficMeter {
  readonly #downstream: LinkTraffic;
  readonly #upstream: LinkTraffic;
  #fromNs: number;
  #dueNs: number;
  #downstreamBytes: number;
  #upstreamBytes: number;

  constructor(downstream: LinkTraffic, upstream: LinkTraffic, nowNs: number) {
    this.#downstream = downstream;
    this.#upstream = upstream;
    this.#downstreamBytes = downstream.gemBytes;
    this.#upstreamBytes = upstream.gemBytes;
    this.#fromNs = nowNs;
    this.#dueNs = nowNs + intervalNs(nowNs);
  }

  /**
   * Call before anything is sent: what the counters hold then has passed by the end of the interval, even if that is long
   * ago.
   */
  look(nowNs: number): TrafficInterval | undefined {
    return nowNs < this.#dueNs ? undefined : this.#close(this.#dueNs, nowNs);
  }

  /** The interval that is open, at the end. */
  end(nowNs: number): TrafficInterval | undefined {
    return this.#close(Math.min(nowNs, this.#dueNs), nowNs);
  }

  #close(toNs: number, nowNs: number): TrafficInterval | undefined {
    const fromNs = this.#fromNs;
    const downstreamBytes = this.#downstream.gemBytes - this.#downstreamBytes;
    const upstreamBytes = this.#upstream.gemBytes - this.#upstreamBytes;
    this.#downstreamBytes += downstreamBytes;
    this.#upstreamBytes += upstreamBytes;
    this.#fromNs = nowNs;
    this.#dueNs = nowNs + intervalNs(nowNs);
    return downstreamBytes + upstreamBytes === 0 ? undefined : { fromNs, toNs, downstreamBytes, upstreamBytes };
  }
}

const intervalNs = (nowNs: number): number => Math.max(INTERVAL_NS_MIN, Math.round(nowNs * INTERVAL_SHARE));
