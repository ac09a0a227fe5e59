/** What bench:throughput says of its ways beside one another: ratios within one run tell more than times. */
import type { Sample } from "./tools/tool.ts";
import { summarize } from "./harness.ts";

/** All runs of one way to so many receivers, as far as ratios look at them. */
export interface Measured {
  name: string;
  receivers: number;
  samples: readonly Sample[];
}

export interface Ratio {
  receivers: number;
  what: string;
  ratio: number;
}

type Time = "windowsSeconds" | "seconds";

const TIMES: Record<Time, string> = { windowsSeconds: "to the last window", seconds: "to the last receiver" };

/** A way, the time that counts, and the way and time it is compared with. */
const COMPARED: readonly [string, Time, string, Time][] = [
  ["poncast", "windowsSeconds", "uftp 8800", "seconds"],
  ["poncast", "seconds", "uftp 8800", "seconds"],
  ["poncast, 8 in a process", "seconds", "uftp 8800", "seconds"],
  ["poncast 1472", "windowsSeconds", "uftp 1300", "seconds"],
  ["poncast, 1 % loss", "windowsSeconds", "poncast", "windowsSeconds"],
  ["poncast, 5 % loss", "windowsSeconds", "poncast", "windowsSeconds"],
];

const median = ({ samples }: Measured, time: Time): number =>
  summarize(samples.map((sample) => sample[time] ?? NaN)).median;

/** Of medians; ways that were not run are left out. */
export function ratiosOf(cells: readonly Measured[]): Ratio[] {
  const find = (name: string): Measured | undefined =>
    cells.find((cell) => cell.name === name && cell.samples.length > 0);
  return COMPARED.flatMap(([name, time, otherName, otherTime]) => {
    const [ours, theirs] = [find(name), find(otherName)];
    if (!ours || !theirs) return [];
    const { receivers } = ours;
    const what = `${name} to ${otherName}, ${TIMES[time]}`;
    return [{ receivers, what, ratio: median(ours, time) / median(theirs, otherTime) }];
  });
}

/** Processor time of one receiver for the image, its start included; milliseconds. */
export const receiverMilliseconds = ({ receivers, samples }: Measured): number =>
  (summarize(samples.map(({ receiversCpuSeconds }) => receiversCpuSeconds)).median * 1000) / receivers;
