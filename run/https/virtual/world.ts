/** A run over HTTPS in virtual time: the cores of agents, ONTs and depot, and between them a network as a fluid. */
import { FleetNetwork } from "../../../ont/agent/virtual/index.ts";
import { type OntEvent, type OntSinks, turnOnt } from "../../../ont/index.ts";
import { EventQueue } from "../../../pon/virtual/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import { drawnFaults } from "../../faults/random-cuts.ts";
import { makeVerifier, type RunImages } from "../../images/index.ts";
import type { RunEvent } from "../../journal/index.ts";
import type { HostFacts, RunResult } from "../../result/index.ts";
import type { RunOptions } from "../../types.ts";
import { endTextOf, virtualResult } from "../../virtual/outcome.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import { EVENT } from "../../virtual/events.ts";
import { Faults } from "../../virtual/faults.ts";
import { FlashWork } from "../../virtual/flash-work.ts";
import { allOf, type Observer } from "../../virtual/observer.ts";
import { SharedVerifiers } from "../../virtual/shared-verifier.ts";
import { makeVirtualOnts } from "../../virtual/virtual-fleet.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import type { SimulationEnd } from "../../virtual/world.ts";
import { UpdateEnds } from "../ends.ts";
import { depotConfigOf } from "../facts.ts";
import { VirtualDepot } from "./depot.ts";
import { type Device, makeDevice } from "./device.ts";
import { networkOf } from "./network.ts";

const NS_PER_SECOND = 1e9;
const NS_PER_MS = 1e6;
/** Something of the network; its payload is called. */
const NETWORK_EVENT = 32;

export class HttpsSimulation {
  readonly scenario: Scenario;
  readonly images: RunImages;
  readonly queue = new EventQueue();
  readonly onts: readonly VirtualOnt[];
  readonly network: FleetNetwork;
  readonly ends: UpdateEnds;
  end: SimulationEnd = "running";
  steps = 0;
  readonly #depot: VirtualDepot;
  readonly #devices: readonly Device[];
  readonly #observer: Observer;
  readonly #flash: FlashWork;
  readonly #faults: Faults;
  readonly #limitNs: number;
  #mayBeFinished = false;
  #turning!: Device;
  readonly #sinks = this.#makeSinks();

