/** Who has power and light in a simulation: ONTs come up, are ranged, lose both; OLTs are killed and come back. */
import type { EventQueue } from "../../pon/virtual/index.ts";
import type { RunEvent } from "../journal/index.ts";
import { EVENT } from "./events.ts";
import type { FlashWork } from "./flash-work.ts";
import type { Observer } from "./observer.ts";
import type { VirtualPort } from "./port.ts";
import { NO_EVENT, type VirtualOnt } from "./virtual-ont.ts";

/** Discovery and ranging of an ONT that is up: one quiet window and a few PLOAM messages. */
const RANGING_NS = 10_000_000;

/** The simulation that it is part of. */
interface World {
  readonly queue: EventQueue;
  readonly onts: readonly VirtualOnt[];
  readonly ports: readonly VirtualPort[];
}

export class PowerAndLight {
  readonly #world: World;
  readonly #flash: FlashWork;
  readonly #observer: Observer;
  readonly #pump: (nowNs: number, ont: VirtualOnt) => void;

  /** @param pump gives an ONT's core its turn, which is the event loop's to give */
  constructor(world: World, flash: FlashWork, observer: Observer, pump: (nowNs: number, ont: VirtualOnt) => void) {
    this.#world = world;
    this.#flash = flash;
    this.#observer = observer;
    this.#pump = pump;
  }

  on(nowNs: number, ont: VirtualOnt): void {
    if (ont.life > 0) this.#tell({ type: "powerRestored", ont: ont.index });
    ont.powerOn(nowNs);
    this.#pump(nowNs, ont);
  }

  /** Cuts the power of an ONT; it comes back after `offNs`. Nothing happens to one that has none. */
  cut(ont: VirtualOnt, offNs: number, reason: string): void {
    if (ont.core === null) return;
    const { queue } = this.#world;
    const { nowNs } = queue;
    ont.core = null;
    ont.cutNs = nowNs;
    ont.wakeAt(queue, Infinity);
    this.#flash.cut(nowNs, ont);
    this.loseSignal(nowNs, ont);
    this.#tell({ type: "powerCut", ont: ont.index, reason });
    queue.schedule(nowNs + offNs, EVENT.powerOn, ont.index);
    this.#observer.step?.(nowNs, ont);
  }

  flashDone(nowNs: number, ont: VirtualOnt): void {
    const job = this.#flash.done(nowNs, ont);
    // A cut that falls on the end of the operation comes before the core hears of it.
    if (this.#flash.cutsHere(nowNs, ont)) return;
    ont.core?.handleFlashDone(nowNs, job.id, ont.flash.findingOf(job));
    this.#pump(nowNs, ont);
    this.#flash.begin(nowNs, ont);
  }

  /** The ONT has booted and sends light: it will be ranged. */
  light(nowNs: number, ont: VirtualOnt): void {
    ont.up = true;
    ont.rangingEvent = this.#world.queue.schedule(nowNs + RANGING_NS, EVENT.ranged, ont.index);
  }

  range(nowNs: number, ont: VirtualOnt): void {
    ont.rangingEvent = NO_EVENT;
    const port = this.#portOf(ont);
    if (this.#world.queue.cancel(ont.signalLostEvent)) this.signalLost(nowNs, ont);
    port.range(nowNs, ont);
    this.#pump(nowNs, ont);
    port.pump(nowNs);
  }

  /** The ONT sends no light any more: the OLT finds out after a few bursts that do not come. */
  loseSignal(nowNs: number, ont: VirtualOnt): void {
    const { queue } = this.#world;
    queue.cancel(ont.rangingEvent);
    ont.rangingEvent = NO_EVENT;
    ont.up = false;
    if (ont.onuId < 0) return;
    ont.onuId = -1;
    const { signalLostNs } = this.#portOf(ont);
    ont.signalLostEvent = queue.schedule(nowNs + signalLostNs, EVENT.signalLost, ont.index);
  }

  signalLost(nowNs: number, ont: VirtualOnt): void {
    ont.signalLostEvent = NO_EVENT;
    const port = this.#portOf(ont);
    port.signalLost(nowNs, ont);
    port.pump(nowNs);
  }

  killOlt(port: VirtualPort, offNs: number): void {
    if (port.olt === null) return;
    const { queue } = this.#world;
    port.kill();
    this.#tell({ type: "oltEnded", code: -1, signal: "SIGKILL", expected: true });
    queue.schedule(queue.nowNs + offNs, EVENT.oltStart, port.number);
  }

  /** A new OLT ranges all ONTs again. */
  startOlt(nowNs: number, port: VirtualPort): void {
    port.start();
    this.#tell({ type: "oltStarted", start: port.lives });
    this.#rangeAll(
      nowNs,
      this.#world.onts.filter((ont) => ont.plan.pon === port.number && port.takes(ont)),
    );
    port.pump(nowNs);
  }

  /** Ranges those of them that are up; the others when they come. */
  admit(nowNs: number, port: VirtualPort, onts: readonly VirtualOnt[]): void {
    if (port.admit(onts)) this.#tell({ type: "oltStarted", start: port.lives });
    this.#rangeAll(nowNs, onts);
    port.pump(nowNs);
  }

  #rangeAll(nowNs: number, onts: readonly VirtualOnt[]): void {
    const { queue } = this.#world;
    for (const ont of onts) {
      if (!ont.up) continue;
      ont.onuId = -1;
      queue.cancel(ont.rangingEvent);
      ont.rangingEvent = queue.schedule(nowNs + RANGING_NS, EVENT.ranged, ont.index);
    }
  }

  #portOf(ont: VirtualOnt): VirtualPort {
    return this.#world.ports[ont.plan.pon];
  }

  #tell(event: RunEvent): void {
    this.#observer.run?.(this.#world.queue.nowNs, event);
  }
}
