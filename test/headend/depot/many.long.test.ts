/** Many at one depot, in one process: thousands of open downloads, and 256 real agents that poll. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startClock } from "../../../base/clock/index.ts";
import { type DepotServer, type DepotServerOptions, readDepotFiles, serveDepot } from "../../../headend/depot/index.ts";
import { AgentDriver } from "../../../ont/agent/process/index.ts";
import { createStream } from "../../../pon/index.ts";
import { agentConfig } from "../../ont/agent/bench.ts";
import { imageOf, MemoryStore } from "../../ont/agent/store.ts";
import { removeFolder } from "../../support/folder.ts";

const MIB = 1024 * 1024;
const GATEWAY = { authorization: "GatewayToken a-token-for-tests-only" };
const bytes = randomBytes(4 * MIB);
const module = createHash("sha256").update(bytes).digest("hex").slice(0, 32);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "poncast-many-"));
  writeFileSync(join(folder, "firmware-2.1.swu"), bytes);
});
afterAll(() => removeFolder(folder));

const start = (name: string, rest: Partial<DepotServerOptions> = {}): Promise<DepotServer> =>
  serveDepot({
    host: "127.0.0.1",
    port: 0,
    files: readDepotFiles([join(folder, "firmware-2.1.swu")]),
    stateFolder: join(folder, name),
    gatewayToken: "a-token-for-tests-only",
    config: { tenant: "DEFAULT", pollSeconds: 2 },
    ...rest,
  });

const DOWNLOADS = 3_000;

it("holds thousands of downloads open, in little memory, and still answers", async () => {
  const depot = await start("downloads", { downloadsMax: 2 * DOWNLOADS, rates: { total: 8 * MIB } });
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const open: ClientRequest[] = [];
  const path = (at: number): string =>
    `/DEFAULT/controller/v1/ont-${at}/softwaremodules/${module}/artifacts/firmware-2.1.swu`;
  const download = (at: number): Promise<IncomingMessage> =>
    new Promise((done, fail) => {
      const sent = request({ agent, host: "127.0.0.1", port: depot.port, path: path(at), headers: GATEWAY }, done);
      open.push(sent.on("error", fail));
      sent.end();
    });
  try {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const answers: IncomingMessage[] = [];
    for (let at = 0; at < DOWNLOADS; at += 250)
      answers.push(...(await Promise.all(Array.from({ length: 250 }, (_, one) => download(at + one)))));
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
    const metrics = await new Promise<string>((done, fail) => {
      const sent = request({ host: "127.0.0.1", port: depot.port, path: "/metrics", headers: GATEWAY }, (answer) => {
        let text = "";
        answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
        answer.on("end", () => done(text));
      });
      sent.on("error", fail).end();
    });
    expect(metrics).toMatch(new RegExp(`^poncast_depot_downloads ${DOWNLOADS}$`, "m"));
    // Both ends of each, with what the network holds of it.
    expect((process.memoryUsage().rss - before) / DOWNLOADS).toBeLessThan(256 * 1024);
  } finally {
    for (const sent of open) sent.on("error", () => undefined).destroy();
    agent.destroy();
    await depot.close();
  }
});

const AGENTS = 256;
const SLICES = 8;
const SLICE_MS = 5_000;

it("256 agents poll evenly, in memory that does not grow", async () => {
  const depot = await start("agents");
  const nowNs = startClock(process.hrtime.bigint());
  const old = imageOf(bytes, "2.1");
  // Everything has been done already: they only poll.
  await depot.setPaused(true);
  const drivers = Array.from({ length: AGENTS }, (_, at) => {
    const device = `ont-${at}`;
    const origin = depot.url;
    const config = agentConfig({ device, origin, headers: GATEWAY, pollSeconds: 2, chance: createStream(at, device) });
    return new AgentDriver(config, {
      nowNs,
      store: new MemoryStore(old),
      recordFile: join(folder, `${device}.json`),
      durability: "none",
      onEvent: () => undefined,
      onFailure: (error) => expect.unreachable(String(error)),
    });
  });
  try {
    const polls = (): number => drivers.reduce((sum, driver) => sum + driver.snapshot().polls, 0);
    const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
    await sleep(SLICE_MS);
    const counts: number[] = [];
    const memory: number[] = [];
    for (let slice = 0; slice < SLICES; slice++) {
      const [before, beganNs] = [polls(), nowNs()];
      await sleep(SLICE_MS);
      // A busy machine's slice is longer.
      counts.push(((polls() - before) * SLICE_MS * 1e6) / (nowNs() - beganNs));
      globalThis.gc?.();
      memory.push(process.memoryUsage().heapUsed);
    }
    const mean = counts.reduce((sum, each) => sum + each, 0) / SLICES;
    expect(mean).toBeGreaterThan((AGENTS * SLICE_MS) / 2_000 / 2);
    for (const count of counts) expect(Math.abs(count / mean - 1), counts.join(" ")).toBeLessThan(0.2);
    expect(Math.min(...memory.slice(-3)) / Math.min(...memory.slice(0, 3))).toBeLessThan(1.3);
  } finally {
    for (const driver of drivers) driver.close();
    await depot.close();
  }
});
