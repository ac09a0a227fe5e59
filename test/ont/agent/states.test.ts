/** The way of an update from its poll to Commit, and what leaves it: pauses, windows, cancels, faults of the store, falls back. */
import { describe, expect, it } from "vitest";
import type { AgentState } from "../../../ont/agent/index.ts";
import { AgentBench, second } from "./bench.ts";

const HOUR = 3600;
const isTold = (bench: AgentBench): boolean => bench.depot.deviceOf("ont-1").isClosed;
const details = (bench: AgentBench): readonly string[] | undefined =>
  bench.depot.deviceOf("ont-1").feedback.at(-1)?.details;

it("goes from the poll to Commit, and tells success only then", () => {
  const bench = new AgentBench();
  let toldAtCommit = "";
  bench.store.onCommit = () => (toldAtCommit = bench.told);
  expect(bench.until(() => bench.told === "closed/success")).toBe(true);
  expect(bench.states).toEqual([
    "checking",
    "downloading",
    "verifying",
    "waiting",
    "applying",
    "rebooting",
    "confirming",
    "committed",
  ]);
  expect(toldAtCommit).toBe("downloaded/none");
  expect(bench.bulkBytes).toBe(bench.image.length);
  bench.run(HOUR * second);
  expect(bench.agent.snapshot()).toMatchObject({ state: "idle", action: "" });
});

/** What happens in a state, the state after it, and how the action ends. */
const TABLE: [AgentState, string, (bench: AgentBench) => void, AgentState, string][] = [
  ["downloading", "the user pauses", (bench) => bench.user("pause"), "paused", ""],
  ["downloading", "the depot says skip", (bench) => void (bench.depot.download = "skip"), "paused", ""],
  ["downloading", "the depot cancels", (bench) => void (bench.depot.isCancelled = true), "idle", "cancelled"],
  ["waiting", "the depot cancels", (bench) => void (bench.depot.isCancelled = true), "idle", "cancelled"],
  ["downloading", "the power goes", (bench) => bench.cut(), "committed", "committed"],
  ["waiting", "the power goes", cutAndOpen, "committed", "committed"],
  ["rebooting", "the power goes", (bench) => bench.cut(), "committed", "committed"],
  ["confirming", "the power goes, which ends the trial", (bench) => bench.cut(), "committed", "committed"],
  ["committed", "the power goes", (bench) => bench.cut(), "committed", "committed"],
  [
    "rebooting",
    "the image does not boot",
    (bench) => void (bench.store.boots = "fails"),
    "rolledBack",
    "rolledBack: the image did not boot",
  ],
  ["downloading", "the battery is low", (bench) => void (bench.store.busy = "battery"), "waiting", ""],
];

function cutAndOpen(bench: AgentBench): void {
  bench.depot.window = "available";
  bench.cut();
}

it.each(TABLE)("%s: %s", (state, _what, act, then, told) => {
  const bench = new AgentBench({ rateBytesPerSecond: 20_000 });
  bench.depot.sleepSeconds = 2;
  if (state === "waiting") bench.depot.window = "unavailable";
  expect(bench.untilState(state)).toBe(true);
  act(bench);
  expect(bench.untilState(then), `${bench.agent.snapshot().state} ${bench.cause}`).toBe(true);
  if (told === "") return;
  expect(bench.until(() => isTold(bench))).toBe(true);
  expect(details(bench)).toEqual([told]);
});

describe("a pause", () => {
  it("keeps what is there, and goes on with the rest", () => {
    const bench = new AgentBench({ rateBytesPerSecond: 20_000 });
    bench.until(() => bench.agent.snapshot().heldBytes > 100_000);
    bench.user("pause");
    const before = bench.bulkBytes;
    bench.run(HOUR * second);
    expect([bench.bulkBytes, bench.agent.snapshot().state]).toEqual([before, "paused"]);
    bench.user("resume");
    expect(bench.until(() => isTold(bench))).toBe(true);
    expect(bench.bulkBytes).toBe(bench.image.length);
  });
});

