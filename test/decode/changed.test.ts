/** Captures and logs with bytes changed, cut off and doubled are read or refused, never thrown over. */
import { expect, it } from "vitest";
import { PcapngWriter } from "../../pon/capture/index.ts";
import { readInput, traceOf } from "../../decode/index.ts";
import { fuzzInputs } from "../../study/fuzz/inputs.ts";
import { SAID } from "./written.ts";

it("3,000 changed inputs; `npm run fuzz -- --decode` reads 100,000", () => {
  const { problem, inputs, frames } = fuzzInputs(3000, 1);
  expect(problem).toBe(undefined);
  expect(inputs).toBe(3000);
  // Most of what is changed a little is still read.
  expect(frames).toBeGreaterThan(3000);
});

it("every bit of a pcapng flipped, one at a time", () => {
  const blocks: Uint8Array[] = [];
  const writer = new PcapngWriter((block) => blocks.push(block));
  for (const { hex, direction, ns } of SAID.slice(0, 3))
    writer.frame({ timeNs: ns, direction, onuId: 1, frame: Buffer.from(hex, "hex"), comment: "any" });
  const good = Buffer.concat(blocks);
  for (let bit = 0; bit < 8 * good.length; bit++) {
    const bytes = Buffer.from(good);
    bytes[bit >> 3] ^= 1 << (bit & 7);
    expect(() => traceOf(readInput(bytes).frames)).not.toThrow();
  }
});