  /** @throws RunInputError for what no agent or depot can be */
  constructor(scenario: Scenario, images: RunImages, { observers = [] }: { observers?: readonly Observer[] } = {}) {
    this.scenario = scenario;
    this.images = images;
    this.#observer = allOf([...observers]);
    this.#flash = new FlashWork(this.queue, this.#observer, []);
    this.#depot = new VirtualDepot(depotConfigOf(scenario), images.payloads, () => this.nowNs / NS_PER_MS);
    this.network = new FleetNetwork(this.queue, NETWORK_EVENT, this.#depot, networkOf(scenario));
    const verifiers = new SharedVerifiers(
      images.payloads.map(({ content }) => content),
      makeVerifier,
    );
    this.onts = makeVirtualOnts(scenario, images, verifiers);
    this.#devices = this.onts.map((ont) =>
      makeDevice(ont, scenario, images, this.network, {
        pump: (device) => this.#pump(device),
        onEvent: (nowNs, event) => {
          this.ends.handleEvent(nowNs, ont.index, event);
          if (event.type === "reported") this.#mayBeFinished = true;
        },
      }),
    );
    this.#faults = new Faults(drawnFaults(scenario), { onts: this.onts.length, pons: 1 }, this.queue, {
      cutOnt: (ont, offNs) => this.#cut(this.#devices[ont], offNs),
      command: () => undefined,
      skip: () => undefined,
      killOlt: (_pon, offNs) => this.#killDepot(offNs),
    });
    const plans = this.onts.map(({ plan }) => plan);
    this.ends = new UpdateEnds(plans, images, (nowNs, ont, event) => {
      this.#observer.olt?.(nowNs, 0, this.onts[ont], event);
      this.#faults.handleOltEvent(nowNs, 0, ont, event);
    });
    this.#limitNs = (scenario.olt.runSeconds * 2 + 60) * NS_PER_SECOND;
    for (const { index, plan } of this.onts)
      this.queue.schedule(Math.round(plan.joinAtSeconds * NS_PER_SECOND), EVENT.powerOn, index);
    this.#lookLater();
  }

  get nowNs(): number {
    return this.queue.nowNs;
  }

  /** One for all ONTs: they have their turns one after the other. */
  #makeSinks(): OntSinks {
    const turning = (): Device => this.#turning;
    return {
      get name() {
        return `ONT ${turning().ont.index}`;
      },
      takesFlash: true,
      // Nobody is at the other end of its OMCC.
      frame: () => undefined,
      flash: (nowNs, operation) => this.#flash.accept(nowNs, this.#turning.ont, operation),
      event: (nowNs, event) => this.#ontEvent(nowNs, this.#turning, event),
      local: (_nowNs, answer) => this.#turning.store.answer(answer),
    };
  }

  /**
   * Runs on.
   *
   * @param steps so many events at most
   * @returns false when the simulation has ended
   */
  run(steps = Infinity): boolean {
    const { queue } = this;
    for (let left = steps; left > 0; left--) {
      if (this.#isFinished()) return this.#finish("finished");
      if (queue.nextNs > this.#limitNs) return this.#finish(queue.size === 0 ? "stuck" : "timeLimit");
      queue.pop();
      this.steps++;
      this.#handle(queue.nowNs);
    }
    return true;
  }

  #isFinished(): boolean {
    if (!this.#mayBeFinished) return false;
    this.#mayBeFinished = false;
    return this.ends.isFinished;
  }

  #finish(end: SimulationEnd): false {
    this.end = end;
    this.#look();
    if (end === "finished") this.ends.noteFinished(this.nowNs);
    return false;
  }

  #handle(nowNs: number): void {
    const { queue } = this;
    const device = this.#devices[queue.target];
    switch (queue.kind) {
      case NETWORK_EVENT:
        return (queue.payload as () => void)();
      case EVENT.ontWake:
        device.ont.woke(nowNs);
        return this.#pump(device);
      case EVENT.flash: {
        const { ont } = device;
        const job = this.#flash.done(nowNs, ont);
        ont.core?.handleFlashDone(nowNs, job.id, ont.flash.findingOf(job));
        this.#pump(device);
        return this.#flash.begin(nowNs, ont);
      }
      case EVENT.powerOn:
        if (device.ont.life > 0) this.#tell({ type: "powerRestored", ont: device.ont.index });
        device.ont.powerOn(nowNs);
        return this.#pump(device);
      case EVENT.fault:
        return this.#faults.strike(queue.argument, queue.target);
    }
  }

  /** Everything the core has to hand out after a call, and when it wants to be called again. */
  #pump(device: Device): void {
    const { ont } = device;
    // What is asked of it in its own turn is handed out in that turn.
    if (ont.core === null || device.isTurning) return;
    const before = this.#turning;
    this.#turning = device;
    device.isTurning = true;
    const nextNs = turnOnt(ont.core, this.#sinks, this.nowNs);
    device.isTurning = false;
    this.#turning = before;
    ont.wakeAt(this.queue, nextNs);
  }

  #ontEvent(nowNs: number, device: Device, event: OntEvent): void {
    const { ont } = device;
    switch (event.type) {
      case "offline":
        ont.up = false;
        this.#soon(device, () => this.#agentOff(device));
        break;
      case "online":
        ont.up = true;
        ont.activeSlot = event.activeSlot;
        this.#soon(device, () => {
          device.hasBooted = true;
          device.agent.powerOn();
        });
        break;
      default:
        ont.note(event);
    }
    this.#observer.ont?.(nowNs, ont, event);
  }

  /** Behind the turn that is under way, if the ONT has not lost its power by then. */
  #soon({ ont }: Device, call: () => void): void {
    const { life } = ont;
    this.network.after(0, () => {
      if (ont.core !== null && ont.life === life) call();
    });
  }

  #agentOff(device: Device): void {
    if (!device.hasBooted) return;
    this.#noteProgress(device);
    this.ends.handleLifeEnded(device.ont.index);
    device.hasBooted = false;
    device.agent.powerOff();
    device.store.clear();
  }

  /** Nothing happens to an ONT that has no power. */
  #cut(device: Device, offNs: number): void {
    const { ont } = device;
    if (ont.core === null) return;
    const { nowNs } = this;
    this.#agentOff(device);
    ont.core = null;
    ont.up = false;
    ont.cutNs = nowNs;
    ont.wakeAt(this.queue, Infinity);
    this.#flash.cut(nowNs, ont);
    this.#tell({ type: "powerCut", ont: ont.index, reason: "fault" });
    this.queue.schedule(nowNs + offNs, EVENT.powerOn, ont.index);
  }

  /** Its log is on the disk: the next one knows what this one has answered. */
  #killDepot(offNs: number): void {
    if (this.#depot.isDown) return;
    this.#depot.isDown = true;
    this.#tell({ type: "note", text: "the depot is killed" });
    for (const { agent, hasBooted } of this.#devices) if (hasBooted) agent.breakOff("connection reset");
    this.network.after(offNs, () => {
      this.#depot.isDown = false;
      this.#tell({ type: "note", text: "the depot is back" });
    });
  }

  #tell(event: RunEvent): void {
    this.#observer.run?.(this.nowNs, event);
  }

  #noteProgress({ ont, agent, hasBooted }: Device): void {
    if (hasBooted) this.ends.handleProgress(this.nowNs, ont.index, agent.snapshot());
  }

  #look(): void {
    for (const device of this.#devices) this.#noteProgress(device);
    this.ends.sentBytes = this.#devices.reduce((sum, { agent }) => sum + agent.bulkBytes, 0);
    this.#mayBeFinished = true;
  }

  /** Once in each pause between polls: who has nothing to do tells nobody. */
  #lookLater(): void {
    this.network.after(this.scenario.depot.pollSeconds * NS_PER_SECOND, () => {
      this.#look();
      this.#lookLater();
    });
  }

  result(options: RunOptions = {}, host?: HostFacts): RunResult {
    return virtualResult(this, this.totals(), endTextOf(this.end), options, host);
  }

  totals(): OltTotals {
    this.#look();
    const { status, downstream, upstream } = this.ends.report();
    return { status, counters: status.counters, downstream, upstream };
  }
}
