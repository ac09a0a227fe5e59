/** One ONT with its roads in real time: its own core and flash, and no OMCC that anybody would talk to. */
import { DeadlineTimer } from "../../../base/clock/index.ts";
import { createOnt } from "../../core/ont.ts";
import type { LocalAnswer } from "../../core/local-types.ts";
import type { FlashOperation, Ont, OntEvent } from "../../core/types.ts";
import type { OntReport } from "../../process/protocol.ts";
import { readBootRecord, SlotStore } from "../../process/slots.ts";
import { verifierMaker } from "../../process/verifier.ts";
import { LocalStore, SharedStore } from "../../store/index.ts";
import { type OntSinks, turnOnt } from "../../turn.ts";
import type { RoadLinks } from "./driver.ts";
import type { OntDescription } from "./protocol.ts";

const NO_TRAFFIC = { frames: 0, omciBytes: 0, gemBytes: 0 };

export interface DeviceLinks<Event, Snapshot> {
  nowNs: () => number;
  onOntEvent: (serial: string, timeNs: number, event: OntEvent) => void;
  onRoadEvent: (serial: string, timeNs: number, event: Event, progress: Snapshot) => void;
  /** Its storage is broken: the process ends. */
  onFailure: (error: unknown) => void;
}

/** One life of its road. */
export interface RoadLife<Snapshot> {
  snapshot(): Snapshot;
  close(): void;
}

/** Begins a life of a road. */
export type StartRoad<Event, Snapshot> = (onEvent: RoadLinks<Event>["onEvent"]) => RoadLife<Snapshot>;

/** The roads of one ONT, with one image store between them. */
export interface DeviceRoads<Event, Snapshot> {
  starts: readonly StartRoad<Event, Snapshot>[];
  /** Power-off, when their lives are closed. */
  close: () => void;
}

/** What all roads of an ONT have of it. */
export type OwnLinks = Pick<RoadLinks<unknown>, "nowNs" | "onFailure" | "durability">;

export type MakeRoads<Event, Snapshot> = (shared: SharedStore, own: OwnLinks) => DeviceRoads<Event, Snapshot>;

export class RoadDevice<Event, Snapshot> implements OntSinks {
  readonly serial: string;
  readonly #links: DeviceLinks<Event, Snapshot>;
  readonly #ont: Ont;
  readonly #flash: SlotStore;
  readonly #store: LocalStore;
  readonly #timer: DeadlineTimer;
  readonly #shared: SharedStore;
  readonly #roads: DeviceRoads<Event, Snapshot>;
  /** None while it does not run. */
  #lives: RoadLife<Snapshot>[] = [];
  #flashBusy = false;
  #isTurning = false;
  #isClosed = false;

  /** Power-on. @throws Error when its folder has no boot record */
  constructor(
    ont: OntDescription,
    durability: RoadLinks<Event>["durability"],
    links: DeviceLinks<Event, Snapshot>,
    makeRoads: MakeRoads<Event, Snapshot>,
  ) {
    const { serial, stateFolder } = ont;
    this.serial = serial;
    this.#links = links;
    const record = readBootRecord(stateFolder);
    if (record === null) throw new Error(`${stateFolder}: no boot record`);
    this.#flash = new SlotStore(stateFolder, durability);
    this.#ont = createOnt({ ...ont, createVerifier: verifierMaker(false) }, record, links.nowNs());
    this.#timer = new DeadlineTimer(links.nowNs, () => {
      this.#ont.handleTimeout(links.nowNs());
      this.#turn();
    });
    this.#store = new LocalStore({
      command: (command) => {
        this.#ont.handleLocal(links.nowNs(), command);
        this.#turn();
      },
      snapshot: () => this.#ont.snapshot(),
    });
    this.#shared = new SharedStore(this.#store);
    this.#roads = makeRoads(this.#shared, { nowNs: links.nowNs, onFailure: links.onFailure, durability });
    this.#turn();
  }

  get name(): string {
    return `ONT ${this.serial}`;
  }

  /** Undefined while it does not run. */
  progress(): Snapshot | undefined {
    return this.#lives[0]?.snapshot();
  }

  report(): OntReport {
    return { serial: this.serial, snapshot: this.#ont.snapshot(), upstream: NO_TRAFFIC, dropped: {} };
  }

  /** Power-off. */
  close(): void {
    this.#isClosed = true;
    for (const life of this.#lives) life.close();
    this.#roads.close();
    this.#timer.stop();
    this.#flash.close();
  }

  get takesFlash(): boolean {
    return !this.#flashBusy;
  }

  flash(nowNs: number, operation: FlashOperation): void {
    this.#flashBusy = true;
    let isLate = false;
    this.#flash.carryOut(operation, (error, id, finding) => {
      this.#flashBusy = false;
      if (error !== null) return this.#links.onFailure(error);
      this.#ont.handleFlashDone(isLate ? this.#links.nowNs() : nowNs, id, finding);
      if (isLate) this.#turn();
    });
    isLate = true;
  }

  /** Nobody is at the other end. */
  frame(): void {}

  local(_nowNs: number, answer: LocalAnswer): void {
    this.#store.answer(answer);
  }

  event(nowNs: number, event: OntEvent): void {
    if (event.type === "dropped") return;
    if (event.type === "offline") {
      for (const life of this.#lives) life.close();
      this.#lives = [];
      this.#store.clear();
      this.#shared.clear();
    }
    // Behind the turn: it asks the core at once.
    if (event.type === "online") setImmediate(() => this.#boot());
    this.#links.onOntEvent(this.serial, nowNs, event);
  }

  #boot(): void {
    if (this.#isClosed || this.#lives.length > 0) return;
    this.#lives = this.#roads.starts.map((start) => this.#started(start));
  }

  #started(start: StartRoad<Event, Snapshot>): RoadLife<Snapshot> {
    let life: RoadLife<Snapshot> | undefined;
    const started = start((timeNs, event) => {
      if (life !== undefined) return this.#tell(timeNs, event, life.snapshot());
      // It tells of its start before there is a name for it.
      setImmediate(() => life && this.#lives.includes(life) && this.#tell(timeNs, event, life.snapshot()));
    });
    life = started;
    return started;
  }

  #tell(timeNs: number, event: Event, progress: Snapshot): void {
    this.#links.onRoadEvent(this.serial, timeNs, event, progress);
  }

  /** What is asked in a turn is handed out in that turn. */
  #turn(): void {
    if (this.#isTurning || this.#isClosed) return;
    this.#isTurning = true;
    let nextNs: number;
    try {
      nextNs = turnOnt(this.#ont, this, this.#links.nowNs());
    } finally {
      this.#isTurning = false;
    }
    this.#timer.wakeBy(nextNs);
  }
}
