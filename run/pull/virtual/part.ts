/** Devices of a run in virtual time that fetch their images, and whom they ask, as a part of a world: that has the queue, the ONTs and the loop. */
import type { HeadendCommand } from "../../../headend/depot/process/index.ts";
import type { OntEvent } from "../../../ont/index.ts";
import type { RoadEvent } from "../../../ont/road/index.ts";
import { RoadNetwork } from "../../../ont/road/virtual/index.ts";
import type { EventQueue } from "../../../pon/virtual/index.ts";
import type { OltEvent } from "../../../olt/index.ts";
import type { OltReport } from "../../../olt/process/index.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import { EVENT } from "../../virtual/events.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import { UpdateEnds } from "../ends.ts";
import { type Device, makeDevice } from "./device.ts";
import type { MakeVirtualRoad, RoadAround, VirtualHeadend, VirtualRoad } from "./road.ts";
import type { OntStores } from "./stores.ts";

const NS_PER_SECOND = 1e9;

export interface PullPartOptions extends Pick<RoadAround, "scenario" | "images" | "byRelease"> {
  onts: readonly VirtualOnt[];
  stores: OntStores;
  queue: EventQueue;
  /** When virtual time begins, milliseconds since 1970; absent: then. */
  beginsAtMs?: number;
  makeRoad: MakeVirtualRoad;
  onPhase: (nowNs: number, ont: number, event: OltEvent) => void;
  onRoadEvent?: (nowNs: number, ont: VirtualOnt, event: RoadEvent) => void;
  /** A device was told of, or has told something. */
  onChange: (ont: VirtualOnt) => void;
  note: (text: string) => void;
}

export class PullPart {
  readonly network: RoadNetwork;
  readonly ends: UpdateEnds;
  readonly #options: PullPartOptions;
  readonly #devices: readonly Device[];
  readonly #road: VirtualRoad;
  /** With a headend that releases devices one by one: those that are told of, and the polls of each before. */
  readonly #watched: Map<number, number> | undefined;

  /** @throws RunInputError for what a device or a headend cannot be */
  constructor(options: PullPartOptions) {
    const { scenario, images, onts, stores, queue, beginsAtMs = 0, byRelease, makeRoad, onPhase, onChange } = options;
    this.#options = options;
    this.#watched = byRelease === undefined ? undefined : new Map();
    const nowNs = (): number => queue.nowNs;
    this.#road = makeRoad({ scenario, images, nowNs, beginsAtMs, ...(byRelease && { byRelease }) });
    const { network, headend } = this.#road;
    this.network = new RoadNetwork(queue, EVENT.call, { ...network, beginsAtSeconds: beginsAtMs / 1000 });
    this.#devices = onts.map((ont) =>
      makeDevice(ont, this.#road, this.network, stores.road(ont), (atNs, event) => {
        options.onRoadEvent?.(atNs, ont, event);
        if (this.#watched?.has(ont.index) === false) return;
        this.ends.handleEvent(atNs, ont.index, event);
        if (event.type === "reported") onChange(ont);
      }),
    );
    this.ends = new UpdateEnds(
      headend,
      onts.map(({ plan }) => plan),
      images,
      onPhase,
    );
  }

  get lookSeconds(): number {
    return this.#road.lookSeconds;
  }

  /** Undefined: there is none. */
  get headend(): VirtualHeadend | undefined {
    return this.#road.headend;
  }

  /** An ONT has booted, or goes down: its road with it. */
  handleOnt(ont: VirtualOnt, event: OntEvent): void {
    const device = this.#devices[ont.index];
    if (event.type === "offline") this.#soon(device, () => this.#off(device));
    if (event.type !== "online") return;
    this.#soon(device, () => {
      device.hasBooted = true;
      if (this.#watched?.has(ont.index)) this.#watched.set(ont.index, 0);
      device.road.powerOn();
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
    const { road, hasBooted } = this.#devices[index];
    this.#watched?.set(index, hasBooted ? road.snapshot().polls : 0);
    this.ends.begin(index);
    this.headend?.release(this.headend.deviceOf(plan));
  }

  /** And no more. */
  hold({ plan }: VirtualOnt): void {
    this.headend?.hold(this.headend.deviceOf(plan));
  }

  /** It is at something that has not ended. */
  isAtWork({ plan }: VirtualOnt): boolean {
    return this.headend?.isAtWork(this.headend.deviceOf(plan)) === true;
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
    device.road.powerOff();
    this.#options.stores.clear(device.ont);
  }

  /** What an operator asks of a headend. */
  carryOut(command: HeadendCommand): void {
    const { headend } = this;
    if (headend === undefined) return;
    if (command.kind === "leaveOut") return headend.leaveOut(command.device);
    headend.setPaused(command.kind === "pause");
    // What is under way is broken off, as the server does it.
    if (command.kind === "pause") for (const { road } of this.#devices) road.breakOffFile(`${headend.name} is paused`);
  }

  /** Its log is on the disk: the next one knows what this one has answered. */
  kill(offNs: number): void {
    const { headend } = this;
    if (headend === undefined || headend.isDown) return;
    headend.setDown(true);
    this.#options.note(`${headend.name} is killed`);
    for (const { road, hasBooted } of this.#devices) if (hasBooted) road.breakOff("connection reset");
    this.network.after(offNs, () => {
      headend.setDown(false);
      this.#options.note(`${headend.name} is back`);
    });
  }

  #noteProgress({ ont, road, hasBooted }: Device): void {
    const pollsBefore = this.#watched === undefined ? 0 : this.#watched.get(ont.index);
    if (!hasBooted || pollsBefore === undefined) return;
    const { polls, ...progress } = road.snapshot();
    this.ends.handleProgress(this.#options.queue.nowNs, ont.index, { ...progress, polls: polls - pollsBefore });
  }

  look(): void {
    for (const device of this.#devices) this.#noteProgress(device);
    this.#countSent();
  }

  #countSent(): void {
    if (this.headend !== undefined)
      this.ends.sentBytes = this.#devices.reduce((sum, { road }) => sum + road.bulkBytes, 0);
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
    return totalsOf(this.ends.report());
  }

  /** As they are, for whoever looks by a clock on the wall: nothing ends by that. */
  shownTotals(): OltTotals {
    this.#countSent();
    return totalsOf(
      this.ends.report((ont) => {
        const { hasBooted, road } = this.#devices[ont];
        return hasBooted ? road.snapshot().heldBytes : 0;
      }),
    );
  }
}

const totalsOf = ({ status, downstream, upstream }: OltReport): OltTotals => ({
  status,
  counters: status.counters,
  downstream,
  upstream,
});