describe("a file", () => {
  it("that is another one by now is begun anew, from its header", () => {
    const bench = new AgentBench({ rateBytesPerSecond: 50_000 });
    let isOther = false;
    bench.spoil = (request, answer) => {
      if (!request.isBulk || !isOther) return answer;
      return { ...answer, headers: { ...answer.headers, etag: '"another"' } };
    };
    bench.until(() => bench.agent.snapshot().heldBytes > 100_000);
    isOther = true;
    bench.waiting = [];
    bench.user("pause");
    bench.user("resume");
    expect(bench.until(() => isTold(bench))).toBe(true);
    const ranges = bench.requests.filter(({ isBulk }) => isBulk).map(({ headers }) => headers.range);
    expect(ranges).toEqual(["bytes=0-8191", "bytes=8192-", expect.any(String), "bytes=0-8191", "bytes=8192-"]);
    expect(bench.requests.findLast(({ isBulk }) => isBulk)?.headers["if-range"]).toBe('"another"');
  });

  it("that is all there is not asked for again", () => {
    const bench = new AgentBench({ rateBytesPerSecond: 50_000 });
    bench.spoil = (request, answer) => (request.isBulk ? { ...answer, cutAt: 150_000 } : answer);
    expect(bench.until(() => isTold(bench))).toBe(true);
    expect([bench.told, bench.bulkBytes]).toEqual(["closed/success", bench.image.length]);
  });
});

describe("a window", () => {
  it("that the depot keeps shut lets the image be fetched, and not installed", () => {
    const bench = new AgentBench();
    bench.depot.update = "skip";
    bench.depot.window = "unavailable";
    expect(bench.untilState("waiting")).toBe(true);
    bench.run(24 * HOUR * second);
    expect([bench.store.activations, bench.cause]).toEqual([0, "depot"]);
    bench.depot.update = "forced";
    bench.depot.window = "available";
    expect(bench.until(() => isTold(bench), HOUR * second)).toBe(true);
    expect(bench.told).toBe("closed/success");
  });

  it("of its own is waited for, and is shut where nobody knows the time", () => {
    const opensAtSeconds = 1_790_050_000;
    const window = {
      at: (wall: number) => ({
        isOpen: wall >= opensAtSeconds,
        changesInSeconds: wall >= opensAtSeconds ? 1e9 : opensAtSeconds - wall,
      }),
    };
    const bench = new AgentBench({ window });
    bench.setWall(undefined);
    expect(bench.untilState("waiting")).toBe(true);
    bench.run(HOUR * second);
    expect(bench.store.activations).toBe(0);
    bench.setWall(opensAtSeconds - 600);
    const fromNs = bench.nowNs;
    expect(bench.until(() => bench.store.activations === 1)).toBe(true);
    expect((bench.nowNs - fromNs) / second).toBeGreaterThan(600);
    expect((bench.nowNs - fromNs) / second).toBeLessThan(660);
  });
});

describe("what waits has an end", () => {
  it("of a new image that never reaches the depot: the old one comes back, and the depot is told why", () => {
    const bench = new AgentBench();
    bench.until(() => bench.store.activations === 1);
    bench.spoil = () => undefined;
    expect(bench.until(() => bench.store.restart === "rollBack", HOUR * second)).toBe(true);
    bench.spoil = (_request, answer) => answer;
    expect(bench.until(() => isTold(bench))).toBe(true);
    expect(details(bench)).toEqual(["rolledBack: not confirmed in time"]);
    bench.run(60 * second);
    expect(bench.store.running.version).toBe("OLD");
  });

  it("of a store that is busy for a month", () => {
    const bench = new AgentBench({ rateBytesPerSecond: 50_000 });
    bench.untilState("downloading");
    bench.store.busy = "battery";
    expect(bench.until(() => isTold(bench), 40 * 24 * HOUR * second)).toBe(true);
    expect(details(bench)).toEqual([expect.stringMatching(/^failed: no window in time/)]);
  });
});

describe("polls", () => {
  it("come within half and one and a half of the depot's pause", () => {
    const bench = new AgentBench();
    bench.depot.isOffered = false;
    bench.run(2 * HOUR * second);
    const times: number[] = [];
    bench.spoil = (_request, answer) => {
      times.push(bench.nowNs / second);
      return answer;
    };
    bench.run(24 * HOUR * second);
    const gaps = times.slice(1).map((time, index) => time - times[index]);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(150);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(451);
  });

  it("keep to Retry-After, and back off otherwise", () => {
    const bench = new AgentBench();
    bench.spoil = () => ({ status: 503, headers: { "retry-after": "3000" }, body: new Uint8Array(0) });
    bench.until(() => bench.requests.length === 1);
    const fromNs = bench.nowNs;
    bench.until(() => bench.requests.length === 2);
    expect((bench.nowNs - fromNs) / second).toBeGreaterThanOrEqual(3000);
    bench.spoil = () => undefined;
    const requests = bench.requests.length;
    bench.run(24 * HOUR * second);
    // At most ten minutes, five on the average, and half a minute for each answer that does not come.
    expect(bench.requests.length - requests).toBeLessThan((24 * HOUR) / 200);
    expect(bench.requests.length - requests).toBeGreaterThan((24 * HOUR) / 640);
  });
});
