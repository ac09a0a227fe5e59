/** A run whose ONTs fetch their images, in virtual time: the cores of devices, ONTs and headend, and between them a network as a fluid. */
import type { OltCommand, OltCommandOutcome } from "../../../olt/core/types.ts";
import { type OntEvent, type OntSinks, turnOnt } from "../../../ont/index.ts";
import { EventQueue } from "../../../pon/virtual/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import { drawnFaults } from "../../faults/random-cuts.ts";
import type { RunImages } from "../../images/index.ts";
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
import type { UpdateEnds } from "../ends.ts";
import { HeadendOperator } from "../operator.ts";
import { PullPart } from "./part.ts";
import type { MakeVirtualRoad } from "./road.ts";
import { OntStores } from "./stores.ts";

const NS_PER_SECOND = 1e9;

export class PullSimulation {
  readonly scenario: Scenario;
  readonly images: RunImages;
  readonly queue = new EventQueue();
  readonly onts: readonly VirtualOnt[];
  end: SimulationEnd = "running";
  steps = 0;
  readonly #part: PullPart;
  readonly #stores: OntStores;
  readonly #observer: Observer;
  readonly #flash: FlashWork;
  readonly #faults: Faults;
  readonly #operator: HeadendOperator;
  readonly #limitNs: number;
  #mayBeFinished = false;
  #turning!: VirtualOnt;
  readonly #sinks = this.#makeSinks();

