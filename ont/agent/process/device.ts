/** One ONT with its update agents in real time: its own core and flash, and no OMCC that anybody would talk to. */
import { DeadlineTimer } from "../../../base/clock/index.ts";
import { createOnt } from "../../core/ont.ts";
import type { LocalAnswer } from "../../core/local-types.ts";
import type { FlashOperation, Ont, OntEvent } from "../../core/types.ts";
import type { OntReport } from "../../process/protocol.ts";
import { readBootRecord, SlotStore } from "../../process/slots.ts";
import { verifierMaker } from "../../process/verifier.ts";
import { LocalStore, SharedStore } from "../../store/index.ts";
import { type OntSinks, turnOnt } from "../../turn.ts";
import type { AgentEvent, AgentSnapshot } from "../core/types.ts";
import type { AgentDriver } from "./driver.ts";
import type { AgentDescription, AgentProcessConfig } from "./protocol.ts";
import { type DeviceRoads, roadsOf, type StartRoad } from "./roads.ts";

const NO_TRAFFIC = { frames: 0, omciBytes: 0, gemBytes: 0 };

export interface DeviceLinks {
  nowNs: () => number;
  onOntEvent: (serial: string, timeNs: number, event: OntEvent) => void;
  onAgentEvent: (serial: string, timeNs: number, event: AgentEvent, progress: AgentSnapshot) => void;
  /** Its storage is broken: the process ends. */
  onFailure: (error: unknown) => void;
}

export class AgentDevice implements OntSinks {
  readonly serial: string;
  readonly #links: DeviceLinks;
  readonly #ont: Ont;
  readonly #flash: SlotStore;
  readonly #store: LocalStore;
  readonly #timer: DeadlineTimer;
  readonly #shared: SharedStore;
  readonly #roads: DeviceRoads;
  /** None while it does not run. */
  #agents: AgentDriver[] = [];
  #flashBusy = false;
  #isTurning = false;
  #isClosed = false;

  /** Power-on. @throws Error when its folder has no boot record */
  constructor(description: AgentDescription, config: AgentProcessConfig, links: DeviceLinks) {
    const { ont } = description;
    const { serial, stateFolder } = ont;
    this.serial = serial;
    this.#links = links;
    const record = readBootRecord(stateFolder);
    if (record === null) throw new Error(`${stateFolder}: no boot record`);
    this.#flash = new SlotStore(stateFolder, config.durability);
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
    this.#roads = roadsOf(description, config, this.#shared, links);
    this.#turn();
  }

  get name(): string {
    return `ONT ${this.serial}`;
  }

  /** Undefined while it does not run. */
  progress(): AgentSnapshot | undefined {
    return this.#agents[0]?.snapshot();
  }

  report(): OntReport {
    return { serial: this.serial, snapshot: this.#ont.snapshot(), upstream: NO_TRAFFIC, dropped: {} };
  }

  /** Power-off. */
  close(): void {
    this.#isClosed = true;
    for (const agent of this.#agents) agent.close();
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
      for (const agent of this.#agents) agent.close();
      this.#agents = [];
      this.#store.clear();
      this.#shared.clear();
    }
    // Behind the turn: it asks the core at once.
    if (event.type === "online") setImmediate(() => this.#boot());
    this.#links.onOntEvent(this.serial, nowNs, event);
  }

  #boot(): void {
    if (this.#isClosed || this.#agents.length > 0) return;
    this.#agents = this.#roads.starts.map((start) => this.#started(start));
  }

  #started(start: StartRoad): AgentDriver {
    let agent: AgentDriver | undefined;
    const started = start((timeNs, event) => {
      if (agent !== undefined) return this.#tell(timeNs, event, agent.snapshot());
      // It tells of its start before there is a name for it.
      setImmediate(() => agent && this.#agents.includes(agent) && this.#tell(timeNs, event, agent.snapshot()));
    });
    agent = started;
    return started;
  }

  #tell(timeNs: number, event: AgentEvent, progress: AgentSnapshot): void {
    this.#links.onAgentEvent(this.serial, timeNs, event, progress);
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
