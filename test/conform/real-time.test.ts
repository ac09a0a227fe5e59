/** Patience with a real target: what this process missed of its own turn is no silence of the ONT's. */
import { expect, it } from "vitest";
import { RealTimeTransport } from "../../conform/targets/real-time.ts";

const MS = 1e6;

class Nobody extends RealTimeTransport {
  readonly name = "nobody";
  send(): void {}
  close(): void {}
}

/** This process does nothing else. */
const stall = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

it("a stall of this process is counted, and a wait returns after it", async () => {
  const transport = new Nobody({ timeScale: 1, sectionGapNs: 0 });
  const fromNs = transport.nowNs();
  const waited = transport.wait(fromNs + 10_000 * MS);
  stall(400);
  await waited;
  // It was to come to its turn after 25 ms.
  expect(transport.stalledNs).toBeGreaterThanOrEqual(370 * MS);
  expect(transport.nowNs() - fromNs - transport.stalledNs).toBeLessThan(10_000 * MS);
});

it("a wait that nothing disturbs lasts until its deadline", async () => {
  const transport = new Nobody({ timeScale: 1, sectionGapNs: 0 });
  const deadlineNs = transport.nowNs() + 250 * MS;
  while (transport.nowNs() < deadlineNs + transport.stalledNs) await transport.wait(deadlineNs + transport.stalledNs);
  expect(transport.nowNs()).toBeGreaterThanOrEqual(deadlineNs);
});
