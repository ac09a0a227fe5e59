/** What a run in processes has seen so far. */
import { rateText } from "../../base/text/index.ts";
import type { OltCommandKind, OltEvent, OltStatus } from "../../olt/core/types.ts";
import type { FromOlt, OltReport, TimedOltEvent } from "../../olt/process/index.ts";
import type { AgentEvent } from "../../ont/agent/index.ts";
import type { Slot } from "../../ont/core/types.ts";
import type { FromOnt, OntProcessEvent } from "../../ont/process/index.ts";
import type { JournalRecord, RunEvent } from "../journal/index.ts";
import type { RunRecorder } from "../recorder/recorder.ts";
import type { FaultTimers } from "./faults.ts";
import type { FleetOnt } from "./fleet.ts";
import type { PortStanding } from "./hosts/protocol.ts";
import { OltHistory, type OltTotals } from "../result/olt-history.ts";
import { mergedTotals, mergeStatus } from "../result/port-totals.ts";
import { cellAfter } from "../states/index.ts";
import type { OntCell, OntView, RunPhase, RunView } from "../types.ts";

/** Width of the window that rates are measured over. */
const RATE_WINDOW_NS = 1e9;
const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

/** What the runner knows of one ONT beside its plan. */
export interface OntRecord {
  fleet: FleetOnt;
  view: OntView;
  activeSlot: Slot | undefined;
  bootAttempts: number;
  /** When its process was up for the first time; -1 = not yet. */
  readyNs: number;
}

/** Everything a run has seen so far: takes the processes' messages, feeds record, view and faults. */
export class RunState {
  readonly onts: readonly OntRecord[];
  /** Of each port's OLTs. */
  readonly #histories: readonly OltHistory[];
  /** Of ports that other hosts bring: they add up their own. */
  readonly #told = new Map<number, OltTotals>();
  readonly nowNs: () => number;
  readonly #recorder: Pick<RunRecorder, "write" | "flush">;
  readonly #bySerial: Map<string, OntRecord>;
  /** By port: each has ONU-IDs of its own. */
  readonly #ontByOnuId: readonly Map<number, number>[];
  readonly #gemBytes: { timeNs: number; bytes: number }[] = [];
  readonly #view: RunView;
  #pausedNs = 0;
  #pausedSinceNs = -1;
  faults: FaultTimers | undefined;
  /** What the view shows; default: what the OLTs did. */
  totalsOf: () => OltTotals = () => this.totals();

