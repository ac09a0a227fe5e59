/** What a Prometheus server reads of an ACS. */
import { Counter, Gauge, Registry } from "prom-client";
import { faultText } from "../../cwmp/index.ts";
import { type DepotFigures, DOWNLOAD_TOTALS, totals } from "../depot/metrics.ts";
import type { AcsDeviceStatus, AcsEvent } from "./core/index.ts";

const STATES = [
  "upToDate",
  "pending",
  "waiting",
  "failed",
  "idle",
] as const satisfies readonly AcsDeviceStatus["state"][];

/** What is asked for at each scrape. */
export interface AcsFigures extends Omit<DepotFigures, "devices"> {
  devices: Iterable<AcsDeviceStatus>;
  sessions: number;
}

export class AcsMetrics {
  readonly registry = new Registry();
  readonly #requests: Counter<"kind" | "status">;
  readonly #messages: Counter<"method">;
  readonly #tasks: Counter<"end" | "code">;
  readonly #connections: Counter<"result">;

  constructor(figures: () => AcsFigures) {
    const registers = [this.registry];
    this.#requests = new Counter({
      name: "poncast_acs_requests_total",
      help: "Requests answered, by what they were about and HTTP status",
      labelNames: ["kind", "status"],
      registers,
    });
    this.#messages = new Counter({
      name: "poncast_acs_messages_total",
      help: "Messages of CPEs by method; empty: a POST without one, bad: what could not be read",
      labelNames: ["method"],
      registers,
    });
    this.#tasks = new Counter({
      name: "poncast_acs_tasks_ended_total",
      help: "Tasks that ended, by how, and by the fault of the CPE (0: none)",
      labelNames: ["end", "code"],
      registers,
    });
    this.#connections = new Counter({
      name: "poncast_acs_connection_requests_total",
      help: "Connection requests, by what became of them",
      labelNames: ["result"],
      registers,
    });
    const devices: Gauge<"state"> = new Gauge({
      name: "poncast_acs_devices",
      help: "Devices by state",
      labelNames: ["state"],
      registers,
      collect: () => {
        const counts = new Map<string, number>();
        for (const { state } of figures().devices) counts.set(state, (counts.get(state) ?? 0) + 1);
        for (const state of STATES) devices.set({ state }, counts.get(state) ?? 0);
      },
    });
    const gauge = (name: string, help: string, read: () => number): void => {
      const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) });
    };
    gauge("poncast_acs_sessions", "Sessions that are under way", () => figures().sessions);
    gauge("poncast_acs_downloads", "Downloads that are under way", () => figures().activeDownloads);
    totals(this.registry, "poncast_acs_", DOWNLOAD_TOTALS, figures);
  }

  onAnswer(kind: string, status: number): void {
    this.#requests.inc({ kind, status: `${status}` });
  }

  onMessage(method: string): void {
    this.#messages.inc({ method });
  }

  onEvent(event: AcsEvent): void {
    if (event.type !== "ended") return;
    // A code of a vendor's own is anything.
    const isKnown = event.code === 0 || !faultText(event.code).includes("vendor");
    this.#tasks.inc({ end: event.as, code: isKnown ? `${event.code}` : "other" });
  }

  onConnectionRequest(isAccepted: boolean): void {
    this.#connections.inc({ result: isAccepted ? "accepted" : "failed" });
  }
}
