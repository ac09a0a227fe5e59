/** What answers of the page's server are made from. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FinishedRun, ListedSweep, SweepFacts } from "../compare-types.ts";
import type { ListedRun } from "../types.ts";
import type { ListedPreset } from "../plan-types.ts";
import type { LiveRun, ShownSource } from "./live-run.ts";
import type { Planner } from "./planner.ts";
import type { PageSession } from "./session.ts";
import type { RunStarter } from "./starter.ts";
import type { Streams } from "./streams.ts";

/** Runs that others have left, or are at. */
export interface RunLibrary {
  list(): ListedRun[];
  /** Opened if need be. @returns undefined where there is none of that name */
  open(name: string): Promise<ShownSource | undefined>;
  /** Text of its report; undefined where there is none. */
  report(name: string): string | undefined;
  /** Text of its scenario as it was resolved. */
  scenario(name: string): string | undefined;
  /** What its result says; undefined where there is none. */
  finished(name: string): FinishedRun | undefined;
  /** Words that somebody gives a run, to find it by. @returns false: there is no such run */
  tag(name: string, tags: readonly string[]): boolean;
  sweeps(): ListedSweep[];
  sweep(name: string): SweepFacts | undefined;
  sweepReport(name: string): string | undefined;
  close(): void;
}

/** Runs that are to be. */
export interface PlanDesk {
  planner: Planner;
  starter: RunStarter;
  presets(): ListedPreset[];
}

/** What answers may need. */
export interface Desk {
  streams: Streams;
  library: RunLibrary | undefined;
  planning: PlanDesk | undefined;
  /** That of this process. */
  live: LiveRun | undefined;
}

export interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  session: PageSession;
  desk: Desk;
}

export interface Route {
  method: "GET" | "POST";
  path: RegExp;
  /** It changes something: what another page sends in the browser's name is refused. */
  changes?: true;
  /** @returns what is sent as JSON; undefined: it has answered by itself */
  answer: (call: Call, parts: string[]) => object | undefined | Promise<object | undefined>;
}
