/** From the events of a run to what its page shows. Takes them while the run goes on, or from a journal. */
import { rateText } from "../../base/text/index.ts";
import type { OltEvent } from "../../olt/core/types.ts";
import type { OntEvent } from "../../ont/core/types.ts";
import type { TrafficInterval } from "../../pon/index.ts";
import type { JournalHeader, JournalRecord, RunEvent } from "../../run/journal/index.ts";
import type { RunResult } from "../../run/result/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { budgetsOf } from "./budgets.ts";
import { passBars } from "./passes.ts";
import { type TimeInState, timeInStates } from "./time-in-state.ts";
import { OntTimeline } from "./timeline.ts";
import { trafficSeries } from "./traffic.ts";
import type { CommandMark, Completion, OntTrack, PassBar, RunCharts } from "./types.ts";
import { WindowCosts } from "./windows.ts";

type CommandEvent = Extract<OltEvent, { type: "command" }>;

const NS_PER_SECOND = 1e9;
/** Incidents beyond these are counted only. */
const INCIDENTS_MAX = 50;
/** Commands beyond these are not drawn. */
const COMMANDS_MAX = 100;
/** Times in charts are kept to a tenth of a millisecond. */
const TIMES_PER_SECOND = 1e4;

/** Something out of the ordinary, for a list. */
export interface Incident {
  seconds: number;
  text: string;
}

/** Everything a report shows of a run. */
export interface RunReport {
  header: Pick<JournalHeader, "scenario" | "replay" | "version" | "commit">;
  result: RunResult;
  scenario: Scenario;
  /** How the runner ended it and with which exit code; undefined: it was cut off. */
  ended: { outcome: string; exitCode: number } | undefined;
  charts: RunCharts;
  timeInStates: TimeInState[];
  incidents: Incident[];
  /** Incidents that are not in the list. */
  incidentsMore: number;
}

/** When each ONT had come so far for the first time, ns. */
type Milestones = Record<keyof Completion, Map<number, number>>;

/** Takes the events of a run as they come, and keeps of them what charts need: bounded, however long the run is. */
export class RunModel {
  readonly #timelines = new Map<number, OntTimeline>();
  readonly #reached: Milestones = { stored: new Map(), running: new Map(), committed: new Map() };
  readonly #traffic: TrafficInterval[] = [];
  readonly #windows = new WindowCosts();
  readonly #incidents: Incident[] = [];
  readonly #commands: CommandMark[] = [];
  #incidentsMore = 0;
  #ended: RunReport["ended"];
  #lastNs = 0;

  add(record: JournalRecord): void {
    const { timeNs } = record;
    if (timeNs > this.#lastNs) this.#lastNs = timeNs;
    switch (record.from) {
      case "olt":
        return this.#addOlt(timeNs, record.ont, record.event);
      case "ont":
        return this.#addOnt(timeNs, record.ont, record.event);
      case "agent":
        // What it does to the ONT is the ONT's to tell, how far it is the headend's.
        return;
      case "run":
        return this.#addRun(timeNs, record.event);
    }
  }

  /** @param result gives serial numbers and the length of the run */
  report(header: RunReport["header"], result: RunResult): RunReport {
    const scenario = result.scenario as Scenario;
    const endNs = Math.max(this.#lastNs, result.timing.totalSeconds * NS_PER_SECOND);
    const endSeconds = rounded(endNs / NS_PER_SECOND);
    const onts = result.ontResults.map(({ id, serial }) => roundedTrack(this.#timeline(id).track(id, serial)));
    return {
      header,
      result,
      scenario,
      ended: this.#ended,
      charts: {
        kind: "run",
        endSeconds,
        onts,
        passes: passBars(result.groups, onts, endSeconds).map(roundedPass),
        completion: this.#completion(),
        traffic: trafficSeries(this.#traffic, endNs, budgetsOf(scenario, result.clock)),
        windows: this.#windows.bars(),
        commands: this.#commands,
      },
      timeInStates: timeInStates(onts, endSeconds),
      incidents: this.#incidents.toSorted((a, b) => a.seconds - b.seconds),
      incidentsMore: this.#incidentsMore,
    };
  }

  #addOlt(timeNs: number, ont: number | undefined, event: OltEvent): void {
    switch (event.type) {
      case "windowSent":
      case "repair":
        return this.#windows.handleOlt(event);
      case "traffic":
        this.#traffic.push(event);
        return;
      case "phase":
        if (ont !== undefined) this.#timeline(ont).handlePhase(timeNs, event.phase);
        return;
      case "leftGroup":
        return this.#incident(timeNs, `${ontText(ont)} leaves the group: ${event.cause}`);
      case "wholeInstead":
        return this.#incident(timeNs, `${ontText(ont)} takes no delta, and is sent the whole image: ${event.cause}`);
      case "command":
        return this.#addCommand(timeNs, ont, event);
      case "runPhase":
        if (event.reason !== "") this.#incident(timeNs, `the rollout stops: ${event.reason}`);
        return;
      default:
        return;
    }
  }

  /** Of several ports each tells of it. */
  #addCommand(timeNs: number, ont: number | undefined, event: CommandEvent): void {
    const seconds = rounded(timeNs / NS_PER_SECOND);
    const text = `the operator: ${commandText(ont, event)}`;
    if (this.#incidents.some((incident) => incident.seconds === timeNs / NS_PER_SECOND && incident.text === text))
      return;
    this.#incident(timeNs, text);
    const isDrawn = event.refused === "" && this.#commands.length < COMMANDS_MAX;
    if (isDrawn) this.#commands.push({ seconds, text });
  }

  #addOnt(timeNs: number, ont: number, event: OntEvent): void {
    switch (event.type) {
      case "state":
        if (event.state === "trial") this.#reach("running", ont, timeNs);
        if (event.state === "committed") this.#reach("committed", ont, timeNs);
        return this.#timeline(ont).handleOnt(timeNs, event);
      case "online":
      case "offline":
        return this.#timeline(ont).handleOnt(timeNs, event);
      case "imageStored":
        return this.#reach("stored", ont, timeNs);
      default:
        return;
    }
  }

  #addRun(timeNs: number, event: RunEvent): void {
    if ("ont" in event) this.#timeline(event.ont).handleRun(timeNs, event);
    const text = incidentText(event);
    if (text !== undefined) this.#incident(timeNs, text);
    if (event.type === "ended") this.#ended = event;
  }

  #timeline(ont: number): OntTimeline {
    let timeline = this.#timelines.get(ont);
    if (timeline === undefined) this.#timelines.set(ont, (timeline = new OntTimeline()));
    return timeline;
  }

  #reach(milestone: keyof Completion, ont: number, timeNs: number): void {
    const times = this.#reached[milestone];
    if (!times.has(ont)) times.set(ont, timeNs);
  }

