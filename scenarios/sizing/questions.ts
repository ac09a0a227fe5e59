import type { SizingInput } from "./input.ts";
import { type Sizing, sizeOf } from "./model.ts";

const ONTS_MAX = 128;
const WINDOWS = [1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 160, 192, 208, 224, 240, 256] as const;
const BISECTIONS = 40;
const RATE_MIN_BYTES_PER_SECOND = 100;

/** Least rate of one port with which the download takes at most so long; null when the line itself is too slow. */
export function rateWithin(input: SizingInput, seconds: number): number | null {
  const at = (rateBytesPerSecond: number): number => sizeOf({ ...input, rateBytesPerSecond }).seconds;
  if (at(input.lineBytesPerSecond) > seconds) return null;
  let [low, high] = [RATE_MIN_BYTES_PER_SECOND, input.lineBytesPerSecond];
  for (let turn = 0; turn < BISECTIONS; turn++) {
    const middle = Math.sqrt(low * high);
    if (at(middle) > seconds) low = middle;
    else high = middle;
  }
  return high;
}

/** Most ONTs of one port that are done in so long; 0 when not even one is. */
export function ontsWithin(input: SizingInput, seconds: number): number {
  for (let onts = ONTS_MAX; onts > 0; onts--) if (sizeOf({ ...input, onts }).seconds <= seconds) return onts;
  return 0;
}

/** The window with the shortest download; of equal ones that with the fewest bytes. */
export function bestWindow(input: SizingInput): { windowSections: number; sizing: Sizing } {
  const tried = WINDOWS.map((windowSections) => ({ windowSections, sizing: sizeOf({ ...input, windowSections }) }));
  return tried.reduce((best, next) => {
    const faster = next.sizing.seconds - best.sizing.seconds;
    const lighter = next.sizing.downstreamBytes < best.sizing.downstreamBytes;
    return faster < -1e-9 || (Math.abs(faster) <= 1e-9 && lighter) ? next : best;
  });
}

export interface Strategy {
  name: string;
  mode: SizingInput["mode"];
  recovery: SizingInput["recovery"];
}

export const strategies: readonly Strategy[] = [
  { name: "parity", mode: "multicast", recovery: "parity" },
  { name: "selective", mode: "multicast", recovery: "selective" },
  { name: "window", mode: "multicast", recovery: "window" },
  { name: "unicast repair", mode: "multicast", recovery: "unicast" },
  { name: "unicast mode", mode: "unicast", recovery: "window" },
];