  /** @throws RunInputError for what no device or headend can be */
  constructor(
    scenario: Scenario,
    images: RunImages,
    makeRoad: MakeVirtualRoad,
    { observers = [] }: { observers?: readonly Observer[] } = {},
  ) {
    this.scenario = scenario;
    this.images = images;
    this.#observer = allOf([...observers]);
    this.#flash = new FlashWork(this.queue, this.#observer, []);
    const verifiers = new SharedVerifiers(
      images.payloads.map(({ content }) => content),
      images.makeVerifier,
    );
    this.onts = makeVirtualOnts(scenario, images, verifiers);
    this.#stores = new OntStores(
      this.onts,
      () => this.nowNs,
      (ont) => this.#pump(ont),
    );
    this.#part = new PullPart({
      scenario,
      images,
      onts: this.onts,
      stores: this.#stores,
      queue: this.queue,
      makeRoad,
      onPhase: (nowNs, ont, event) => {
        this.#observer.olt?.(nowNs, 0, this.onts[ont], event);
        this.#faults.handleOltEvent(nowNs, 0, ont, event);
      },
      onRoadEvent: (nowNs, ont, event) => this.#observer.agent?.(nowNs, ont, event),
      onChange: () => (this.#mayBeFinished = true),
      note: (text) => this.#tell({ type: "note", text }),
    });
    this.#faults = new Faults(drawnFaults(scenario), { onts: this.onts.length, pons: 1 }, this.queue, {
      cutOnt: (ont, offNs) => this.#cut(this.onts[ont], offNs),
      command: (_pon, command) => void this.command(command),
      skip: (ont) => void this.command({ kind: "skip", serial: this.onts[ont].plan.serial, by: "the scenario" }),
      killOlt: (_pon, offNs) => this.#part.kill(offNs),
    });
    this.#operator = new HeadendOperator({
      headend: this.#part.headend?.name,
      ends: this.#part.ends,
      serials: this.onts.map(({ plan }) => plan.serial),
      devices: this.onts.map(({ plan }) => this.#part.headend?.deviceOf(plan) ?? plan.serial),
      carryOut: (command, done) => {
        this.#part.carryOut(command);
        done();
      },
      tell: (event) => this.#observer.olt?.(this.nowNs, 0, undefined, event),
    });
    this.#limitNs = (scenario.olt.runSeconds * 2 + 60) * NS_PER_SECOND;
    for (const { index, plan } of this.onts)
      this.queue.schedule(Math.round(plan.joinAtSeconds * NS_PER_SECOND), EVENT.powerOn, index);
    this.#part.lookLater(() => (this.#mayBeFinished = true));
  }

  /** An operator's, where there is a headend. */
  command(command: OltCommand): Promise<OltCommandOutcome> {
    return this.#operator.command(command);
  }

  get ends(): UpdateEnds {
    return this.#part.ends;
  }

  get nowNs(): number {
    return this.queue.nowNs;
  }

  /** One for all ONTs: they have their turns one after the other. */
  #makeSinks(): OntSinks {
    const turning = (): VirtualOnt => this.#turning;
    return {
      get name() {
        return `ONT ${turning().index}`;
      },
      takesFlash: true,
      // Nobody is at the other end of its OMCC.
      frame: () => undefined,
      flash: (nowNs, operation) => this.#flash.accept(nowNs, this.#turning, operation),
      event: (nowNs, event) => this.#ontEvent(nowNs, this.#turning, event),
      local: (_nowNs, answer) => this.#stores.answer(this.#turning, answer),
    };
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
      if (this.#isFinished()) return this.#finish("finished");
      if (queue.nextNs > this.#limitNs) return this.#finish(queue.size === 0 ? "stuck" : "timeLimit");
      if (queue.nextNs > untilNs) return queue.passTo(untilNs);
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
    this.#part.look();
    this.#mayBeFinished = true;
    if (end === "finished") this.ends.noteFinished(this.nowNs);
    return false;
  }

  #handle(nowNs: number): void {
    const { queue } = this;
    const ont = this.onts[queue.target];
    switch (queue.kind) {
      case EVENT.call:
        return (queue.payload as () => void)();
      case EVENT.ontWake:
        ont.woke(nowNs);
        return this.#pump(ont);
      case EVENT.flash: {
        const job = this.#flash.done(nowNs, ont);
        ont.core?.handleFlashDone(nowNs, job.id, ont.flash.findingOf(job));
        this.#pump(ont);
        return this.#flash.begin(nowNs, ont);
      }
      case EVENT.powerOn:
        if (ont.life > 0) this.#tell({ type: "powerRestored", ont: ont.index });
        ont.powerOn(nowNs);
        return this.#pump(ont);
      case EVENT.fault:
        return this.#faults.strike(queue.argument, queue.target);
    }
  }

  /** Everything the core has to hand out after a call, and when it wants to be called again. */
  #pump(ont: VirtualOnt): void {
    // What is asked of it in its own turn is handed out in that turn.
    if (ont.core === null || ont.isTurning) return;
    const before = this.#turning;
    this.#turning = ont;
    ont.isTurning = true;
    const nextNs = turnOnt(ont.core, this.#sinks, this.nowNs);
    ont.isTurning = false;
    this.#turning = before;
    ont.wakeAt(this.queue, nextNs);
  }

  #ontEvent(nowNs: number, ont: VirtualOnt, event: OntEvent): void {
    switch (event.type) {
      case "offline":
        ont.up = false;
        break;
      case "online":
        ont.up = true;
        ont.activeSlot = event.activeSlot;
        break;
      default:
        ont.note(event);
    }
    this.#part.handleOnt(ont, event);
    this.#observer.ont?.(nowNs, ont, event);
  }

  /** Nothing happens to an ONT that has no power. */
  #cut(ont: VirtualOnt, offNs: number): void {
    if (ont.core === null) return;
    const { nowNs } = this;
    this.#part.handleCut(ont);
    ont.core = null;
    ont.up = false;
    ont.cutNs = nowNs;
    ont.wakeAt(this.queue, Infinity);
    this.#flash.cut(nowNs, ont);
    this.#tell({ type: "powerCut", ont: ont.index, reason: "fault" });
    this.queue.schedule(nowNs + offNs, EVENT.powerOn, ont.index);
  }

  #tell(event: RunEvent): void {
    this.#observer.run?.(this.nowNs, event);
  }

  result(options: RunOptions = {}, host?: HostFacts): RunResult {
    return virtualResult(this, this.#part.totals(), endTextOf(this.end), options, host);
  }

  /** For a view, which changes nothing. */
  totals(): OltTotals {
    return this.#part.shownTotals();
  }
}
