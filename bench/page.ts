/**
 * What the live page costs: the time of a frame with 2,048 cells of which all change ten times a second, its server's share of a
 * core, first paint and bytes; a virtual run with ten readers beside one without;
 * and how soon a command has its effect. `tsx bench/page.ts`, after a build.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { runVirtual } from "../run/virtual/index.ts";
import { parseScenario } from "../scenarios/index.ts";
import { commandTimes } from "./page-commands.ts";
import { factsOf, LiveRun, serveDashboard } from "../web/dashboard/index.ts";

const SECONDS = 10;
const TICK_MS = 100;
const READERS = 10;
const ROUNDS = 9;
const SPENT = ["TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];

const big = parseScenario("name: big\nonts: 128\npons: 16\nimage: { bytes: 8388608 }", "big.yaml");
const middle = parseScenario(
  "name: middle\nonts: 128\nimage: { bytes: 8388608 }\nimpairments: [{ kind: loss, chance: 0.01 }]",
  "m.yaml",
);
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function frames(): Promise<void> {
  const server = await serveDashboard({ host: "127.0.0.1", port: 0 });
  const live = new LiveRun(big.name, factsOf(big, "virtual"));
  server.attach(live);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(server.url);
  await page.locator(".cell-frame").waitFor();
  // As text: this file knows no browser.
  const paint = await page.evaluate<string[]>(
    'performance.getEntriesByType("paint").map(({ name, startTime }) => `${name} ${startTime.toFixed(0)} ms`)',
  );
  const bytes = await page.evaluate<number>(
    'performance.getEntriesByType("resource").reduce((sum, { transferSize }) => sum + transferSize, 0)',
  );
  say(`${paint.join(", ")}; script and style ${bytes} bytes as sent`);
  await page.evaluate(`globalThis.took = [];
    const canvas = document.querySelector(".cell-frame canvas");
    new MutationObserver(() => took.push(Number(canvas.dataset.ms))).observe(canvas, { attributeFilter: ["data-ms"] });`);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const spent = async (): Promise<number[]> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return SPENT.map((wanted) => metrics.find(({ name }) => name === wanted)!.value);
  };
  const [began, cpu, tasks] = [performance.now(), process.cpuUsage(), await spent()];
  let tick = 0;
  const states = ["downloading", "verifying", "idle"] as const;
  let makingMs = 0;
  while (performance.now() - began < SECONDS * 1000) {
    tick++;
    const from = performance.now();
    for (let ont = 0; ont < 2048; ont++) {
      const state = states[(tick + ont) % states.length];
      live.model.record({ timeNs: tick * 1e8, from: "ont", ont, event: { type: "state", state } });
    }
    makingMs += performance.now() - from;
    await new Promise((done) => setTimeout(done, TICK_MS));
  }
  const { user, system } = process.cpuUsage(cpu);
  const passedMs = performance.now() - began;
  const took = await page.evaluate<number[]>("took");
  say(`cells: ${took.length} draws, median ${median(took).toFixed(1)} ms, most ${Math.max(...took).toFixed(1)} ms`);
  const now = await spent();
  const each = SPENT.map(
    (name, at) => `${name} ${(((now[at] - tasks[at]) * 1000) / Math.max(1, took.length)).toFixed(1)} ms`,
  );
  say(`page, main thread, for each update: ${each.join(", ")}`);
  say(
    `server: ${(((user + system) / 1000 / passedMs) * 100).toFixed(1)} % of a core, of which ${((makingMs / passedMs) * 100).toFixed(1)} % take the records`,
  );
  await browser.close();
  await server.close();
}

/** Reads streams, in a process of its own. */
const READER = `
const [, url, token, count] = process.argv;
let open = 0;
for (let at = 0; at < count; at++)
  require("node:http").get(url, { headers: { authorization: "Bearer " + token } }, (response) => {
    response.resume();
    if (++open === Number(count)) console.log("open");
  }).on("error", () => undefined);
`;

/** Processor time of a virtual run, seconds. */
async function run(readers: number, folder: string): Promise<number> {
  const server = readers < 0 ? undefined : await serveDashboard({ host: "127.0.0.1", port: 0 });
  const live = new LiveRun(middle.name, factsOf(middle, "virtual"));
  server?.attach(live);
  const pages =
    readers > 0
      ? spawn(process.execPath, ["-e", READER, `http://${server!.address}/events`, server!.token, String(readers)])
      : undefined;
  if (pages !== undefined) await once(pages.stdout, "data");
  const cpu = process.cpuUsage();
  await runVirtual(middle, {
    out: folder,
    onView: () => undefined,
    ...(server && { sinks: [live.sink], onView: live.onView }),
  });
  const { user, system } = process.cpuUsage(cpu);
  pages?.kill();
  await server?.close();
  return (user + system) / 1e6;
}

async function readers(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "poncast-bench-page-"));
  const seconds: number[][] = [[], [], []];
  for (let round = 0; round <= ROUNDS; round++)
    for (const [at, count] of [-1, 0, READERS].entries()) {
      const took = await run(count, join(root, `${round}-${at}`));
      // The first warms up.
      if (round > 0) seconds[at].push(took);
    }
  // The least: what else the machine does only adds.
  const [without, ...served] = seconds.map((each) => Math.min(...each));
  const more = served.map((each) => `${each.toFixed(2)} s (${(((each - without) / without) * 100).toFixed(1)} % more)`);
  say(
    `virtual run, 128 ONTs, processor time: ${without.toFixed(2)} s without a page, ${more[0]} with one that nobody reads, ${more[1]} with ${READERS} readers`,
  );
  rmSync(root, { recursive: true });
}

await frames();
await readers();
await commandTimes(say);
