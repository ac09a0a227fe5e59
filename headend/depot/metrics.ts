/** What a Prometheus server reads of a depot. */
import { Counter, Gauge, Registry } from "prom-client";
import type { DeviceStatus } from "./core/index.ts";
import type { DownloadFigures } from "./download.ts";

const STATES = ["upToDate", "pending", "waiting", "failed", "idle"] as const satisfies readonly DeviceStatus["state"][];

/** What is asked for at each scrape. */
export interface DepotFigures extends DownloadFigures {
  devices: Iterable<DeviceStatus>;
  eventsKept: number;
}

export class DepotMetrics {
  readonly registry = new Registry();
  readonly #requests: Counter<"kind" | "status">;
  readonly #feedback: Counter<"execution" | "finished">;
  readonly #figures: () => DepotFigures;

  constructor(figures: () => DepotFigures) {
    this.#figures = figures;
    const registers = [this.registry];
    this.#requests = new Counter({
      name: "poncast_depot_requests_total",
      help: "Requests answered, by what they were about and HTTP status",
      labelNames: ["kind", "status"],
      registers,
    });
    this.#feedback = new Counter({
      name: "poncast_depot_feedback_total",
      help: "Feedback of devices, by execution and result",
      labelNames: ["execution", "finished"],
      registers,
    });
    const devices: Gauge<"state"> = new Gauge({
      name: "poncast_depot_devices",
      help: "Devices by state",
      labelNames: ["state"],
      registers,
      collect: () => {
        const counts = new Map<string, number>();
        for (const { state } of this.#figures().devices) counts.set(state, (counts.get(state) ?? 0) + 1);
        for (const state of STATES) devices.set({ state }, counts.get(state) ?? 0);
      },
    });
    const gauge: Gauge = new Gauge({
      name: "poncast_depot_downloads",
      help: "Downloads that are under way",
      registers,
      collect: () => gauge.set(this.#figures().activeDownloads),
    });
    totals(this.registry, "poncast_depot_", DOWNLOAD_TOTALS, () => this.#figures());
  }

  onAnswer(kind: string, status: number): void {
    this.#requests.inc({ kind, status: `${status}` });
  }

  onFeedback(execution: string, finished: string): void {
    this.#feedback.inc({ execution, finished });
  }
}

/** Figures that only grow, by the end of their name; with what each is. */
export const DOWNLOAD_TOTALS = {
  sent_bytes_total: ["Bytes of files sent", "sentBytes"],
  downloads_done_total: ["Downloads that were sent to their end", "downloadsDone"],
  downloads_broken_total: ["Downloads that were broken off", "downloadsBroken"],
  downloads_stalled_total: ["Readers let go as they took nothing", "downloadsStalled"],
  events_total: ["Events kept since the start", "eventsKept"],
} as const;

/** Counters of figures that are asked for at each scrape. */
export function totals<Figure extends string>(
  registry: Registry,
  prefix: string,
  names: Readonly<Record<string, readonly [help: string, figure: Figure]>>,
  figures: () => Readonly<Record<Figure, number>>,
): void {
  for (const [name, [help, figure]] of Object.entries(names)) {
    let seen = 0;
    const counter = new Counter({
      name: `${prefix}${name}`,
      help,
      registers: [registry],
      collect: () => {
        const now = figures()[figure];
        counter.inc(now - seen);
        seen = now;
      },
    });
  }
}