  /** @param ports of the run; default: those of the fleet */
  constructor(
    fleet: readonly FleetOnt[],
    recorder: Pick<RunRecorder, "write" | "flush">,
    nowNs: () => number,
    ports = 1 + Math.max(0, ...fleet.map(({ plan }) => plan.pon)),
  ) {
    this.nowNs = nowNs;
    this.#recorder = recorder;
    this.onts = fleet.map((ont) => ({
      fleet: ont,
      view: { id: ont.plan.index, serial: ont.plan.serial, cell: "notStarted", cause: "" },
      activeSlot: undefined,
      bootAttempts: 0,
      readyNs: -1,
    }));
    this.#bySerial = new Map(this.onts.map((ont) => [ont.fleet.plan.serial, ont]));
    this.#histories = Array.from({ length: ports }, () => new OltHistory());
    this.#ontByOnuId = this.#histories.map(() => new Map<number, number>());
    const { downstream, upstream } = this.totals();
    this.#view = {
      phase: "preparing",
      elapsedMs: 0,
      ontsStarted: 0,
      onts: this.onts.map((ont) => ont.view),
      olt: undefined,
      downstreamBytesPerSecond: 0,
      downstream,
      upstream,
      note: "",
    };
  }

  /** What was recorded so far outlives this process. */
  flush(): void {
    this.#recorder.flush();
  }

  /** Brings the view up to date. */
  view(): RunView {
    const view = this.#view;
    const { status, downstream, upstream } = this.totalsOf();
    view.elapsedMs = this.nowNs() / NS_PER_MS;
    view.olt = status;
    view.downstream = downstream;
    view.upstream = upstream;
    view.downstreamBytesPerSecond = this.#rate(downstream.gemBytes);
    return view;
  }

  get ports(): number {
    return this.#histories.length;
  }

  /** What the OLTs of all ports did. */
  totals(): OltTotals {
    return mergedTotals(this.#histories.map((history, pon) => this.#told.get(pon) ?? history.totals()));
  }

  /** A life of this port's OLT is over. */
  endLife(pon: number): void {
    this.#histories[pon].endLife();
  }

  portOf(serial: string): number | undefined {
    return this.#bySerial.get(serial)?.fleet.plan.pon;
  }

  /** Of the ONT that was last ranged with this ONU-ID. */
  serialOf(pon: number, onuId: number): string | undefined {
    const ont = this.#ontByOnuId[pon].get(onuId);
    return ont === undefined ? undefined : this.onts[ont]?.fleet.plan.serial;
  }

  setPhase(phase: RunPhase): void {
    this.#view.phase = phase;
  }

  note(event: RunEvent, line = ""): void {
    this.#recorder.write({ timeNs: this.nowNs(), from: "run", event });
    if (line !== "") this.#view.note = line;
  }

  setCells(onts: readonly OntRecord[], cell: OntCell, cause = ""): void {
    for (const { view } of onts) {
      view.cell = cell;
      view.cause = cause;
    }
  }

  /** A process is up: its ONTs boot. */
  handleReady(onts: readonly OntRecord[]): void {
    for (const ont of onts) {
      if (ont.readyNs < 0) {
        this.#view.ontsStarted++;
        ont.readyNs = this.nowNs();
      }
    }
  }

  handleOlt(message: FromOlt, pon = 0): void {
    switch (message.type) {
      case "events":
        for (const timed of message.events) this.#handleOltEvent(pon, timed);
        return;
      case "status":
      case "finished":
        return this.#handleReport(pon, message.report);
      case "feed":
        return this.#handleFeed(pon, message);
      case "listening":
      case "commandDone":
      case "failed":
      case "stopped":
        return;
    }
  }

  handleOnt(message: FromOnt): void {
    if (message.type === "events") for (const event of message.events) this.#handleOntEvent(event);
    if (message.type !== "stopped") return;
    for (const { serial, snapshot } of message.onts) {
      const ont = this.#bySerial.get(serial);
      if (!ont) continue;
      ont.activeSlot = snapshot.activeSlot;
      ont.bootAttempts = Math.max(ont.bootAttempts, snapshot.bootAttempts);
      ont.view.cause ||= snapshot.cause ?? "";
    }
  }

  /** What a headend says of an ONT that it knows by its number. */
  handleHeadendEvent(timeNs: number, ont: number, event: OltEvent): void {
    this.#recorder.write({ timeNs, from: "olt", ont, event });
    this.faults?.handleOltEvent(timeNs, 0, ont, event);
  }

  handleAgentEvent(timeNs: number, ont: number, event: AgentEvent): void {
    this.#recorder.write({ timeNs, from: "agent", ont, event });
  }

  /** Status of the OLT processes that run now; undefined: one of them has told none yet. */
  get oltStatus(): OltStatus | undefined {
    const statuses = this.#histories.flatMap(
      ({ current }, pon) => this.#told.get(pon)?.status ?? current?.status ?? [],
    );
    return statuses.length === this.ports ? statuses.reduce(mergeStatus) : undefined;
  }

  /** How long the operator has kept it paused, until now. */
  get pausedSeconds(): number {
    const sinceNs = this.#pausedSinceNs;
    return (this.#pausedNs + (sinceNs < 0 ? 0 : this.nowNs() - sinceNs)) / NS_PER_SECOND;
  }

  get elapsedSeconds(): number {
    return this.nowNs() / NS_PER_SECOND;
  }

  /** What a host recorded that brings this port. */
  takeRecord(pon: number, record: JournalRecord): void {
    if (record.from === "olt") this.#handleOltEvent(pon, [record.timeNs, record.event]);
    else this.#recorder.write(record);
    if (record.from === "run" && record.event.type === "note") this.#view.note = record.event.text;
  }

  /** How its port stands, with all its ONTs. */
  takeStanding(pon: number, { totals, onts }: PortStanding): void {
    this.#told.set(pon, totals);
    const firstStartNs = totals.status?.firstStartNs ?? -1;
    if (firstStartNs >= 0) this.faults?.handleFirstStart(firstStartNs);
    for (const { id, cell, cause, activeSlot, bootAttempts, readyNs } of onts) {
      const ont = this.onts[id];
      if (ont?.fleet.plan.pon !== pon) continue;
      if (ont.readyNs < 0 && readyNs >= 0) this.#view.ontsStarted++;
      Object.assign(ont, { activeSlot, bootAttempts, readyNs });
      Object.assign(ont.view, { cell, cause });
    }
  }

  #handleFeed(pon: number, { state, bytesPerSecond }: Extract<FromOlt, { type: "feed" }>): void {
    const how = state === "lost" ? "does not answer: it goes on at its fair share," : "answers again, and gives it";
    const text = `OLT of port ${pon}: the feed's server ${how} ${rateText(8 * bytesPerSecond)}`;
    this.note({ type: "note", text }, text);
  }

  #handleReport(pon: number, report: OltReport): void {
    this.#histories[pon].report(report);
    const { firstStartNs } = report.status;
    if (firstStartNs >= 0) this.faults?.handleFirstStart(firstStartNs);
  }

  #handleOltEvent(pon: number, [timeNs, event]: TimedOltEvent): void {
    const onts = this.#ontByOnuId[pon];
    if (event.type === "ranged") {
      const ont = this.#bySerial.get(event.serial);
      if (ont) onts.set(event.onuId, ont.fleet.plan.index);
    }
    const ont = "onuId" in event ? onts.get(event.onuId) : undefined;
    if (event.type === "command" && event.refused === "") {
      this.notePause(timeNs, event.command);
      this.#view.note = `${event.command}, by ${event.by || "the operator"}`;
    }
    this.#recorder.write({ timeNs, from: "olt", ...(ont !== undefined && { ont }), event });
    this.faults?.handleOltEvent(timeNs, pon, ont ?? -1, event);
  }

  /** A pause takes none of the run's time. */
  notePause(timeNs: number, command: OltCommandKind): void {
    if (command === "pause" && this.#pausedSinceNs < 0) this.#pausedSinceNs = timeNs;
    if ((command !== "resume" && command !== "abort") || this.#pausedSinceNs < 0) return;
    this.#pausedNs += timeNs - this.#pausedSinceNs;
    this.#pausedSinceNs = -1;
  }

  #handleOntEvent({ serial, timeNs, event }: OntProcessEvent): void {
    const ont = this.#bySerial.get(serial);
    if (!ont) return;
    this.#recorder.write({ timeNs, from: "ont", ont: ont.fleet.plan.index, event });
    if (event.type === "state") {
      ont.view.cell = cellAfter(ont.view.cell, event.state);
      ont.view.cause = event.cause ?? "";
    }
    if (event.type === "bootAttempt") ont.bootAttempts = Math.max(ont.bootAttempts, event.attempt);
    if (event.type === "online") ont.activeSlot = event.activeSlot;
  }

  #rate(bytes: number): number {
    const timeNs = this.nowNs();
    const samples = this.#gemBytes;
    samples.push({ timeNs, bytes });
    while (samples.length > 2 && samples[1].timeNs <= timeNs - RATE_WINDOW_NS) samples.shift();
    const [oldest] = samples;
    return timeNs > oldest.timeNs ? ((bytes - oldest.bytes) * NS_PER_SECOND) / (timeNs - oldest.timeNs) : 0;
  }
}
