/** A simulation: its event loop, and whose turn it is. */
import { type OntSinks, turnOnt } from "../../ont/index.ts";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { OntEvent } from "../../ont/core/types.ts";
import { EventQueue, HeadendFeed, type Delivery, type UpstreamFrame } from "../../pon/virtual/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { Deliverer } from "./deliverer.ts";
import { EVENT } from "./events.ts";
import { drawnFaults } from "../faults/random-cuts.ts";
import { Faults } from "./faults.ts";
import { FlashWork } from "./flash-work.ts";
import type { Guest, GuestHost } from "./guest.ts";
import { allOf, type Observer } from "./observer.ts";
import type { SimulationOptions } from "./options.ts";
import type { VirtualPort } from "./port.ts";
import { PowerAndLight } from "./power.ts";
import { SharedVerifiers } from "./shared-verifier.ts";
import type { RunImages } from "../images/index.ts";
import { makePorts, makeVirtualOnts } from "./virtual-fleet.ts";
import type { VirtualOnt } from "./virtual-ont.ts";

export type { SimulationOptions } from "./options.ts";

/** Why a simulation came to its end. */
export type SimulationEnd = "running" | "finished" | "timeLimit" | "stuck";

/**
 * OLT and ONT cores in virtual time: one process, no sockets, no waiting. Whatever is random comes from named streams of
 * the scenario's seed and all events have one order, so that the same scenario gives the same run to the byte.
 */
