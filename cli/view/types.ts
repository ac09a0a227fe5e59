/** What is shown of a run, as plain data: runners fill it, views draw it, and neither knows the other. */
import type { Mode, Recovery } from "../../olt/core/types.ts";
import type { RunView } from "../../run/types.ts";
import type { Stage } from "../../run/progress/index.ts";
import type { CellState } from "../../run/states/index.ts";

export interface OntRow {
  id: number;
  serial: string;
  state: CellState;
  /** Why it is skipped, rolled back or failed, else empty. */
  cause: string;
  bytesDone: number;
  windowsRepaired: number;
  sectionsLost: number;
  leftGroup: boolean;
  /** How it is served where that is not with the first group: "alone", "waits for catch-up", "in catch-up group 2"; else empty. */
  served: string;
}

/** What does not change during a run. */
export interface RunInfo {
  name: string;
  mode: Mode;
  recovery: Recovery;
  /** Who is late shares a pass, as `olt.catchUp` says. */
  catchesUp: boolean;
  seed: number;
  clock: "wall" | "virtual";
  imageBytes: number;
  imageVersion: string;
  /** Where there are several ports. */
  ontsPerPort?: number;
}

/** Everything a person sees of a run at one instant; plain data, so that rendering is a pure function. */
export interface RunScreen extends RunInfo {
  stage: Stage;
  /** Why the rollout was stopped, else empty. */
  stopReason: string;
  elapsedMs: number;
  ontsStarted: number;
  /** Bytes of the image the slowest member of the group, or the mean ONT in unicast, has answered for. */
  bytesDone: number;
  /** Image bytes per second over the last seconds; 0 = not known yet. */
  bytesPerSecond: number;
  /** Until the download is over at that rate; null = not known. */
  etaMs: number | null;
  /** On the fibre, GEM frames. */
  downstreamBitsPerSecond: number;
  sections: number;
  repairSections: number;
  imageCopies: number;
  onts: readonly OntRow[];
  /** That some ONTs are sent other messages than was asked for, in a line. */
  messages?: string;
  /** The last thing worth a line, else empty. */
  note: string;
}

/** Of what a runner reports, as much as is shown; a command that is no runner makes it itself. */
export type ReportedView = Omit<RunView, "downstream" | "upstream">;
