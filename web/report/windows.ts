/** What each window of an image cost, counted from the OLT's events in bounded space. */
import type { OltEvent } from "../../olt/core/types.ts";
import type { WindowBars } from "./types.ts";

/** Bars of the chart at most. */
const BARS_MAX = 256;

/** Adds up what each window of the image cost, over all ONTs and ports; in a bounded number of bars. */
export class WindowCosts {
  readonly #bars: WindowBars = { windowsPerBar: 1, repeated: [], parity: [], ahead: [] };

  handleOlt(event: OltEvent): void {
    if (event.type === "windowSent") this.#bars.ahead[this.#barOf(event.window)] += event.paritySections;
    if (event.type !== "repair") return;
    const bar = this.#barOf(event.window);
    this.#bars.repeated[bar] += event.sections;
    this.#bars.parity[bar] += event.paritySections;
  }

  bars(): WindowBars {
    return this.#bars;
  }

  #barOf(window: number): number {
    const bars = this.#bars;
    while (Math.floor(window / bars.windowsPerBar) >= BARS_MAX) {
      bars.windowsPerBar *= 2;
      for (const values of [bars.repeated, bars.parity, bars.ahead]) mergePairs(values);
    }
    const bar = Math.floor(window / bars.windowsPerBar);
    for (const values of [bars.repeated, bars.parity, bars.ahead]) while (values.length <= bar) values.push(0);
    return bar;
  }
}

function mergePairs(values: number[]): void {
  const pairs = Math.ceil(values.length / 2);
  for (let pair = 0; pair < pairs; pair++) values[pair] = values[2 * pair] + (values[2 * pair + 1] ?? 0);
  values.length = pairs;
}
