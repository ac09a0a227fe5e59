/** How a device stands, for people and metrics. */
import { windowAt } from "../../../base/maintenance/index.ts";
import type { DepotArtifact } from "../../depot/core/index.ts";
import type { AcsConfig, AcsDevice, AcsDeviceStatus, AcsTask } from "./types.ts";
import { isUpdate, offerOf, openUpdate, whyNot } from "./updates.ts";

interface Surroundings {
  nowMs: number;
  artifacts: readonly DepotArtifact[];
  config: AcsConfig;
  isPaused: boolean;
  /** Empty: it is not. */
  whyHeld: string;
}

const WORDS: Readonly<Record<AcsTask["state"], string>> = {
  queued: "is to be asked at its next session",
  asked: "was asked, and has not answered",
  taken: "has said that it will",
  transferred: "has the file, and has not said that it runs it",
  ended: "",
};

export function stateOf(device: AcsDevice, around: Surroundings): Pick<AcsDeviceStatus, "state" | "why"> {
  const { nowMs, artifacts, config, isPaused, whyHeld } = around;
  const open = openUpdate(device);
  if (open !== undefined) {
    if (isPaused && open.state === "queued") return { state: "waiting", why: "the ACS is paused" };
    const window = config.window && windowAt(config.window, nowMs);
    if (window?.isOpen === false && open.state !== "transferred")
      return { state: "waiting", why: `its window opens ${new Date(window.opensMs).toISOString()}` };
    return { state: "pending", why: open.isCanceling ? "is told to leave it" : WORDS[open.state] };
  }
  const other = device.tasks.find(({ state }) => state !== "ended");
  if (other !== undefined) return { state: "pending", why: WORDS[other.state] };
  if (whyHeld !== "") return { state: "idle", why: whyHeld };
  const offer = offerOf(device, artifacts, nowMs, config);
  if (offer.kind === "none") return { state: offer.isDone ? "upToDate" : "idle", why: offer.why };
  const ended = whyNot(device, offer.target.targetSha256);
  if (ended?.ended === "success") return { state: "failed", why: "it ran its image, and now runs another" };
  if (ended !== undefined) return { state: "failed", why: ended.detail };
  if (isPaused) return { state: "waiting", why: "the ACS is paused" };
  const last = device.tasks.filter(isUpdate).at(-1);
  return { state: "idle", why: last?.detail || "it has had no session since there is something for it" };
}
