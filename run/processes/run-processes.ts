/** What a run needs of its processes, whichever road the image comes by. */
import type { Effect, Scope } from "effect";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { ImageRoad } from "../../scenarios/index.ts";
import type { OltTotals } from "../result/olt-history.ts";
import type { OntStorage } from "../result/types.ts";

export interface RunProcesses {
  /** Of the headend: of the OLT of each port, of the depot, or of the ACS. */
  readonly oltPids: number[];
  readonly ontPids: number[];
  readonly cpuSeconds: { olt: number; onts: number };
  readonly restarts: { olt: number; onts: number };
  /** What other hosts read back of the flash of their ONTs, by the number of the ONT; absent: all are here. */
  readonly storages?: ReadonlyMap<number, OntStorage | null>;
  /** Of the run as a whole, a line each: it is not as it should be. */
  readonly remarks?: readonly string[];
  /** When the first process was started, nanoseconds of the run's clock. */
  readonly startedNs: number;
  /** Power cut of the process an ONT lives in. */
  cutOnt(ont: number, offMs: number): void;
  killOlt(pon: number, offMs: number): void;
  command(asked: OltCommand): Promise<OltCommandOutcome>;
  /** To the OLT of one port itself, also where commands are for somebody above it. */
  commandPort(pon: number, asked: OltCommand): Promise<OltCommandOutcome>;
  skipOnt(ont: number, by: string): void;
  /** Of several roads, with that of each group; absent: what the OLT did is all. */
  totals?(): { totals: OltTotals; groupRoads?: readonly ImageRoad[] };
  /** All live until the scope ends. */
  start(): Effect.Effect<void, never, Scope.Scope>;
  /** Ends all of them; what they report last is in the state then. */
  stop(): Effect.Effect<void>;
}
