/** A campaign and its devices in words for people: each says what it waits for. */
import { type OpeningHours, timeText } from "./hours.ts";
import type { CampaignLedger } from "./ledger.ts";
import type { RoadChoice } from "./road-choice.ts";
import type { CampaignDeviceStatus, CampaignEntry, CampaignPlan, CampaignStatus, DeviceStanding } from "./types.ts";
import { percent, wavePlanOf } from "./waves.ts";

export function statusOf(ledger: CampaignLedger, hours: OpeningHours): CampaignStatus {
  const counts: Record<DeviceStanding, number> = {
    pending: 0,
    waiting: 0,
    running: 0,
    stopping: 0,
    done: 0,
    failed: 0,
    removed: 0,
  };
  for (const entry of ledger.entries()) if (ledger.isMember(entry)) counts[entry.standing] += 1;
  const { waves, haltedWhy } = ledger;
  return { ...stateOf(ledger, hours), haltedWhy, counts, waves: waves.map((wave) => ({ ...wave })) };
}

export function stateOf(
  { end, pausedWhy, haltedWhy, awaitsNext, openWave }: CampaignLedger,
  { isOpen, opensMs, rule }: OpeningHours,
): Pick<CampaignStatus, "state" | "why"> {
  if (end !== undefined) return { state: end.as, why: end.why };
  if (pausedWhy !== "") return { state: "paused", why: pausedWhy };
  if (haltedWhy !== "") return { state: "halted", why: haltedWhy };
  if (!isOpen) {
    const why = opensMs === Infinity ? "no window comes before it ends" : `window ${rule} opens ${timeText(opensMs)}`;
    return { state: "waitsForWindow", why };
  }
  if (awaitsNext && openWave === undefined) return { state: "waitsForNext", why: "the next wave is begun by hand" };
  return { state: "running", why: openWave === undefined ? "" : `wave ${openWave.wave + 1}` };
}

/** @param choose asked where the device would be started if it could */
export function deviceStatusOf(
  ledger: CampaignLedger,
  plan: CampaignPlan,
  entry: CampaignEntry,
  choose: () => RoadChoice,
  isOnline: boolean,
): CampaignDeviceStatus {
  const { device, standing, road, attempt } = entry;
  return { serial: device.serial, standing, road, attempt, why: whyOf(ledger, plan, entry, choose, isOnline) };
}

function whyOf(
  ledger: CampaignLedger,
  plan: CampaignPlan,
  entry: CampaignEntry,
  choose: () => RoadChoice,
  isOnline: boolean,
): string {
  const { standing, road, startedMs, stopCause, cause } = entry;
  switch (standing) {
    case "running":
      return `under way by ${road} since ${timeText(startedMs)}`;
    case "stopping":
      return `is being stopped: ${stopCause}`;
    case "done":
    case "failed":
    case "removed":
      return cause;
    case "pending":
    case "waiting": {
      if (!ledger.isMember(entry)) return "the campaign is not for it";
      const { end, pausedWhy, haltedWhy } = ledger;
      if (end !== undefined) {
        const more = isOnline ? cause : "it is offline";
        return `nothing more: the campaign is ${end.as}${more === "" ? "" : ` (${more})`}`;
      }
      const choice = choose();
      if (choice.kind === "waits" && choice.for !== "room") return choice.why;
      if (pausedWhy !== "") return `waits: the campaign is paused (${pausedWhy})`;
      if (haltedWhy !== "") return `waits: the campaign has stopped by itself (${haltedWhy})`;
      if (standing === "pending") return `waits: ${waveText(ledger, plan)}`;
      return choice.kind === "waits" ? choice.why : "waits: its turn is next";
    }
  }
}

function waveText({ openWave, awaitsNext }: CampaignLedger, plan: CampaignPlan): string {
  if (openWave === undefined) return awaitsNext ? "the next wave is begun by hand" : "the next wave is about to begin";
  const { wave, size, succeeded } = openWave;
  const share = wavePlanOf(plan, wave).successShare;
  return `its wave begins when ${percent(share)} of wave ${wave + 1} have succeeded (${succeeded} of ${size} so far)`;
}