export class Simulation {
  readonly scenario: Scenario;
  readonly images: RunImages;
  readonly queue = new EventQueue();
  readonly feed: HeadendFeed;
  /** By their numbers; a part of a run has its own alone, and gaps for the others. */
  readonly onts: readonly VirtualOnt[];
  readonly ports: readonly VirtualPort[];
  /** Those on which something happens. */
  readonly ownPorts: readonly VirtualPort[];
  readonly verifiers: SharedVerifiers;
  readonly healAtNs: number;
  end: SimulationEnd = "running";
  steps = 0;
  readonly #observer: Observer;
  readonly #flash: FlashWork;
  readonly #power: PowerAndLight;
  readonly #faults: Faults;
  readonly #deliverer = new Deliverer(this.queue, ({ plan }, delivery) =>
    this.ports[plan.pon].downstream.done(delivery),
  );
  readonly #limitNs: number;
  readonly #guest: Guest | undefined;
  /** The ONT whose turn it is. */
  #turning!: VirtualOnt;
  readonly #sinks = this.#makeSinks();

  constructor(scenario: Scenario, images: RunImages, options: SimulationOptions = {}) {
    const { healAtNs = Infinity, only } = options;
    this.scenario = scenario;
    this.images = images;
    this.healAtNs = healAtNs;
    if (only !== undefined) this.queue.lineage = { timeNs: [], origin: [], target: [] };
    this.feed = new HeadendFeed((scenario.pon.headendBitsPerSecond ?? Infinity) / 8);
    this.verifiers = new SharedVerifiers(
      images.payloads.map(({ content }) => content),
      images.makeVerifier,
    );
    this.onts = makeVirtualOnts(scenario, images, this.verifiers, only);
    this.#faults = new Faults(drawnFaults(scenario), { onts: this.onts.length, pons: scenario.pons }, this.queue, {
      cutOnt: (ont, offNs) => this.#power.cut(this.onts[ont], offNs, "fault"),
      command: (pon, command) => this.command(pon, command),
      skip: (ont) => {
        const { plan, config } = this.onts[ont];
        this.command(plan.pon, { kind: "skip", serial: config.serial, ahead: true, by: "the scenario" });
      },
      killOlt: (pon, offNs) => this.#power.killOlt(this.ports[pon], offNs),
    });
    const faultWatch: Observer = {
      olt: (nowNs, pon, ont, event) => {
        if (nowNs < healAtNs) this.#faults.handleOltEvent(nowNs, pon, ont?.index ?? -1, event);
      },
    };
    const guestWatch: Observer = {
      olt: (nowNs, pon, ont, event) => this.#guest?.handleOlt(nowNs, pon, ont, event),
      run: (_nowNs, event) => {
        if (event.type === "powerCut") this.#guest?.handleCut(this.onts[event.ont]);
      },
    };
    const outside = allOf([...(options.observers ?? []), faultWatch]);
    this.#observer = options.guest === undefined ? outside : allOf([outside, guestWatch]);
    this.#flash = new FlashWork(this.queue, this.#observer, options.powerCuts ?? []);
    this.#power = new PowerAndLight(this, this.#flash, this.#observer, (nowNs, ont) => this.#pumpOnt(nowNs, ont));
    this.ports = makePorts(this, this.#observer, options);
    this.ownPorts = this.ports.filter(() => true);
    this.#guest = options.guest?.(this.#makeHost(outside));
    this.#limitNs = this.#guest?.limitNs ?? this.#runLimitNs();
    if (this.#guest === undefined) for (const port of this.ownPorts) port.start();
    // Those that are there: lists have gaps where ports are another part's.
    this.onts.forEach(({ index, plan }) =>
      this.queue.schedule(Math.round(plan.joinAtSeconds * 1e9), EVENT.powerOn, index),
    );
  }

  /** The OLT's own limit, and a little for it to notice. */
  #runLimitNs(): number {
    const { runSeconds } = this.scenario.olt;
    return (runSeconds * 2 + 60) * 1e9;
  }

  /** One for all ONTs: they have their turns one after the other. */
  #makeSinks(): OntSinks {
    const turning = (): VirtualOnt => this.#turning;
    return {
      get name() {
        return `ONT ${turning().index}`;
      },
      takesFlash: true,
      frame: (bytes, lengthBytes) => {
        const ont = this.#turning;
        if (ont.onuId >= 0) this.ports[ont.plan.pon].upstream.send(this.queue.nowNs, ont, bytes, lengthBytes);
      },
      flash: (nowNs, operation) => this.#flash.accept(nowNs, this.#turning, operation),
      event: (nowNs, event) => this.#ontEvent(nowNs, this.#turning, event),
      local: (_nowNs, answer) => this.#guest?.answer(this.#turning, answer),
    };
  }

  /** @param outside who watches, without the guest */
  #makeHost(outside: Observer): GuestHost {
    const { queue, onts, ports } = this;
    return {
      queue,
      onts,
      ports,
      pump: (ont) => this.#pumpOnt(queue.nowNs, ont),
      admit: (pon, admitted) => this.#power.admit(queue.nowNs, ports[pon], admitted),
      command: (pon, command) => this.command(pon, command),
      tell: (event) => this.#observer.run?.(queue.nowNs, event),
      olt: (nowNs, pon, ont, event) => outside.olt?.(nowNs, pon, ont, event),
    };
  }

  /** An operator's command to the OLT of a port. */
  command(pon: number, command: OltCommand): OltCommandOutcome {
    const port = this.ports[pon];
    const outcome = port.command(this.nowNs, command);
    port.pump(this.nowNs);
    return outcome;
  }

  get nowNs(): number {
    return this.queue.nowNs;
  }

  /**
   * Runs on.
   *
   * @param steps so many events at most
   * @param untilNs none that is later
   * @returns false when the simulation has ended
   */
  run(steps = Infinity, untilNs = Infinity): boolean {
    const { queue } = this;
    for (let left = steps; left > 0; left--) {
      if (this.isFinished) return this.#finish("finished");
      if (queue.nextNs > this.#limitNs) return this.#finish(queue.size === 0 ? "stuck" : "timeLimit");
      if (queue.nextNs > untilNs) return queue.passTo(untilNs);
      queue.pop();
      this.steps++;
      this.#handle(queue.nowNs);
    }
    return true;
  }

  /** Runs while `goesOn` says so, and tells nobody of the end. @returns why it stopped; "running": as it was told to */
  runWhile(goesOn: () => boolean): SimulationEnd {
    const { queue } = this;
    while (goesOn()) {
      if (queue.nextNs > this.#limitNs) return queue.size === 0 ? "stuck" : "timeLimit";
      queue.pop();
      this.steps++;
      this.#handle(queue.nowNs);
    }
    return "running";
  }

  /** Whether all its OLTs are done. */
  get isFinished(): boolean {
    if (this.#guest !== undefined) return this.#guest.isFinished();
    for (const { olt } of this.ownPorts) if (olt === null || !olt.finished) return false;
    return true;
  }

  #finish(end: SimulationEnd): false {
    this.end = end;
    for (const port of this.ownPorts) port.endTraffic(this.nowNs);
    return false;
  }

  #handle(nowNs: number): void {
    const { queue } = this;
    const { target } = queue;
    switch (queue.kind) {
      case EVENT.deliver:
        return this.#deliver(nowNs, queue.payload as Delivery);
      case EVENT.upstream: {
        const port = this.ports[target];
        port.receive(nowNs, queue.payload as UpstreamFrame<VirtualOnt>);
        return port.pump(nowNs);
      }
      case EVENT.oltWake: {
        const port = this.ports[target];
        port.wake(nowNs);
        return port.pump(nowNs);
      }
      case EVENT.ontWake:
        return this.#wakeOnt(nowNs, this.#ontNow(target));
      case EVENT.flash:
        return this.#power.flashDone(nowNs, this.#ontNow(target));
      case EVENT.ranged:
        return this.#power.range(nowNs, this.#ontNow(target));
      case EVENT.signalLost:
        return this.#power.signalLost(nowNs, this.onts[target]);
      case EVENT.powerOn:
        return this.#power.on(nowNs, this.#ontNow(target));
      case EVENT.fault:
        return this.#faults.strike(queue.argument, target);
      case EVENT.oltStart:
        return this.#power.startOlt(nowNs, this.ports[target]);
      case EVENT.cutInFlash:
        return this.#power.cut(this.onts[target], queue.argument, "flash operation");
      case EVENT.call:
        return (queue.payload as () => void)();
    }
  }

  /** With all that has come to it by now. */
  #ontNow(number: number): VirtualOnt {
    const ont = this.onts[number];
    if (ont.waiting.length > 0) this.#deliverer.catchUp(ont);
    return ont;
  }

  #deliver(nowNs: number, delivery: Delivery): void {
    const { onts, lives, ontCount } = delivery;
    let pon = 0;
    for (let at = 0; at < ontCount; at++) {
      const ont = this.#ontNow(onts[at]);
      pon = ont.plan.pon;
      if (ont.core === null || ont.life !== lives[at]) continue;
      this.#deliverer.deliver(nowNs, ont, delivery);
      this.#pumpOnt(nowNs, ont);
    }
    this.ports[pon].downstream.done(delivery);
  }

  /** Everything the core has to hand out after a call, and when it wants to be called again. */
  #pumpOnt(nowNs: number, ont: VirtualOnt): void {
    const { core } = ont;
    // What is asked of it in its own turn is handed out in that turn.
    if (core === null || ont.isTurning) return;
    const before = this.#turning;
    this.#turning = ont;
    ont.isTurning = true;
    const nextNs = turnOnt(core, this.#sinks, nowNs);
    ont.isTurning = false;
    this.#turning = before;
    ont.wakeAt(this.queue, nextNs);
    this.#observer.step?.(nowNs, ont);
  }

  #wakeOnt(nowNs: number, ont: VirtualOnt): void {
    ont.woke(nowNs);
    this.#pumpOnt(nowNs, ont);
  }

  #ontEvent(nowNs: number, ont: VirtualOnt, event: OntEvent): void {
    switch (event.type) {
      case "offline":
        this.#power.loseSignal(nowNs, ont);
        break;
      case "online":
        ont.activeSlot = event.activeSlot;
        this.#power.light(nowNs, ont);
        break;
      default:
        ont.note(event);
    }
    this.#guest?.handleOnt(ont, event);
    this.#observer.ont?.(nowNs, ont, event);
  }
}
