/** Starts an OLT in this process: image, socket, core, driver, and metrics and capture where asked for. */
import { randomInt } from "node:crypto";
import { CRC32_INIT, crc32Finish, crc32Update } from "../../base/kernel/index.ts";
import { openImageSources } from "../../image/index.ts";
import { CaptureFile } from "../../pon/capture/index.ts";
import { createFeederFibre, OltSocket } from "../../pon/index.ts";
import { createOlt } from "../core/olt.ts";
import type { OltCommand, OltCommandOutcome } from "../core/types.ts";
import { FedSouthbound } from "../southbound/fed.ts";
import type { RealTimeSouthbound } from "../southbound/southbound.ts";
import { UdpSouthbound } from "../southbound/udp.ts";
import { type FeedAddress, FeedClient } from "../feed/index.ts";
import { startClock } from "../../base/clock/index.ts";
import { OltDriver, type OltDriverHandlers } from "./driver.ts";
import type { MetricsServer } from "../../base/metrics/index.ts";
import type { OltAddress, OltProcessConfig, OltReport } from "./protocol.ts";
import { linkTrailers } from "./trailers.ts";

/** The capture's file is brought up to date this often. */
const CAPTURE_FLUSH_MS = 50;
const MS_PER_SECOND = 1000;

/** A running OLT. */
export interface RunningOlt {
  readonly address: OltAddress;
  /** Where metrics are served, when they were asked for. */
  readonly metricsPort: number | undefined;
  snapshot(): OltReport;
  /** So many ONTs have come up: the download need not wait for more. */
  handleFleet(onts: number): void;
  handleCommand(command: OltCommand): OltCommandOutcome;
  /** Of an OLT that ranges nobody else: these may come, too, or not any more. */
  admit(serials: readonly string[]): void;
  release(serials: readonly string[]): void;
  /** Reports a last time and closes the socket. */
  stop(): void;
}

/**
 * Starts an OLT in this process: `poncast olt`, and what the OLT process of a run does.
 *
 * @throws NetworkError when it cannot listen, ImageError when the image cannot be used
 */
export async function startOlt(config: OltProcessConfig, reporting: OltDriverHandlers): Promise<RunningOlt> {
  const metrics = await startMetrics(config.metrics);
  try {
    return await listen(config, metrics === undefined ? reporting : metrics.listening(reporting), metrics);
  } catch (error) {
    await metrics?.server.close();
    throw error;
  }
}

interface Metrics {
  server: MetricsServer;
  /** The same handlers, with the metrics listening in. */
  listening: (handlers: OltDriverHandlers) => OltDriverHandlers;
}

/** Loaded only where it is asked for: the library takes longer to load than the rest of the OLT. */
async function startMetrics(address: OltProcessConfig["metrics"]): Promise<Metrics | undefined> {
  if (address === undefined) return undefined;
  const { OltMetrics } = await import("./metrics.ts");
  const { serveMetrics } = await import("../../base/metrics/index.ts");
  const metrics = new OltMetrics();
  const server = await serveMetrics(address.host, address.port, metrics.registry);
  const look = (report: OltReport): void => {
    metrics.onStatus(report.status);
    metrics.onTraffic(report);
  };
  return {
    server,
    listening: ({ onEvents, onStatus, onFinished, ...others }) => ({
      ...others,
      onEvents: (events) => {
        for (const [, event] of events) metrics.onEvent(event);
        onEvents(events);
      },
      onStatus: (report) => {
        look(report);
        onStatus(report);
      },
      onFinished: (report) => {
        look(report);
        onFinished(report);
      },
    }),
  };
}

async function listen(
  config: OltProcessConfig,
  handlers: OltDriverHandlers,
  metrics: Metrics | undefined,
): Promise<RunningOlt> {
  const crc32 = { init: CRC32_INIT, update: crc32Update, finish: crc32Finish };
  const nowSeconds = Date.now() / MS_PER_SECOND;
  const images = config.imagePaths.flatMap((path) => {
    const sources = openImageSources(path, { crc32, force: config.olt.force, nowSeconds });
    if (sources[0].warning !== "") process.stderr.write(`${path}: ${sources[0].warning}\n`);
    return sources;
  });
  const socket = await OltSocket.open({ interface: config.interface }, config.port);
  const core = createOlt(config.olt, images);
  const now = startClock(config.epochNs);
  const capture = config.capture === undefined ? undefined : startCapture(config.capture);
  const feeder = createFeederFibre(config.feeder.seed, config.pon, config.feeder.spec);
  const udp = new UdpSouthbound({
    socket,
    encapsulation: config.encapsulation,
    trailers: linkTrailers(config.trailer),
    nonce: randomInt(1, 2 ** 32 - 1),
    ponKey: config.ponKey,
    expected: config.expected,
    feeder,
    nowNs: now,
    pon: config.pon,
    ...(capture && { capture: capture.file }),
  });
  const fed = config.feed && behindFeed(udp, config.feed, config.pon, now, handlers);
  const southbound = fed?.southbound ?? udp;
  const driver = new OltDriver(core, southbound, now, capture?.before(handlers) ?? handlers, config.promptEvents);
  if (config.awaitsFleet === true) driver.handleFleet("starting");
  let isStopped = false;
  return {
    address: { address: socket.address, port: socket.port },
    metricsPort: metrics?.server.port,
    snapshot: () => driver.snapshot(),
    handleFleet: (onts) => driver.handleFleet(onts),
    handleCommand: (command) => driver.handleCommand(command),
    admit: (serials) => udp.admit(serials),
    release: (serials) => udp.release(serials),
    stop() {
      if (isStopped) return;
      isStopped = true;
      fed?.client.stop();
      driver.stop();
      udp.close();
      capture?.stop();
      void metrics?.server.close();
    },
  };
}

/** Nothing leaves but what the feed that other OLTs share brings. */
function behindFeed(
  udp: RealTimeSouthbound,
  feed: FeedAddress,
  pon: number,
  now: () => number,
  { onFeed }: OltDriverHandlers,
): { southbound: FedSouthbound; client: FeedClient } {
  const southbound = new FedSouthbound(udp, feed.bytesPerSecond / feed.ports);
  const client = new FeedClient(feed, pon, now, {
    sentBytes: () => southbound.downstream.gemBytes,
    wasHeldBack: () => southbound.wasHeldBack(),
    onRate: (bytesPerSecond) => southbound.changeRate(now(), bytesPerSecond),
    onServer: (state, bytesPerSecond) => onFeed?.(state, bytesPerSecond),
  });
  return { southbound, client };
}

interface RunningCapture {
  file: CaptureFile;
  /** The same handlers; what events tell of is in the file before they are told. */
  before(handlers: OltDriverHandlers): OltDriverHandlers;
  stop(): void;
}

/** What is captured is in the file soon after, so that little is missing from it when this process is killed. */
function startCapture(path: string): RunningCapture {
  const file = new CaptureFile(path, (line) => process.stderr.write(`${path}: ${line}\n`));
  const flushing = setInterval(() => file.flush(), CAPTURE_FLUSH_MS);
  return {
    file,
    before: (handlers) => ({
      ...handlers,
      onEvents: (events) => {
        file.flush();
        handlers.onEvents(events);
      },
    }),
    stop() {
      clearInterval(flushing);
      file.close();
    },
  };
}
