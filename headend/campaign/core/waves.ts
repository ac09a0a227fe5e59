/** Who makes up a wave, and what has become of one. */
import type { CampaignEntry, CampaignPlan, WavePlan, WaveState } from "./types.ts";

/** The last one again and again. */
export const wavePlanOf = ({ waves }: Pick<CampaignPlan, "waves">, wave: number): WavePlan =>
  waves[Math.min(wave, waves.length - 1)];

/** What a wave has come to. `empty`: nobody of it is left, so that it tells nothing. */
export type WaveVerdict = { kind: "open" | "empty" } | { kind: "passed" | "halted"; why: string };

export function verdictOn({ wave, size, succeeded, failed }: WaveState, plan: WavePlan): WaveVerdict {
  if (size === 0) return { kind: "empty" };
  if (failed > plan.failureShare * size)
    return {
      kind: "halted",
      why: `wave ${wave + 1}: ${failed} of ${size} failed, more than ${percent(plan.failureShare)} allowed`,
    };
  const told = `${succeeded} of ${size} succeeded`;
  const needed = Math.ceil(plan.successShare * size);
  if (succeeded === size || (succeeded >= needed && plan.successShare < 1)) return { kind: "passed", why: told };
  // All have ended: errors alone decide.
  if (succeeded + failed === size) return { kind: "passed", why: `${told}, ${failed} failed` };
  return { kind: "open" };
}

export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

/**
 * The next `devices` (0: all), taken in turn from each product, hardware and version, so that the first wave is told by all
 * kinds of device. The result does not depend on how many there are of each.
 */
export function chooseWave(ready: readonly CampaignEntry[], devices: number): CampaignEntry[] {
  if (devices === 0 || ready.length <= devices) return [...ready];
  const kinds = new Map<string, CampaignEntry[]>();
  for (const entry of ready) {
    const { product, hardware, version } = entry.device;
    const kind = JSON.stringify([product, hardware, version]);
    const others = kinds.get(kind);
    if (others === undefined) kinds.set(kind, [entry]);
    else others.push(entry);
  }
  const chosen: CampaignEntry[] = [];
  for (let turn = 0; ; turn++)
    for (const entries of kinds.values()) {
      if (chosen.length === devices) return chosen;
      if (turn < entries.length) chosen.push(entries[turn]);
    }
}
