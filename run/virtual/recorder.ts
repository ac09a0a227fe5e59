/** What a simulation tells: to the record of the run, and to a view of it. */
import type { OntEvent } from "../../ont/core/types.ts";
import type { RunRecorder } from "../recorder/recorder.ts";
import type { RunEvent } from "../journal/index.ts";
import type { OltTotals } from "../result/olt-history.ts";
import { cellAfter, cellOfRun } from "../states/index.ts";
import type { OntCell, OntView, RunPhase, RunView } from "../types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { Observer } from "./observer.ts";

const NS_PER_MS = 1e6;

/** Writes what happens into the journal, in the order in which it happens. */
export const recordObserver = (recorder: Pick<RunRecorder, "write">): Observer => ({
  olt: (timeNs, _pon, ont, event) => recorder.write({ timeNs, from: "olt", ...(ont && { ont: ont.index }), event }),
  ont: (timeNs, ont, event) => {
    // Counted in the result; every lost frame would be an event of its own.
    if (event.type !== "dropped") recorder.write({ timeNs, from: "ont", ont: ont.index, event });
  },
  agent: (timeNs, ont, event) => recorder.write({ timeNs, from: "agent", ont: ont.index, event }),
  run: (timeNs, event) => recorder.write({ timeNs, from: "run", event }),
});

/** Keeps what a view shows beside the OLTs' status. */
export class ViewRecorder implements Observer {
  readonly #onts: OntView[];
  readonly #view: RunView;
  #lastBytes = 0;
  #lastNs = 0;

  constructor(scenario: Scenario) {
    this.#onts = Array.from({ length: scenario.onts * scenario.pons }, (_, id) => ({
      id,
      serial: "",
      cell: "notStarted" as OntCell,
      cause: "",
    }));
    const none = { frames: 0, omciBytes: 0, gemBytes: 0 };
    this.#view = {
      phase: "running",
      elapsedMs: 0,
      ontsStarted: 0,
      onts: this.#onts,
      olt: undefined,
      downstreamBytesPerSecond: 0,
      downstream: none,
      upstream: none,
      note: "",
    };
  }

  ont(_nowNs: number, { index, config }: { index: number; config: { serial: string } }, event: OntEvent): void {
    const view = this.#onts[index];
    if (view.cell === "notStarted") {
      this.#view.ontsStarted++;
      view.serial = config.serial;
      view.cell = "starting";
    }
    if (event.type !== "state") return;
    view.cell = cellAfter(view.cell, event.state);
    view.cause = event.cause ?? "";
  }

  run(_nowNs: number, event: RunEvent): void {
    if ("ont" in event) this.#onts[event.ont].cell = cellOfRun(event) ?? this.#onts[event.ont].cell;
  }

  setPhase(phase: RunPhase): void {
    this.#view.phase = phase;
  }

  /** The view as it stands; the clock is the simulation's. */
  of(nowNs: number, { status, downstream, upstream }: OltTotals): RunView {
    const view = this.#view;
    view.elapsedMs = nowNs / NS_PER_MS;
    view.olt = status;
    view.downstream = downstream;
    view.upstream = upstream;
    const spanNs = nowNs - this.#lastNs;
    if (spanNs > 0) view.downstreamBytesPerSecond = ((downstream.gemBytes - this.#lastBytes) * 1e9) / spanNs;
    this.#lastBytes = downstream.gemBytes;
    this.#lastNs = nowNs;
    return view;
  }
}
