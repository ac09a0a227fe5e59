/** A link of a fibre, and what it does to frames that it is asked about one by one. */
import { createLink, EFFECT, type ImpairmentSpec, type Link, newFrameVerdict } from "../../pon/index.ts";

export const FRAME_BYTES = 53;
export const linkOf = (specs: readonly ImpairmentSpec[], seed = 1, name = "ont/A/down/broadcast"): Link =>
  createLink(seed, name, specs);

/** [frame, effect, delay on top of the constant one] of all frames that something happens to, asked one by one. */
export function oneByOne(link: Link, frames: number, spacingNs = 0): [number, number, number][] {
  const verdict = newFrameVerdict();
  const constantNs = link.constantDelayNs ?? 0;
  const found: [number, number, number][] = [];
  for (let frame = 0; frame < frames; frame++) {
    link.decide(frame * spacingNs, FRAME_BYTES, verdict);
    if (verdict.effect === EFFECT.none) continue;
    const lateNs = verdict.effect === EFFECT.lost ? 0 : verdict.delayNs - constantNs;
    found.push([frame, verdict.effect, lateNs]);
  }
  return found;
}
