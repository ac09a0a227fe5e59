/** A run as its page shows it, from its records and views: snapshots of it, and what has changed since one. Pure. */
import type { OltEvent } from "../../../olt/core/types.ts";
import type { OntEvent } from "../../../ont/core/types.ts";
import type { JournalRecord, RunEvent } from "../../../run/journal/index.ts";
import type { RunResult } from "../../../run/result/types.ts";
import { cellOfRun, cellStateOf } from "../../../run/states/index.ts";
import type { RunView } from "../../../run/types.ts";
import type { DashboardDelta, DashboardSnapshot, ShownFacts, RunHead } from "../types.ts";
import { CellTable } from "./cells.ts";
import { HeadKeeper } from "./head.ts";
import { InBaseline } from "./in-baseline.ts";
import { LateList } from "./lateness.ts";
import { OntLog } from "./ont-log.ts";
import { Passes } from "./passes.ts";
import { Repairs } from "./repairs.ts";
import { SampleSeries } from "./series.ts";
import { TextTable } from "./texts.ts";

const NS_PER_MS = 1e6;
const NEVER = -1;

export class LiveModel {
  readonly facts: ShownFacts;
  readonly logs: readonly OntLog[];
  readonly cells: CellTable;
  readonly late = new LateList();
  readonly inBaseline = new InBaseline();
  #version = 0;
  #isDirty = true;
  readonly #head: HeadKeeper;
  readonly #series = new SampleSeries();
  readonly #passes = new Passes();
  readonly #repairs = new Repairs();
  /** Versions of what is told as a whole. */
  #passesAt = 0;
  #repairsAt = 0;
  #stragglersAt = 0;
  readonly #serials: TextTable;
  readonly #causes: TextTable;
  readonly #bySerial = new Map<string, number>();
  #nowNs = 0;
  #hasViews = false;
  /** When the next sample is due. */
  #sampleNs = 0;

  constructor(facts: ShownFacts) {
    this.facts = facts;
    this.#head = new HeadKeeper(facts);
    this.cells = new CellTable(facts.onts);
    this.logs = Array.from({ length: facts.onts }, () => new OntLog());
    this.#serials = new TextTable(facts.onts);
    this.#causes = new TextTable(facts.onts);
  }

  get serials(): readonly string[] {
    return this.#serials.texts;
  }

  get head(): RunHead {
    return this.#head.head;
  }

