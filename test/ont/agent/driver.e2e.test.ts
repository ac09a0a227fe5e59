/** The agent in real time: a real server, real sockets, its record as a file. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startClock } from "../../../base/clock/index.ts";
import type { AgentConfig, AgentEvent, AgentState } from "../../../ont/agent/index.ts";
import { AgentDriver } from "../../../ont/agent/process/index.ts";
import { TokenBucket } from "../../../ont/road/core/throttle.ts";
import { readRoadRecord, writeRoadRecord } from "../../../ont/road/process/index.ts";
import { testImage } from "../images.ts";
import { agentConfig, BLOCK_BYTES } from "./bench.ts";
import { type ModelServer, serveModel } from "./server.ts";
import { imageOf, MemoryStore, sha256Of } from "./store.ts";
import { removeFolder } from "../../support/folder.ts";

const nowNs = startClock(process.hrtime.bigint());
const image = testImage(1_500_000, 9);

let folder: string;
let server: ModelServer;
let drivers: AgentDriver[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "agent-"));
  server = await serveModel([{ filename: "image.bin", bytes: image, sha256: sha256Of(image), version: "V" }]);
  server.depot.sleepSeconds = 1;
});

afterEach(async () => {
  for (const driver of drivers) driver.close();
  drivers = [];
  await server.close();
  removeFolder(folder);
});

/** One device: restarts make another driver. */
class Device {
  readonly store = new MemoryStore(imageOf(testImage(1000, 7), "OLD"));
  readonly times: [AgentState, number][] = [];
  readonly #config: AgentConfig;
  readonly #watchers: (() => void)[] = [];
  readonly recordFile = join(folder, "agent.json");
  driver: AgentDriver;

  constructor(change: Partial<AgentConfig> = {}) {
    this.#config = agentConfig({ origin: server.depot.origin, pollSeconds: 1, ...change });
    this.store.onActivate = () => setImmediate(() => this.reboot());
    this.driver = this.#powerOn();
  }

  #powerOn(): AgentDriver {
    const { recordFile, store } = this;
    const driver = new AgentDriver(this.#config, {
      nowNs,
      store,
      recordFile,
      durability: "fsync",
      onEvent: (_nowNs, event) => this.#event(event),
      onFailure: (error) => expect.unreachable(String(error)),
    });
    drivers.push(driver);
    return driver;
  }

  #event(event: AgentEvent): void {
    if (event.type === "state") this.times.push([event.state, nowNs()]);
    for (const watcher of this.#watchers) watcher();
  }

  reboot(): void {
    this.driver.close();
    this.store.reboot();
    this.driver = this.#powerOn();
  }

  cut(): void {
    this.driver.close();
    this.store.cut();
    this.driver = this.#powerOn();
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watcher = (): void => void (holds() && resolve());
      this.#watchers.push(watcher);
      watcher();
    });
  }

  at(state: AgentState): number {
    return this.times.find(([each]) => each === state)?.[1] ?? NaN;
  }
}

it("updates, restarts, confirms, and tells success", async () => {
  const device = new Device();
  await device.until(() => device.times.some(([state]) => state === "committed") && isTold());
  expect(device.store.running.sha256).toBe(sha256Of(image));
  expect(server.depot.deviceOf("ont-1").feedback.at(-1)).toMatchObject({ execution: "closed", finished: "success" });
  expect(server.depot.deviceOf("ont-1").attributes).toContain("HW-1");
});

const isTold = (): boolean => server.depot.deviceOf("ont-1").isClosed;

/** What the same throttle lets through to nobody, as this process comes to its turn: stalls of the machine cost both alike. */
function reference(rateBytesPerSecond: number): () => number {
  const bucket = new TokenBucket(rateBytesPerSecond, nowNs());
  let bytes = 0;
  const take = (): void => {
    const room = bucket.room(nowNs());
    bucket.take(nowNs(), room);
    bytes += room;
  };
  const timer = setInterval(take, 5);
  return () => {
    clearInterval(timer);
    return bytes;
  };
}

it("keeps to its rate by the clock of this machine, within 10 %", async () => {
  const rateBytesPerSecond = 750_000;
  const device = new Device({ rateBytesPerSecond });
  await device.until(() => device.times.some(([state]) => state === "downloading"));
  const stop = reference(rateBytesPerSecond);
  await device.until(() => device.times.some(([state]) => state === "verifying"));
  const possible = stop();
  const seconds = (device.at("verifying") - device.at("downloading")) / 1e9;
  expect(image.length / possible).toBeGreaterThan(0.9);
  expect(image.length / seconds / rateBytesPerSecond).toBeLessThan(1.1);
});

it("goes on after cuts of the network and of the power, with a block at most twice", async () => {
  const device = new Device({ rateBytesPerSecond: 1_000_000 });
  await device.until(() => device.times.some(([state]) => state === "downloading"));
  await enough(device, 300_000);
  server.cut();
  await enough(device, 600_000);
  device.cut();
  await device.until(isTold);
  expect(device.store.running.sha256).toBe(sha256Of(image));
  expect(device.store.writtenBytes).toBeLessThanOrEqual(image.length + BLOCK_BYTES);
});

async function enough(device: Device, bytes: number): Promise<void> {
  while (device.store.writtenBytes < bytes) await new Promise((resolve) => setImmediate(resolve));
}

it("has a record that is whole or none", () => {
  const path = join(folder, "record.json");
  expect(readRoadRecord(path)).toBeNull();
  const record = { action: null, closedPath: "/a?c=1", isUserPaused: true };
  writeRoadRecord(path, record, "fsync");
  expect(readRoadRecord(path)).toEqual(record);
  writeFileSync(path, readFileSync(path, "utf8").replace("true", "false"));
  expect(readRoadRecord(path)).toBeNull();
});
