/** The ratios that bench:throughput prints. */
import { describe, expect, it } from "vitest";
import { ratiosOf, receiverMilliseconds } from "../../bench/throughput-ratios.ts";
import type { Sample } from "../../bench/tools/tool.ts";

const sample = (windowsSeconds: number | null, seconds: number, receiversCpuSeconds = 0): Sample => ({
  windowsSeconds,
  seconds,
  senderCpuSeconds: 0,
  receiversCpuSeconds,
  receiverMegabytes: 0,
  multicastDatagrams: 0,
  datagrams: 0,
  failed: 0,
});
const cell = (name: string, ...samples: Sample[]) => ({ name, receivers: 8, samples });

describe("ratios of ways", () => {
  it("are those of the medians of one run", () => {
    const cells = [
      cell("poncast", sample(2, 3), sample(4, 5), sample(90, 90)),
      cell("poncast, 1 % loss", sample(6, 7)),
      cell("uftp 8800", sample(null, 2)),
    ];
    expect(ratiosOf(cells).map(({ what, ratio }) => `${what}: ${ratio}`)).toEqual([
      "poncast to uftp 8800, to the last window: 2",
      "poncast to uftp 8800, to the last receiver: 2.5",
      "poncast, 1 % loss to poncast, to the last window: 1.5",
    ]);
  });

  it("leave out what did not run, or came to no end", () => {
    expect(ratiosOf([cell("poncast", sample(2, 3)), cell("uftp 8800")])).toEqual([]);
  });

  it("stand beside the processor time of a receiver", () => {
    expect(receiverMilliseconds(cell("poncast", sample(1, 1, 0.8)))).toBe(100);
  });
});
