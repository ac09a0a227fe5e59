/**
 * A fleet of update agents and a depot in virtual time: what they ask and when, how long round trips and handshakes take, how
 * they share the depot's rate. Each agent is the real core; the network is a fluid.
 */
import { DDI_TENANT } from "../../../base/ddi/index.ts";
import { EventQueue } from "../../../pon/virtual/index.ts";
import { createStream } from "../../../pon/index.ts";
import { RoadNetwork } from "../../road/virtual/index.ts";
import type { AgentConfig, AgentState } from "../core/types.ts";
import { type AgentDevice, agentDevice } from "./agent-device.ts";
import type { FleetOptions } from "./fleet-options.ts";
import { ModelStore } from "./model-store.ts";

const NS_PER_SECOND = 1e9;

export interface FleetReport {
  /** Seconds until so many had committed; NaN: they have not. */
  seconds50: number;
  seconds95: number;
  seconds100: number;
  committed: number;
  states: Partial<Record<AgentState, number>>;
  polls: number;
  handshakes: number;
  bulkBytes: number;
  meanBytesPerSecond: number;
  peakBytesPerSecond: number;
  /** Polls of each minute. */
  arrivals: readonly number[];
}

type Call = () => void;

export class AgentFleet {
  readonly #queue = new EventQueue();
  readonly #net: RoadNetwork;
  readonly #devices: AgentDevice[];
  readonly #committedNs: number[] = [];

  constructor(options: FleetOptions) {
    const net = new RoadNetwork(this.#queue, 0, options);
    this.#net = net;
    this.#devices = Array.from({ length: options.devices }, (_, index) => {
      const name = `ont-${index}`;
      const store = new ModelStore(options.runs, options.store, {
        nowNs: () => net.nowNs(),
        after: (delayNs, then) => void net.after(delayNs, then),
        onRestart: () => device.powerOn(),
      });
      const device = agentDevice(configOf(name, options, index), net, options.depot, store, (nowNs, event) => {
        if (event.type === "state" && event.state === "committed") this.#committedNs.push(nowNs);
      });
      device.powerOn();
      return device;
    });
  }

  /** @returns when it has come to: that time, or when nothing is left to do */
  runUntil(untilNs: number, isOver: () => boolean = () => false): number {
    const queue = this.#queue;
    while (queue.nextNs <= untilNs && !isOver() && queue.pop()) (queue.payload as Call)();
    return queue.nowNs;
  }

  get committed(): number {
    return this.#committedNs.length;
  }

  /** Events that wait at the moment. */
  get waiting(): number {
    return this.#queue.size;
  }

  report(): FleetReport {
    const times = this.#committedNs;
    const at = (share: number): number => {
      const index = Math.ceil(this.#devices.length * share) - 1;
      return index < times.length ? times[index] / NS_PER_SECOND : NaN;
    };
    const states: FleetReport["states"] = {};
    let polls = 0;
    let bulkBytes = 0;
    for (const device of this.#devices) {
      const { state } = device.snapshot();
      states[state] = (states[state] ?? 0) + 1;
      polls += device.polls;
      bulkBytes += device.bulkBytes;
    }
    const { bulkSeconds: seconds, handshakes, peakBytesPerSecond, arrivals } = this.#net;
    return {
      seconds50: at(0.5),
      seconds95: at(0.95),
      seconds100: at(1),
      committed: times.length,
      states,
      polls,
      handshakes,
      bulkBytes,
      meanBytesPerSecond: seconds > 0 ? bulkBytes / seconds : 0,
      peakBytesPerSecond,
      arrivals,
    };
  }
}

const configOf = (name: string, options: FleetOptions, index: number): AgentConfig => ({
  device: name,
  tenant: DDI_TENANT,
  origin: options.depot.origin,
  headers: {},
  pollSeconds: options.pollSeconds,
  // Its limit is that of its flow: the throttle's bucket would only say the same.
  rateBytesPerSecond: Infinity,
  blockBytes: options.blockBytes,
  chance: createStream(options.seed, `agent ${index}`),
  confirmBy: "depot",
  checkHeader: () => ({ kind: "fits", image: "image", targetSha256: "" }),
  attributes: () => new Map([["name", name]]),
});