  record(record: JournalRecord): void {
    this.#isDirty = true;
    if (record.timeNs > this.#nowNs) this.#nowNs = record.timeNs;
    // A journal is read faster than anybody asks: the chart has its points all the same.
    if (record.timeNs >= this.#sampleNs && !this.#hasViews) this.#withoutViews();
    switch (record.from) {
      case "olt":
        return this.#olt(record.timeNs, record.ont === undefined ? undefined : this.logs[record.ont], record);
      case "ont":
        return this.#ont(record.timeNs, this.logs[record.ont], record);
      case "agent":
        return this.logs[record.ont]?.keep(record);
      case "run":
        return this.#run(record.timeNs, record);
    }
  }

  /** As a runner has it a few times a second. */
  view(view: RunView): void {
    this.#isDirty = true;
    this.#hasViews = true;
    this.#nowNs = Math.max(this.#nowNs, view.elapsedMs * NS_PER_MS);
    for (const { id, serial } of view.onts) this.#nameOnt(id, serial);
    const { olt } = view;
    for (const { serial, bytesDone, payloadBytes } of olt?.onts ?? []) {
      const ont = this.#bySerial.get(serial);
      if (ont !== undefined && payloadBytes > 0) this.cells.setShare(ont, bytesDone / payloadBytes, this.#next);
    }
    this.#head.view(view);
    this.tellInBaseline(olt?.onts ?? []);
    if (olt !== undefined && this.#passes.told(olt.groups, olt.imageBytes)) this.#passesAt = this.#next;
    this.#sample();
  }

  /** As the OLT has them: which ONTs are sent other messages than was asked for. */
  tellInBaseline(onts: readonly { serial: string; inBaseline?: boolean }[]): void {
    const told = onts.filter(({ inBaseline }) => inBaseline).map(({ serial }) => this.#bySerial.get(serial));
    const known = told.filter((ont) => ont !== undefined);
    if (this.inBaseline.set(known, this.#next)) this.#isDirty = true;
  }

  /** Commands may be given, or no longer. */
  setSteering(canSteer: boolean): void {
    if (this.#head.head.canSteer === canSteer) return;
    this.#head.head.canSteer = canSteer;
    this.#isDirty = true;
  }

  /** Why nothing more may come, where the run has not ended; empty: it goes on. */
  setLost(lost: string): void {
    if (this.#head.head.lost === lost) return;
    this.#head.head.lost = lost;
    this.#isDirty = true;
  }

  setPace(pace: RunHead["pace"], elapsedMs = 0): void {
    this.#nowNs = Math.max(this.#nowNs, elapsedMs * NS_PER_MS);
    this.#head.setPace(pace);
    this.#isDirty = true;
  }

  /** How it ended, as its folder says. */
  finish(result: RunResult, outcome: string): void {
    this.#isDirty = true;
    this.#head.finish(result, outcome);
    for (const { id, serial, cause } of result.ontResults) {
      this.#nameOnt(id, serial);
      this.#setCause(id, cause);
    }
    const inBaseline = result.ontResults.flatMap((ont) => (ont.inBaseline ? [ont.id] : []));
    this.inBaseline.set(inBaseline, this.#next);
    if (!this.#hasViews && this.#passes.ended(result.groups, this.#head.firstStartMs)) this.#passesAt = this.#next;
  }

  snapshot(run: string): DashboardSnapshot {
    this.#cut();
    return { run, facts: this.facts, ...this.#since(NEVER) };
  }

  /** What has changed after a version; undefined: nothing. */
  delta(since: number): DashboardDelta | undefined {
    this.#cut();
    return since >= this.#version ? undefined : this.#since(since);
  }

  get version(): number {
    this.#cut();
    return this.#version;
  }

  /** Version that changes belong to from now on. */
  get #next(): number {
    return this.#version + 1;
  }

  /** All changes so far are of one version. */
  #cut(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    if (!this.#hasViews) this.#withoutViews();
    if (this.#repairs.takeChange()) this.#repairsAt = this.#next;
    if (this.late.look(this.logs, this.cells, this.#nowNs, this.#head.head.ended !== null))
      this.#stragglersAt = this.#next;
    this.#version++;
  }

  #since(version: number): DashboardDelta {
    const serials = this.#serials.since(version);
    const causes = this.#causes.since(version);
    return {
      version: this.#version,
      head: this.#head.head,
      cells: this.cells.since(version),
      ...(serials.length > 0 && { serials }),
      ...(causes.length > 0 && { causes }),
      ...this.#series.since(version),
      ...(this.#passesAt > version && { passes: this.#passes.views, passesMore: this.#passes.more }),
      ...(this.#repairsAt > version && { repairs: this.#repairs.causes }),
      ...(this.#stragglersAt > version && { stragglers: [...this.late.onts] }),
      ...this.inBaseline.since(version),
    };
  }

  #nameOnt(ont: number, serial: string): void {
    if (serial !== "" && this.#serials.set(ont, serial, this.#next)) this.#bySerial.set(serial, ont);
  }

  #olt(timeNs: number, log: OntLog | undefined, record: JournalRecord & { from: "olt" }): void {
    const { event } = record;
    this.#head.olt(timeNs, event);
    this.#repairs.handle(event);
    switch (event.type) {
      case "windowSent":
      case "windowDone":
      case "repair":
        if (!this.#hasViews && this.facts.pons === 1) this.#passes.follow(timeNs, event);
        return;
      case "windowAnswered":
        return log?.answered(timeNs, event.window, event.answerNs);
      case "traffic":
      case "runPhase":
        return;
      default:
        if (log === undefined || record.ont === undefined) return;
        log.keep(record);
        this.#oltOf(timeNs, log, record.ont, event);
    }
  }

  /** What the OLT tells of one ONT, now and then. */
  #oltOf(timeNs: number, log: OntLog, ont: number, event: OltEvent): void {
    switch (event.type) {
      case "ranged":
        return this.#nameOnt(ont, event.serial);
      case "phase":
        if (log.phase !== event.phase) log.phaseSinceNs = timeNs;
        log.phase = event.phase;
        this.#setCause(ont, event.cause);
        return this.#setCell(ont);
      case "leftGroup":
        log.left = event.cause;
        return;
      case "retry":
        log.retries++;
        log.retryMessage = event.message;
        return;
      default:
        return;
    }
  }

  #ont(timeNs: number, log: OntLog | undefined, record: JournalRecord & { from: "ont" }): void {
    if (log === undefined) return;
    const event: OntEvent = record.event;
    if (log.cell === "notStarted") {
      log.cell = "starting";
      this.#setCell(record.ont);
    }
    switch (event.type) {
      case "windowAccepted":
        log.accepted(timeNs, event);
        if (!this.#hasViews) this.#shareBySections(record.ont, log);
        return;
      case "windowRefused":
        return log.refused(timeNs, event.window, event.missingSections);
      case "state":
        if (event.cause !== undefined) this.#setCause(record.ont, event.cause);
        break;
      default:
        break;
    }
    log.take(record, event);
    this.#setCell(record.ont);
  }

  #run(timeNs: number, record: JournalRecord & { from: "run" }): void {
    const event: RunEvent = record.event;
    this.#head.run(event);
    if (!("ont" in event)) return;
    const log = this.logs[event.ont];
    if (log === undefined) return;
    log.keep(record);
    log.cell = cellOfRun(event) ?? log.cell;
    if (log.cell === "off" && log.offlineSinceNs < 0) log.offlineSinceNs = timeNs;
    if (event.type === "ontGivenUp") this.#setCause(event.ont, event.cause);
    this.#setCell(event.ont);
  }

  #setCell(ont: number): void {
    const { cell, phase } = this.logs[ont];
    this.cells.setState(ont, cellStateOf(cell, phase), this.#next);
  }

  #setCause(ont: number, cause: string): void {
    if (this.#causes.set(ont, cause, this.#next)) this.logs[ont].cause = cause;
  }

  #shareBySections(ont: number, { sectionsTaken }: OntLog): void {
    const { imageBytes, sectionBytes } = this.facts;
    if (imageBytes > 0) this.cells.setShare(ont, (sectionsTaken * sectionBytes) / imageBytes, this.#next);
  }

  #withoutViews(): void {
    const { imageBytes, sectionBytes, pons } = this.facts;
    this.#head.withoutViews(this.#nowNs, this.cells);
    this.#sample();
    if (pons === 1 && this.#passes.look(imageBytes, sectionBytes, this.#nowNs)) this.#passesAt = this.#next;
  }

  #sample(): void {
    const { elapsedMs, downstreamBitsPerSecond, budgetBitsPerSecond, bytesDone, copies } = this.#head.head;
    if (elapsedMs < this.#series.dueMs) return;
    this.#series.add([elapsedMs, downstreamBitsPerSecond, budgetBitsPerSecond ?? -1, bytesDone, copies], this.#next);
    this.#sampleNs = this.#series.dueMs * NS_PER_MS;
  }
}
