/** npm run bench:engines: what it costs to carry a run over Redis and back, the run itself left out. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSweep, runsOf } from "../study/sweep/index.ts";
import { BullMqEngine, BullMqSource, parseRedisAddress } from "../study/sweep/engines/bullmq/index.ts";
import { idsOf } from "../study/sweep/engines/ids.ts";
import { hasRedis, TestRedis } from "../test/study/sweep/engines/redis.ts";
import { argument, environment, environmentText, keep, say, type Summary, summarize, table } from "./harness.ts";

const rounds = Number(argument("rounds", "5"));
const seeds = Number(argument("seeds", "125"));
/** Runs at the same time. */
const IN_FLIGHT = [1, 16];

interface Point {
  inFlight: number;
  runs: number;
  /** Milliseconds for each run: from the first taken to the last told of, and the worker's processor time in it. */
  clockMs: Summary;
  processorMs: Summary;
  /** From the plan to all of them queued. */
  submitMs: Summary;
  /** What Redis needs for each, octets. */
  redisBytes: Summary;
}

if (!hasRedis) throw new Error("redis-server is not installed");
const where = environment();
const folder = mkdtempSync(join(tmpdir(), "poncast-bench-"));
const redis = await TestRedis.start();
const points: Point[] = [];
try {
  for (const inFlight of IN_FLIGHT) points.push(await pointOf(inFlight));
} finally {
  await redis.end();
  rmSync(folder, { recursive: true, force: true });
}
const shown = ({ median, min, max }: Summary): string =>
  `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
const head = [
  "in flight",
  "runs",
  "clock, ms a run",
  "processor of the worker, ms",
  "queued, ms a run",
  "Redis, octets a run",
];
const rows = points.map(({ inFlight, runs, clockMs, processorMs, submitMs, redisBytes }) => [
  String(inFlight),
  String(runs),
  ...[clockMs, processorMs, submitMs].map(shown),
  redisBytes.median.toFixed(0),
]);
say(
  `${environmentText(where)}\n\nRuns that do nothing, carried by BullMQ; medians of ${rounds} rounds:\n\n${table(head, rows)}`,
);
process.stdout.write(`\n${keep("engines", where, { rounds, points })}\n`);

async function pointOf(inFlight: number): Promise<Point> {
  const samples = {
    clockMs: [] as number[],
    processorMs: [] as number[],
    submitMs: [] as number[],
    redisBytes: [] as number[],
  };
  const sweep = loadSweep("scenarios/sweeps/recovery.yaml", (name) => `scenarios/${name}.yaml`, seeds);
  const plan = { ...sweep, version: "bench" };
  const ids = idsOf(plan, runsOf(plan));
  const address = parseRedisAddress(redis.address);
  for (let round = 0; round < rounds; round++) {
    const engine = await BullMqEngine.open(folder, plan, address);
    const before = await redis.usedBytes();
    const plannedMs = performance.now();
    await engine.submit(await engine.plan(ids));
    samples.submitMs.push((performance.now() - plannedMs) / ids.length);
    samples.redisBytes.push(((await redis.usedBytes()) - before) / ids.length);
    const source = await BullMqSource.open(plan, address, { tell: () => undefined });
    let [firstMs, lastMs] = [0, 0];
    const processor = process.cpuUsage();
    const work = (): Promise<void> => {
      lastMs = performance.now();
      firstMs ||= lastMs;
      return Promise.resolve();
    };
    await source.each(inFlight, work, new AbortController().signal);
    const { user, system } = process.cpuUsage(processor);
    samples.clockMs.push((lastMs - firstMs) / ids.length);
    samples.processorMs.push((user + system) / 1000 / ids.length);
    await engine.close(true);
  }
  const { clockMs, processorMs, submitMs, redisBytes } = samples;
  return {
    inFlight,
    runs: ids.length,
    clockMs: summarize(clockMs),
    processorMs: summarize(processorMs),
    submitMs: summarize(submitMs),
    redisBytes: summarize(redisBytes),
  };
}
