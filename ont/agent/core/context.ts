/** What the parts of one update agent share: its record, its state, what it waits for, and what it has to say. */
import { readDdiDeployment, readDdiPoll } from "../../../base/ddi/index.ts";
import type { DeviceState } from "../../store/types.ts";
import { RoadContext, type RoadExchange, type TransferRules } from "../../road/core/index.ts";
import { LastReading } from "./last-reading.ts";
import { firstPollNs } from "./policy.ts";
import type { ActionRecord, AgentConfig, AgentRecord, AgentRequest, ArtifactRecord } from "./types.ts";

/** What is asked of the depot beside the file itself, one after the other. */
export type ControlTask =
  | { kind: "poll" }
  | { kind: "configData"; path: string }
  | { kind: "cancel"; path: string }
  | { kind: "deployment"; path: string }
  /** @property isFinal it is told again and again, until the depot has it */
  | { kind: "report"; path: string; execution: string; finished: string; body: string; isFinal: boolean };

export interface ControlExchange extends RoadExchange {
  task: ControlTask;
  body: Uint8Array[];
  bodyBytes: number;
}

export type PersistWait = "apply" | "close" | "none";

interface AgentRoad {
  config: AgentConfig;
  request: AgentRequest;
  record: AgentRecord;
  file: ArtifactRecord;
  persistWait: PersistWait;
  action: never;
  event: never;
}

/** Mutated in place; the decisions are in the files that take it. */
export class AgentContext extends RoadContext<AgentRoad> {
  readonly rules: TransferRules<ArtifactRecord>;
  control: ControlExchange | null = null;
  tasks: ControlTask[] = [];
  pollSeconds: number;
  nextPollNs: number;
  pollFailures = 0;
  /** A report that did not get through is told again then. */
  reportNs = 0;
  polls = 0;
  lastPollNs = -Infinity;
  /** The depot has been told what this device is. */
  isIntroduced = false;
  /** What the depot said last of installing, and when; null: nothing in this life. */
  depotInstall: { isAllowed: boolean; toldNs: number } | null = null;
  isDepotPaused = false;
  readonly lastPoll = new LastReading(readDdiPoll);
  readonly lastDeployment = new LastReading(readDdiDeployment);
  /** Files of the deployment that do not do, with their causes. */
  readonly refused = new Map<string, string>();

  /** An installation that was refused for what passes is tried again then; so is a confirmation. */
  installNs = 0;
  /** Since when it has waited, with the tries that came to nothing. */
  waitingSinceNs = 0;

  constructor(
    config: AgentConfig,
    record: AgentRecord | null,
    device: DeviceState,
    nowNs: number,
    rulesOf: (context: AgentContext) => TransferRules<ArtifactRecord>,
  ) {
    super(config, record ?? { action: null, closedPath: "", isUserPaused: false }, device, nowNs);
    this.rules = rulesOf(this);
    this.pollSeconds = config.pollSeconds;
    this.nextPollNs = nowNs + firstPollNs(config.pollSeconds, config.chance);
  }

  ask(request: Omit<AgentRequest, "headers"> & { headers?: Readonly<Record<string, string>> }): number {
    return this.request({ ...request, headers: { ...this.config.headers, ...request.headers } });
  }

  changeAction(change: Partial<ActionRecord>, wait: PersistWait = "none"): void {
    const { action } = this.record;
    if (action !== null) this.persist({ action: { ...action, ...change } }, wait);
  }

  /** @returns undefined for a place that is not at the depot */
  pathOf(href: string): string | undefined {
    const { origin, pathname, search } = new URL(href);
    return origin === this.config.origin ? pathname + search : undefined;
  }

  pollBy(atNs: number): void {
    this.nextPollNs = Math.min(this.nextPollNs, atNs);
  }
}
