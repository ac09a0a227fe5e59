/** A run of this process as its page has it: fed as a sink of the run, and by its views; steered through its driver. */
import type { OltCommand, OltCommandOutcome } from "../../../olt/core/types.ts";
import type { OntFlash, RunPace, RunSink, RunView, Steering } from "../../../run/types.ts";
import { LiveModel } from "../model/index.ts";
import type { PaceState, ShownFacts } from "../types.ts";
import type { StreamedRun } from "./streams.ts";

/** How fast time is to go: as many times as fast as a clock, null = as fast as it goes; not at all; a step further. */
export type PaceChange = { speed: number | null } | { stop: true } | { stepMs: number };

/** A run that can be looked at, and steered where `command` is there. */
export interface ShownSource extends StreamedRun {
  command?: (command: OltCommand) => Promise<OltCommandOutcome>;
  flashOf?: (ont: number) => OntFlash | undefined;
  /** Absent: its time cannot be slowed. @returns how fast it goes now */
  changePace?: ((change: PaceChange) => Promise<PaceState>) | undefined;
  steering?: Steering | undefined;
  /** A capture of its frames, if there is one. */
  capture?: string | undefined;
  /** When all that has been recorded so far is known here; absent: at any time. */
  caughtUp?: Promise<void>;
}

export class LiveRun implements ShownSource {
  readonly name: string;
  readonly model: LiveModel;
  readonly sink: RunSink;
  steering: Steering | undefined;
  readonly capture: string | undefined;

  /** @param capture file into which its frames go */
  constructor(name: string, facts: ShownFacts, capture?: string) {
    this.name = name;
    this.capture = capture;
    const model = (this.model = new LiveModel(facts));
    this.sink = {
      name: "page",
      record: (record) => model.record(record),
      finish: ({ result, endReason }) => {
        this.steering = undefined;
        model.finish(result, endReason);
      },
    };
  }

  readonly onView = (view: RunView): void => {
    this.model.view(view);
    this.tellPace();
  };

  /** Commands may be given. */
  steer(steering: Steering): void {
    this.steering = steering;
    this.model.setSteering(true);
    this.tellPace();
  }

  tellPace(): void {
    const { pace } = this;
    if (pace !== undefined) this.model.setPace(stateOf(pace));
  }

  get command(): ShownSource["command"] {
    return this.steering?.command;
  }

  get flashOf(): ShownSource["flashOf"] {
    return this.steering?.flashOf;
  }

  get pace(): RunPace | undefined {
    return this.steering?.pace;
  }

  get changePace(): ShownSource["changePace"] {
    const { pace } = this;
    if (pace === undefined) return undefined;
    return (change) => {
      if ("stop" in change) pace.stop();
      else if ("stepMs" in change) pace.step(change.stepMs);
      else pace.setSpeed(change.speed ?? Infinity);
      this.tellPace();
      return Promise.resolve(stateOf(pace));
    };
  }
}

/** As JSON has it. */
export const stateOf = ({ speed, isStopped }: RunPace): PaceState => ({
  speed: Number.isFinite(speed) ? speed : null,
  isStopped,
});
