/** Where a whole run stands, in words, and how much it has to send. */
import type { OltOntStatus } from "../../olt/core/types.ts";
import type { RunView } from "../types.ts";

export type Stage =
  | "preparing"
  | "starting"
  | "ranging"
  | "downloading"
  | "activating"
  | "verifying"
  | "done"
  | "stopped";

export const stageLabels: Record<Stage, string> = {
  preparing: "Preparing",
  starting: "Starting ONTs",
  ranging: "Ranging ONTs",
  downloading: "Downloading",
  activating: "Activating",
  verifying: "Reading back what the ONTs stored",
  done: "Done",
  stopped: "Stopped",
};

export function stageOf({ phase, olt }: Pick<RunView, "phase"> & { olt: { phase: Stage } | undefined }): Stage {
  switch (phase) {
    case "running":
      return olt?.phase ?? "ranging";
    case "ended":
      return olt?.phase === "done" ? "done" : "stopped";
    case "preparing":
    case "starting":
    case "verifying":
      return phase;
  }
}

/** Of all payloads that go to somebody, each once; 0: there is but the image, or nothing has begun. */
export function sentBytesOf(onts: readonly OltOntStatus[]): number {
  if (onts.every(({ payload }) => payload === 0)) return 0;
  const sizes = new Map(onts.filter(({ startedNs }) => startedNs >= 0).map((ont) => [ont.payload, ont.payloadBytes]));
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}
