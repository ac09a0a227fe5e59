/** What a Prometheus server reads of a sweep that goes on. */
import { Gauge, Registry } from "prom-client";
import type { SweepProgress } from "../sweep.ts";

/** @param figures asked for at each scrape. @param secondsLeft undefined: not known yet */
export function sweepMetrics(name: string, figures: () => SweepProgress & { secondsLeft?: number }): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ sweep: name });
  const gauge = (metric: string, help: string, valueOf: () => number | undefined): void => {
    const made: Gauge = new Gauge({
      name: `poncast_sweep_${metric}`,
      help,
      registers: [registry],
      // Not known is not a number; 0 would be a lie.
      collect: () => made.set(valueOf() ?? Number.NaN),
    });
  };
  gauge("runs", "Runs of the sweep", () => figures().total);
  gauge("runs_done", "Runs whose results are there", () => figures().done);
  gauge("runs_waiting", "Runs that no worker has taken", () => figures().waiting);
  gauge("runs_running", "Runs that workers are at", () => figures().running);
  gauge("workers", "Workers that are connected", () => figures().workers);
  gauge("seconds_left", "Time until the end, as fast as until now", () => figures().secondsLeft);
  return registry;
}
