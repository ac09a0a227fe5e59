/** When a campaign may touch devices: all its windows as one, and until when at the longest. */
import { type MaintenanceWindow, windowAt } from "../../../base/maintenance/index.ts";

/** Windows that follow one another without a gap are one; more of these than anybody writes. */
const ADJOINING_MAX = 64;

export interface OpeningHours {
  isOpen: boolean;
  /** When it opens, or opened. -Infinity: always; Infinity: never again. */
  opensMs: number;
  /** Of that opening. */
  closesMs: number;
  /** Of the window that opens then, or is open; empty: there is none. */
  rule: string;
}

export class CampaignHours {
  readonly #windows: readonly MaintenanceWindow[];
  readonly #endsMs: number;
  #known: (OpeningHours & { fromMs: number; untilMs: number }) | undefined;

  constructor(windows: readonly MaintenanceWindow[], endsMs: number) {
    this.#windows = windows;
    this.#endsMs = endsMs;
  }

  at(nowMs: number): OpeningHours {
    const known = this.#known;
    // Asked at every event: it is what it was until it opens or closes.
    if (known !== undefined && known.fromMs <= nowMs && nowMs < known.untilMs) return known;
    const hours = this.#find(nowMs);
    this.#known = { ...hours, fromMs: nowMs, untilMs: hours.isOpen ? hours.closesMs : hours.opensMs };
    return this.#known;
  }

  #find(nowMs: number): OpeningHours {
    const endsMs = this.#endsMs;
    const never = { isOpen: false, opensMs: Infinity, closesMs: Infinity, rule: "" };
    if (nowMs >= endsMs) return never;
    if (this.#windows.length === 0) return { isOpen: true, opensMs: -Infinity, closesMs: endsMs, rule: "" };
    const next = this.#windows
      .map((window) => ({ rule: window.rule, ...windowAt(window, nowMs) }))
      .reduce((one, other) => (other.opensMs < one.opensMs ? other : one));
    if (next.opensMs >= endsMs) return never;
    return { ...next, closesMs: Math.min(endsMs, this.#closingOf(next.closesMs)) };
  }

  /** Another window may be open when one closes. */
  #closingOf(closesMs: number): number {
    let atMs = closesMs;
    for (let looked = 0; looked < ADJOINING_MAX; looked++) {
      const last = atMs;
      for (const window of this.#windows) {
        const state = windowAt(window, last);
        if (state.isOpen) atMs = Math.max(atMs, state.closesMs);
      }
      if (atMs === last) return atMs;
    }
    return atMs;
  }
}

/** When windows have closed so often; Infinity where there are none. */
export function closingAfter(windows: readonly MaintenanceWindow[], fromMs: number, times: number): number {
  const hours = new CampaignHours(windows, Infinity);
  let atMs = fromMs;
  for (let closed = 0; closed < times; closed++) atMs = hours.at(atMs).closesMs;
  return atMs;
}

/** As people read it, in UTC, to the minute. */
export const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;
