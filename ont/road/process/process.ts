/** The ONTs of one process whose images come by a road beside OMCI: clock and reports. */
import { systemClock } from "../../../base/clock/index.ts";
import type { DeviceLinks, RoadDevice } from "./device.ts";
import type { FromRoads, RoadProcessConfig } from "./protocol.ts";

/** How far downloads are is told so often. */
const PROGRESS_MS = 500;

/** @throws Error in one line: a state folder cannot be used */
export type MakeDevice<Description, Event, Snapshot> = (
  description: Description,
  links: DeviceLinks<Event, Snapshot>,
) => RoadDevice<Event, Snapshot>;

export class RoadProcess<Description, Event, Snapshot> {
  readonly #report: (message: FromRoads<Event, Snapshot>) => void;
  readonly #devices: RoadDevice<Event, Snapshot>[] = [];
  readonly #progressTimer: NodeJS.Timeout;
  #isStopped = false;

  /** Powers all on. @throws Error in one line: a state folder cannot be used */
  constructor(
    { devices, epochNs }: RoadProcessConfig<Description>,
    make: MakeDevice<Description, Event, Snapshot>,
    report: (message: FromRoads<Event, Snapshot>) => void,
  ) {
    this.#report = report;
    const nowNs = systemClock(epochNs);
    for (const description of devices)
      this.#devices.push(
        make(description, {
          nowNs,
          onOntEvent: (serial, timeNs, event) => report({ type: "events", events: [{ serial, timeNs, event }] }),
          onRoadEvent: (serial, timeNs, event, progress) =>
            report({ type: "roadEvents", events: [{ serial, timeNs, event, progress }] }),
          onFailure: (error) => this.#fail(error),
        }),
      );
    this.#progressTimer = setInterval(() => this.#tellProgress(), PROGRESS_MS);
    report({ type: "ready" });
  }

  #tellProgress(): void {
    const each = this.#devices.flatMap((device) => {
      const progress = device.progress();
      return progress === undefined ? [] : [{ serial: device.serial, progress }];
    });
    this.#report({ type: "progress", each });
  }

  #fail(error: unknown): void {
    if (!this.#close()) return;
    const message = (error instanceof Error ? error.message : String(error)).split("\n", 1)[0];
    this.#report({ type: "failed", message });
  }

  /** Power-off for all; the last message says how they stand. */
  stop(): void {
    if (!this.#close()) return;
    this.#report({ type: "stopped", onts: this.#devices.map((device) => device.report()) });
  }

  #close(): boolean {
    if (this.#isStopped) return false;
    this.#isStopped = true;
    clearInterval(this.#progressTimer);
    this.#tellProgress();
    for (const device of this.#devices) device.close();
    return true;
  }
}
