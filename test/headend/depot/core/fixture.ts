/** Files, devices and what they say, for tests of the depot. */
import type { DdiFeedback, DdiHandling } from "../../../../base/ddi/index.ts";
import { Depot, type DepotArtifact, type DepotConfig, type DepotEvent } from "../../../../headend/depot/core/index.ts";

export const NOON_MS = Date.UTC(2026, 10, 27, 12);
export const ORIGIN = "http://127.0.0.1:8443";
const DIGEST_DIGITS = 64;

export const sha = (digit: string): string => digit.repeat(DIGEST_DIGITS);

export function artifact(fields: Partial<DepotArtifact> & { digit: string }): DepotArtifact {
  const { digit, ...rest } = fields;
  return {
    filename: `${digit}.bundle`,
    sizeBytes: 1_000_000,
    hashes: { sha256: sha(digit), sha1: "", md5: "" },
    version: "2.0",
    kind: "image",
    productCode: "PON",
    hardware: ["HW-1"],
    minimumVersion: "",
    expiresMs: 0,
    targetSha256: sha(digit),
    ...rest,
  };
}

export const image = artifact({ digit: "a" });
export const delta = artifact({
  digit: "d",
  kind: "delta",
  sizeBytes: 50_000,
  targetSha256: sha("a"),
  baseSha256: sha("9"),
});
export const config: DepotConfig = { tenant: "DEFAULT", pollSeconds: 300 };
export const window = { days: "*", rule: "02:00-05:00 UTC", start: "02:00", end: "05:00", timeZone: "UTC" };

export const feedback = (
  execution: DdiFeedback["execution"],
  finished: DdiFeedback["finished"] = "none",
  detail = "",
): DdiFeedback => ({ id: "", execution, finished, details: detail === "" ? [] : [detail] });

/** One device at a depot: what it gets at each step. */
export class Device {
  readonly events: DepotEvent[] = [];
  readonly depot: Depot;
  readonly id: string;
  nowMs = NOON_MS;

  constructor(depot = new Depot(config, [image, delta]), id = "ont-1") {
    this.depot = depot;
    this.id = id;
  }

  /** Names of the links. */
  poll(): string[] {
    const reply = this.depot.handlePoll(this.nowMs, this.id, ORIGIN);
    this.#drain();
    return reply.kind === "ok" ? Object.keys(reply.body.links) : [reply.kind];
  }

  /** Number of the action, file, and whether it may install; else what it is told. */
  fetch(action = this.action): [string, DdiHandling] | string {
    const reply = this.depot.handleDeployment(this.nowMs, this.id, action, ORIGIN);
    this.#drain();
    if (reply.kind !== "ok") return reply.kind;
    return [reply.body.chunks[0].artifacts[0].filename, reply.body.update];
  }

  say(execution: DdiFeedback["execution"], finished?: DdiFeedback["finished"], detail?: string): string {
    const { kind } = this.depot.handleFeedback(this.id, this.action, feedback(execution, finished, detail));
    this.#drain();
    return kind;
  }

  cancel(execution: DdiFeedback["execution"], finished?: DdiFeedback["finished"]): string {
    return this.depot.handleCancelFeedback(this.id, this.action, feedback(execution, finished)).kind;
  }

  tell(attributes: Record<string, string>, mode: "merge" | "replace" | "remove" = "merge"): string {
    const { kind } = this.depot.handleConfigData(this.id, { mode, data: new Map(Object.entries(attributes)) });
    this.#drain();
    return kind;
  }

  /** The last one. */
  get action(): string {
    return `${this.status?.action ?? "none"}`;
  }

  get status() {
    return [...this.depot.statuses(this.nowMs)].find(({ device }) => device === this.id);
  }

  get state(): string[] {
    return [this.status?.state ?? "", this.status?.why ?? ""];
  }

  #drain(): void {
    for (let event = this.depot.pollEvent(); event !== undefined; event = this.depot.pollEvent())
      this.events.push(event);
  }
}
