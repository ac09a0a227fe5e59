/** A run of the OLT core over the one ONT at the end of a road of a bench. */
import type { BenchRoad } from "../../../pon/bench/index.ts";
import { UnicastRun, type UnicastRunOptions } from "../unicast-run.ts";
import { BenchSouthbound } from "./southbound.ts";

export class BenchRun extends UnicastRun<BenchSouthbound> {
  /** Whoever else the settings wait for: there is one ONT. */
  constructor(options: UnicastRunOptions, road: BenchRoad) {
    const olt = { ...options.olt, expectedOnts: 1 };
    super({ ...options, olt }, (onEnd) => new BenchSouthbound({ road, nowNs: options.nowNs, onEnd }));
  }
}