  #completion(): Completion {
    const timesOf = (milestone: keyof Completion): number[] =>
      [...this.#reached[milestone].values()].sort((a, b) => a - b).map((timeNs) => rounded(timeNs / NS_PER_SECOND));
    return { stored: timesOf("stored"), running: timesOf("running"), committed: timesOf("committed") };
  }

  #incident(timeNs: number, text: string): void {
    if (this.#incidents.length < INCIDENTS_MAX) this.#incidents.push({ seconds: timeNs / NS_PER_SECOND, text });
    else this.#incidentsMore++;
  }
}

const rounded = (seconds: number): number => Math.round(seconds * TIMES_PER_SECOND) / TIMES_PER_SECOND;
const roundedTrack = (track: OntTrack): OntTrack => ({ ...track, seconds: track.seconds.map(rounded) });

const roundedPass = (pass: PassBar): PassBar => ({
  ...pass,
  fromSeconds: rounded(pass.fromSeconds),
  toSeconds: rounded(pass.toSeconds),
});

function commandText(ont: number | undefined, { command, bitsPerSecond, refused }: CommandEvent): string {
  const isRefused = refused === "" ? "" : `, refused: ${refused}`;
  switch (command) {
    case "skip":
    case "retry":
      return `${command} ${ontText(ont)}${isRefused}`;
    case "rate":
      return `${bitsPerSecond === undefined ? "no limit to the rate" : `rate ${rateText(bitsPerSecond)}`}${isRefused}`;
    case "pause":
    case "resume":
    case "abort":
    case "release":
      return `${command}${isRefused}`;
  }
}

const oltText = (pon: number | undefined): string => (pon === undefined ? "the OLT" : `the OLT of port ${pon}`);
const ontText = (ont: number | undefined): string => (ont === undefined ? "an ONT" : `ONT ${ont}`);

/** undefined: nothing out of the ordinary. */
function incidentText(event: RunEvent): string | undefined {
  switch (event.type) {
    case "oltStarted":
      return event.start > 1 ? `${oltText(event.pon)} is back` : undefined;
    case "oltEnded":
      return event.signal === "" && event.expected
        ? undefined
        : `the process of ${oltText(event.pon)} ends${how(event)}`;
    case "ontEnded":
      return event.expected ? undefined : `the process of ONT ${event.ont} ends${how(event)}`;
    case "powerCut":
      return `ONT ${event.ont} loses its power`;
    case "powerRestored":
      return `ONT ${event.ont} has power again`;
    case "ontGivenUp":
      return `ONT ${event.ont} is given up: ${event.cause}`;
    case "note":
      return event.text;
    case "ontStarted":
    case "ended":
      return undefined;
  }
}

const how = ({ code, signal }: { code: number; signal: string }): string =>
  signal === "" ? ` with code ${code}` : ` by ${signal}`;
