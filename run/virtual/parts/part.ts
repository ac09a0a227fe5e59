/** Some of the ports of a run: their events, and what is left of them. They know nothing of the ports of other parts. */
import type { Lineage } from "../../../pon/virtual/index.ts";
import type { JournalRecord } from "../../journal/index.ts";
import { prepareImages, type RunImages } from "../../images/index.ts";
import type { OntFinal } from "../../result/index.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import { finalsOf } from "../outcome.ts";
import { recordObserver } from "../recorder.ts";
import { Simulation, type SimulationEnd } from "../world.ts";
import { compareDescents, type Descent, descentOf, type EndedLineage } from "./order.ts";

/** Records are handed on so many at a time: few messages, and few records that wait. */
const HANDED_RECORDS = 4096;

/** A part's own ports are done, or cannot be: why it stopped, and at which event. */
export interface PartEnd {
  end: SimulationEnd;
  last: Descent;
}

/** In their order, and the events in which they were written. */
export interface PartRecords {
  records: JournalRecord[];
  recordedIn: number[];
}

/** What a part leaves; of its records, those that were not handed on before. */
export interface PortsOutcome extends PartRecords {
  lineage: EndedLineage;
  /** Written when the whole run was over, by port. */
  lastRecords: { port: number; records: JournalRecord[] }[];
  totals: { port: number; totals: OltTotals }[];
  onts: OntFinal[];
  steps: number;
}

export interface PartOptions {
  /** Asked between events. */
  isInterrupted?: () => boolean;
  /** Takes records while the run goes on; left out: all are kept to the end. */
  handOn?: (written: PartRecords) => void;
  /** So many at a time. */
  handedRecords?: number;
}

export class RunPart {
  readonly #world: Simulation;
  readonly #images: RunImages;
  readonly #lineage: Lineage;
  readonly #only: ReadonlySet<number>;
  #records: JournalRecord[] = [];
  #recordedIn: number[] = [];
  readonly #isInterrupted: () => boolean;

  constructor(scenario: Scenario, ports: readonly number[], options: PartOptions = {}) {
    const { isInterrupted = () => false, handOn, handedRecords = HANDED_RECORDS } = options;
    this.#isInterrupted = isInterrupted;
    this.#images = prepareImages(scenario);
    this.#only = new Set(ports);
    const write = (record: JournalRecord): void => {
      // What observers are handed is valid during the call only; what is in an event never changes, and goes to another thread as a copy.
      this.#records.push({ ...record, event: { ...record.event } } as JournalRecord);
      this.#recordedIn.push(this.#lineage.timeNs.length - 1);
      if (handOn !== undefined && this.#records.length >= handedRecords) handOn(this.#takeRecords());
    };
    this.#world = new Simulation(scenario, this.#images, { observers: [recordObserver({ write })], only: this.#only });
    this.#lineage = this.#world.queue.lineage!;
  }

  #takeRecords(): PartRecords {
    const taken = { records: this.#records, recordedIn: this.#recordedIn };
    this.#records = [];
    this.#recordedIn = [];
    return taken;
  }

  /** Until its own OLTs are done. */
  run(): PartEnd {
    const world = this.#world;
    const end = world.runWhile(() => !world.isFinished && !this.#isInterrupted());
    const at = this.#lineage.timeNs.length - 1;
    const { timeNs, origin, target } = this.#lineage;
    // Interrupted before anything happened.
    const none = { timesNs: [0], target: 0 };
    const last =
      at < 0 ? none : descentOf(this.#lineage, { timeNs: timeNs[at], origin: origin[at], target: target[at] });
    return { end: end === "running" && world.isFinished ? "finished" : end, last };
  }

  /** On, as other parts are not done. @param last event of the whole run; undefined: up to its limit. @returns when the last event was; whether more wait */
  runOn(last: Descent | undefined): { nowNs: number; isStuck: boolean } {
    const { queue } = this.#world;
    this.#world.runWhile(() => {
      if (this.#isInterrupted()) return false;
      if (last === undefined || queue.nextNs < last.timesNs[0]) return true;
      if (queue.nextNs > last.timesNs[0]) return false;
      return compareDescents(descentOf(this.#lineage, { timeNs: queue.nextNs, ...queue.nextOrigin }), last) < 0;
    });
    return { nowNs: queue.nowNs, isStuck: queue.size === 0 };
  }

  /** The whole run is over. */
  end(endNs: number, end: SimulationEnd): PortsOutcome {
    const world = this.#world;
    const before = this.#takeRecords();
    const lastRecords: PortsOutcome["lastRecords"] = [];
    world.queue.passTo(endNs);
    for (const port of world.ownPorts) {
      port.endTraffic(endNs);
      lastRecords.push({ port: port.number, records: this.#takeRecords().records });
    }
    world.end = end;
    return {
      lineage: endedLineage(this.#lineage),
      ...before,
      lastRecords,
      totals: world.ownPorts.map((port) => {
        port.keepReport();
        return { port: port.number, totals: port.history.totals() };
      }),
      onts: finalsOf(
        world.onts.filter(() => true),
        this.#images,
      ),
      steps: world.steps,
    };
  }
}

/** In memory that goes to another thread as it is. */
const endedLineage = ({ timeNs, origin, target }: Lineage): EndedLineage => ({
  timeNs: Float64Array.from(timeNs),
  origin: Int32Array.from(origin),
  target: Int32Array.from(target),
});
