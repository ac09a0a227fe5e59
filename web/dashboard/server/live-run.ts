/** A run of this process as its page has it: fed as a sink of the run, and by its views; steered through its driver. */
import type { OltCommand, OltCommandOutcome } from "../../../olt/core/types.ts";
import type { OntFlash, RunPace, RunSink, RunView, Steering } from "../../../run/types.ts";
import { LiveModel } from "../model/index.ts";
import type { ShownFacts } from "../types.ts";
import type { StreamedRun } from "./streams.ts";

/** A run that can be looked at, and steered where `command` is there. */
export interface ShownSource extends StreamedRun {
  command?: (command: OltCommand) => Promise<OltCommandOutcome>;
  flashOf?: (ont: number) => OntFlash | undefined;
  pace?: RunPace | undefined;
  steering?: Steering | undefined;
}

export class LiveRun implements ShownSource {
  readonly name: string;
  readonly model: LiveModel;
  readonly sink: RunSink;
  steering: Steering | undefined;

  constructor(name: string, facts: ShownFacts) {
    this.name = name;
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
    if (pace === undefined) return;
    const { speed, isStopped } = pace;
    this.model.setPace({ speed: Number.isFinite(speed) ? speed : null, isStopped });
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
}
