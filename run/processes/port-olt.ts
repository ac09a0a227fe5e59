/** What a run needs of the OLT of one port, whether its process is here or on another host. */
import type { Effect, Scope } from "effect";
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import type { OltAddress, ToOlt } from "../../olt/process/index.ts";

export interface PortOlt {
  readonly pon: number;
  /** Of this machine. */
  readonly pid: number | undefined;
  readonly cpuSeconds: number;
  readonly starts: number;
  /** Undefined before it has listened once. */
  readonly address: OltAddress | undefined;
  send(message: ToOlt): void;
  kill(offMs: number): void;
  command(asked: OltCommand): Promise<OltCommandOutcome>;
  /** Returns when it listens; lives until the scope ends. */
  start(): Effect.Effect<void, never, Scope.Scope>;
  stop(): Effect.Effect<void>;
}
