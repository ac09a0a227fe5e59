/** Update agents of a run in virtual time and whom they ask, as a part of a world: that has the queue, the ONTs and the loop. */
import type { HeadendCommand } from "../../../headend/depot/process/index.ts";
import type { DepotConfig } from "../../../headend/depot/core/index.ts";
import type { AgentEvent } from "../../../ont/agent/index.ts";
import type { LocalAnswer, OntEvent } from "../../../ont/index.ts";
import { FleetNetwork } from "../../../ont/agent/virtual/index.ts";
import type { EventQueue } from "../../../pon/virtual/index.ts";
import type { OltEvent } from "../../../olt/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import type { RunImages } from "../../images/index.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import { EVENT } from "../../virtual/events.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import { UpdateEnds } from "../ends.ts";
import { VirtualDepot } from "./depot.ts";
import { type Device, makeDevice } from "./device.ts";
import { httpsVirtualRoad, type MakeVirtualRoad, type VirtualRoad } from "./road.ts";

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

export interface DepotPartOptions {
  scenario: Scenario;
  images: RunImages;
  onts: readonly VirtualOnt[];
  queue: EventQueue;
  config: DepotConfig;
  /** When virtual time begins, milliseconds since 1970. */
  beginsAtMs?: number;
  /** Absent: the depot, over HTTPS. */
  makeRoad?: MakeVirtualRoad;
  /** The ONT has been asked something: what its core has to hand out is to be taken. */
  pump: (ont: VirtualOnt) => void;
  onPhase: (nowNs: number, ont: number, event: OltEvent) => void;
  onAgentEvent?: (nowNs: number, ont: VirtualOnt, event: AgentEvent) => void;
  /** A device was told of, or has told something. */
  onChange: (ont: VirtualOnt) => void;
  note: (text: string) => void;
}

export class DepotPart {
  readonly network: FleetNetwork;
  readonly ends: UpdateEnds;
  readonly depot: VirtualDepot;
  readonly #options: DepotPartOptions;
  readonly #devices: readonly Device[];
  readonly #road: VirtualRoad;
  /** With a depot that releases devices one by one: those that are told of, and the polls of each before. */
  readonly #watched: Map<number, number> | undefined;

  /** @throws RunInputError for what no agent can be */
  constructor(options: DepotPartOptions) {
    const { scenario, images, onts, queue, config, beginsAtMs = 0, makeRoad, onPhase, onChange } = options;
    this.#options = options;
    this.#watched = config.byRelease === true ? new Map() : undefined;
    // Where nobody asks it, it has nothing.
    const offered = makeRoad === undefined ? images.payloads : [];
    this.depot = new VirtualDepot(config, offered, () => beginsAtMs + queue.nowNs / NS_PER_MS);
    const https = httpsVirtualRoad(this.depot, scenario, images);
    this.#road = makeRoad?.(scenario, images, () => queue.nowNs) ?? https;
    const { depot, network } = this.#road;
    const beginsAtSeconds = beginsAtMs / 1000;
    this.network = new FleetNetwork(queue, EVENT.call, depot, { ...network, beginsAtSeconds });
    this.#devices = onts.map((ont) =>
      makeDevice(ont, this.#road.agentConfigOf(ont.plan), this.network, {
        pump: () => options.pump(ont),
        onEvent: (nowNs, event) => {
          options.onAgentEvent?.(nowNs, ont, event);
          if (this.#watched?.has(ont.index) === false) return;
          this.ends.handleEvent(nowNs, ont.index, event);
          if (event.type === "reported") onChange(ont);
        },
      }),
    );
    const plans = onts.map(({ plan }) => plan);
    this.ends = new UpdateEnds(plans, images, onPhase, this.#road.isFromHeadend);
  }

  /** What an ONT says at the entry of its agent. */
  answer({ index }: VirtualOnt, answer: LocalAnswer): void {
    this.#devices[index].store.answer(answer);
  }

  /** An ONT has booted, or goes down: its agent with it. */
  handleOnt(ont: VirtualOnt, event: OntEvent): void {
    const device = this.#devices[ont.index];
    if (event.type === "offline") this.#soon(device, () => this.#off(device));
    if (event.type !== "online") return;
    this.#soon(device, () => {
      device.hasBooted = true;
      if (this.#watched?.has(ont.index)) this.#watched.set(ont.index, 0);
      device.agent.powerOn();
    });
  }

  /** Behind the turn that is under way, if the ONT has not lost its power by then. */
  #soon({ ont }: Device, call: () => void): void {
    const { life } = ont;
    this.network.after(0, () => {
      if (ont.core !== null && ont.life === life) call();
    });
  }

  /** It may have what there is for it, and is told of from now on. */
  release({ index, plan }: VirtualOnt): void {
    const { agent, hasBooted } = this.#devices[index];
    this.#watched?.set(index, hasBooted ? agent.snapshot().polls : 0);
    this.ends.begin(index);
    this.depot.release(plan.serial);
  }

  /** And no more. */
  hold({ plan }: VirtualOnt): void {
    this.depot.hold(plan.serial);
  }

  /** Nothing more is told of it. */
  forget({ index }: VirtualOnt): void {
    this.#watched?.delete(index);
  }

  /** The power of an ONT goes. */
  handleCut({ index }: VirtualOnt): void {
    this.#off(this.#devices[index]);
  }

  #off(device: Device): void {
    if (!device.hasBooted) return;
    this.#noteProgress(device);
    this.ends.handleLifeEnded(device.ont.index);
    device.hasBooted = false;
    device.agent.powerOff();
    device.store.clear();
  }

  /** What an operator asks of a depot. */
  carryOut(command: HeadendCommand): void {
    if (command.kind === "leaveOut") return this.depot.leaveOut(command.device);
    this.depot.setPaused(command.kind === "pause");
    // What is under way is broken off, as the server does it.
    if (command.kind === "pause") for (const { agent } of this.#devices) agent.breakOffFile("the depot is paused");
  }

  /** Its log is on the disk: the next one knows what this one has answered. */
  kill(offNs: number): void {
    if (this.depot.isDown) return;
    this.depot.isDown = true;
    this.#options.note("the depot is killed");
    for (const { agent, hasBooted } of this.#devices) if (hasBooted) agent.breakOff("connection reset");
    this.network.after(offNs, () => {
      this.depot.isDown = false;
      this.#options.note("the depot is back");
    });
  }

  #noteProgress({ ont, agent, hasBooted }: Device): void {
    const pollsBefore = this.#watched === undefined ? 0 : this.#watched.get(ont.index);
    if (!hasBooted || pollsBefore === undefined) return;
    const { polls, ...progress } = agent.snapshot();
    this.ends.handleProgress(this.#options.queue.nowNs, ont.index, { ...progress, polls: polls - pollsBefore });
  }

  look(): void {
    for (const device of this.#devices) this.#noteProgress(device);
    if (this.#road.isFromHeadend)
      this.ends.sentBytes = this.#devices.reduce((sum, { agent }) => sum + agent.bulkBytes, 0);
  }

  /** Once in each pause between polls: who has nothing to do tells nobody. */
  lookLater(then: () => void): void {
    this.network.after(this.#road.lookSeconds * NS_PER_SECOND, () => {
      this.look();
      then();
      this.lookLater(then);
    });
  }

  totals(): OltTotals {
    this.look();
    return this.lastTotals();
  }

  /** As they were when it was looked last. */
  lastTotals(): OltTotals {
    const { status, downstream, upstream } = this.ends.report();
    return { status, counters: status.counters, downstream, upstream };
  }
}
