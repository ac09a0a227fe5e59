/** Whatever comes from the network, and whenever the power goes: the agent ends in a legal state, and none of its promises is broken. */
import { expect, it } from "vitest";
import fc from "fast-check";
import { createStream } from "../../../pon/index.ts";
import type { ModelAnswer } from "../../../ont/agent/virtual/depot-model.ts";
import { AgentBench, BLOCK_BYTES, second, type Spoil } from "./bench.ts";

const DAY = 86_400;
const FIFTY_YEARS = 50 * 365 * DAY;

const FAULTS = [
  "cut",
  "200 instead of 206",
  "416",
  "other etag",
  "truncated",
  "redirect",
  "endless",
  "silent",
  "garbage",
  "503",
  "wrong range",
] as const;
type Fault = (typeof FAULTS)[number];

function spoilt(fault: Fault, answer: ModelAnswer, share: number): ReturnType<Spoil> {
  const { body, headers } = answer;
  const part = Math.floor(body.length * share);
  switch (fault) {
    case "cut":
      return { ...answer, cutAt: part };
    case "200 instead of 206":
      return {
        ...answer,
        status: 200,
        headers: { ...headers, "content-range": undefined, "content-length": undefined },
      };
    case "416":
      return { status: 416, headers: { "content-range": "bytes */77" }, body: new Uint8Array(0) };
    case "other etag":
      return { ...answer, headers: { ...headers, etag: '"other"' } };
    case "truncated":
      return { ...answer, body: body.subarray(0, part) };
    case "redirect":
      return { status: 302, headers: { location: "https://evil.test/" }, body: new Uint8Array(0) };
    case "endless":
      return { ...answer, body: Buffer.concat([body, new Uint8Array(400_000)]) };
    case "silent":
      return undefined;
    case "garbage":
      return { ...answer, body: body.map((byte, index) => (index % 97 === 0 ? byte ^ 0x55 : byte)) };
    case "503":
      return { status: 503, headers: { "retry-after": "7" }, body: new Uint8Array(0) };
    case "wrong range":
      return { ...answer, headers: { ...headers, "content-range": "bytes 5-10/300000" } };
  }
}

const hit = fc.record({
  fault: fc.constantFrom(...FAULTS),
  share: fc.double({ min: 0, max: 0.99, noNaN: true }),
});
const doing = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("cut" as const), afterSteps: fc.integer({ min: 1, max: 80 }) }),
  },
  fc.record({ kind: fc.constant("pause" as const), afterSteps: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("resume" as const), afterSteps: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant("clock" as const),
    afterSteps: fc.integer({ min: 1, max: 40 }),
    bySeconds: fc.constantFrom(-FIFTY_YEARS, FIFTY_YEARS, 0),
  }),
  fc.record({ kind: fc.constant("close" as const), afterSteps: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("open" as const), afterSteps: fc.integer({ min: 1, max: 40 }) }),
);

it("keeps all its promises", () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.nat(),
        hits: fc.array(fc.option(hit, { freq: 3, nil: null }), { maxLength: 30 }),
        doings: fc.array(doing, { maxLength: 12 }),
        boots: fc.constantFrom("boots" as const, "boots" as const, "fails" as const),
        isWindowed: fc.boolean(),
      }),
      ({ seed, hits, doings, boots, isWindowed }) => {
        const day = { at: (wall: number) => dayWindow(wall) };
        const bench = new AgentBench({ chance: createStream(seed, "agent"), ...(isWindowed && { window: day }) });
        const { store, depot } = bench;
        store.boots = boots;
        let cuts = 0;
        let resends = 0;
        let hitIndex = 0;
        bench.spoil = (request, answer) => {
          const one = hits[hitIndex++];
          if (one === null || one === undefined) return answer;
          // Only the file is worth a byte flip: documents are under TLS.
          const fault = one.fault === "garbage" && !request.isBulk ? "truncated" : one.fault;
          if (request.isBulk) resends += 1;
          return spoilt(fault, answer, one.share);
        };
        store.onActivate = () => {
          const wall = bench.wallSeconds;
          expect(depot.window, "installed while the depot's window was closed").not.toBe("unavailable");
          if (isWindowed)
            expect(wall !== undefined && dayWindow(wall + bench.nowNs / second).isOpen, "outside its window").toBe(
              true,
            );
        };
        const check = (): void => {
          const succeeded = depot.deviceOf("ont-1").feedback.some(({ finished }) => finished === "success");
          if (succeeded) expect(store.commits > 0 && store.isCommitted && store.running.version === "V").toBe(true);
        };
        for (const one of doings) {
          for (let step = 0; step < one.afterSteps; step++) {
            bench.step(bench.nowNs + 3600 * second);
            check();
          }
          if (one.kind === "cut") {
            cuts += 1;
            bench.cut();
          } else if (one.kind === "clock") bench.setWall(1_790_000_000 + one.bySeconds + bench.nowNs / second);
          else if (one.kind === "close" || one.kind === "open") {
            // Whoever has been told that it is open has a minute for it.
            bench.run(61 * second);
            depot.window = one.kind === "close" ? "unavailable" : "available";
            if (one.kind === "close") store.onActivate = closedSince(store.onActivate, bench);
          } else bench.user(one.kind);
        }
        hits.length = 0;
        depot.window = "available";
        store.onActivate = () => undefined;
        bench.setWall(1_790_000_000 + bench.nowNs / second);
        bench.user("resume");
        bench.until(() => depot.deviceOf("ont-1").isClosed, 12 * DAY * second);
        check();
        expect(depot.deviceOf("ont-1").isClosed, `${bench.agent.snapshot().state}: ${bench.cause}`).toBe(true);
        bench.run(3600 * second);
        expect(bench.agent.snapshot()).toMatchObject({ state: "idle", action: "" });
        expect(store.isCommitted).toBe(true);
        // Each cut costs a block; a server that does not keep to ranges costs what it sends again.
        if (resends === 0)
          expect(bench.bulkBytes).toBeLessThanOrEqual(bench.image.length + cuts * (BLOCK_BYTES + 16 * 1024));
      },
    ),
    { numRuns: 25 },
  );
});

/** A depot that closes its window right after it said "open" cannot know of an install that has begun: that one is let through. */
function closedSince(inner: () => void, bench: AgentBench): () => void {
  const sinceNs = bench.nowNs;
  return () => (bench.nowNs > sinceNs + 61 * second ? inner() : undefined);
}

/** From 02:00 to 05:00 UTC. */
function dayWindow(wallSeconds: number): { isOpen: boolean; changesInSeconds: number } {
  const second0 = ((wallSeconds % DAY) + DAY) % DAY;
  const [from, to] = [2 * 3600, 5 * 3600];
  if (second0 >= from && second0 < to) return { isOpen: true, changesInSeconds: to - second0 };
  return { isOpen: false, changesInSeconds: (second0 < from ? from : from + DAY) - second0 };
}
