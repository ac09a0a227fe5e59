/** The metrics page of an OLT: right sums across restarts, a bounded number of series, a server that never hangs. */
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { OltOntStatus, OltStatus, OntPhase } from "../../olt/core/types.ts";
import { CAUSE_SERIES_MAX, OltMetrics, ONT_SERIES_MAX } from "../../olt/process/metrics.ts";
import { type MetricsServer, serveMetrics } from "../../base/metrics/index.ts";

const ont = (onuId: number, phase: OntPhase, bytesDone = 0): OltOntStatus => ({
  onuId,
  serial: `PCST${String(onuId).padStart(8, "0")}`,
  phase,
  cause: "",
  version: "1",
  activeInstance: 0,
  committedInstance: 0,
  payload: 0,
  payloadBytes: 1000,
  bytesDone,
  windowsRepaired: 0,
  sectionsLost: 0,
  leftGroup: false,
  online: true,
  startedNs: 0,
  endedNs: -1,
});

function status(sections: number, onts: OltOntStatus[], phase: OltStatus["phase"] = "downloading"): OltStatus {
  return {
    phase,
    stopReason: "",
    imageBytes: 1000,
    bytesDone: 250,
    firstStartNs: 0,
    lastWindowAnsweredNs: -1,
    lastEndNs: -1,
    firstActivateNs: -1,
    lastCommitNs: -1,
    finishedNs: -1,
    groups: [],
    control: { paused: false, aborting: false, rateBytesPerSecond: Infinity },
    counters: {
      sections,
      repairSections: 3,
      paritySections: 2,
      sectionPayloadBytes: sections * 10,
      windows: 4,
      windowsRepaired: 1,
      polls: 5,
      retries: 6,
    },
    onts,
  };
}

/** Values of a scrape by series. */
function valuesOf(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

const scrapeOf = async (metrics: OltMetrics): Promise<Map<string, number>> =>
  valuesOf(await metrics.registry.metrics());

describe("what is counted", () => {
  test("follows the totals of the core, and goes on when the core begins again", async () => {
    const metrics = new OltMetrics();
    metrics.onStatus(status(100, []));
    metrics.onStatus(status(100, []));
    metrics.onStatus(status(130, []));
    expect((await scrapeOf(metrics)).get("poncast_sections_total")).toBe(130);
    metrics.onStatus(status(20, []));
    const scrape = await scrapeOf(metrics);
    expect(scrape.get("poncast_sections_total")).toBe(150);
    expect(scrape.get("poncast_section_payload_bytes_total")).toBe(1500);
    expect(scrape.get("poncast_image_copies")).toBe(0.2);
    expect(scrape.get("poncast_download_progress_ratio")).toBe(0.25);
    for (const [name, value] of [
      ["parity_sections", 2],
      ["windows", 4],
      ["windows_repaired", 1],
      ["polls", 5],
      ["retries", 6],
    ] as const) {
      expect(scrape.get(`poncast_${name}_total`), name).toBe(value);
    }
  });

  test("repair sections by reason, answers in buckets of seconds, rollbacks and failures by cause", async () => {
    const metrics = new OltMetrics();
    metrics.onEvent({ type: "repair", window: 1, reason: "missing", sections: 10, paritySections: 4, onuId: -1 });
    metrics.onEvent({ type: "repair", window: 1, reason: "silent", sections: 1, paritySections: 0, onuId: 3 });
    for (const answerNs of [1_500_000, 1_500_000, 30_000_000])
      metrics.onEvent({ type: "windowAnswered", window: 1, answerNs, onuId: 1 });
    for (const cause of ["did not boot", "did not boot", 'went\n"silent"'])
      metrics.onEvent({ type: "phase", onuId: 1, phase: "rolledBack", cause });
    metrics.onEvent({ type: "phase", onuId: 1, phase: "failed", cause: "refused" });
    metrics.onEvent({ type: "phase", onuId: 1, phase: "committed", cause: "" });
    metrics.onEvent({ type: "leftGroup", onuId: 1, window: 1, cause: "slow" });
    metrics.onEvent({ type: "dropped", onuId: 1, cause: "short" });
    const scrape = await scrapeOf(metrics);
    const expected: [string, number][] = [
      ['poncast_repair_sections_total{reason="missing"}', 14],
      ['poncast_repair_sections_total{reason="silent"}', 1],
      ['poncast_repairs_total{reason="missing"}', 1],
      ['poncast_repairs_total{reason="silent"}', 1],
      ['poncast_window_answer_seconds_bucket{le="0.001"}', 0],
      ['poncast_window_answer_seconds_bucket{le="0.002"}', 2],
      ['poncast_window_answer_seconds_bucket{le="0.05"}', 3],
      ["poncast_window_answer_seconds_count", 3],
      ['poncast_rollbacks_total{cause="did not boot"}', 2],
      ['poncast_rollbacks_total{cause="went\\n\\"silent\\""}', 1],
      ['poncast_ont_failures_total{cause="refused"}', 1],
      ["poncast_group_leaves_total", 1],
      ['poncast_dropped_frames_total{cause="short"}', 1],
    ];
    for (const [series, value] of expected) expect(scrape.get(series), series).toBe(value);
    expect(scrape.get("poncast_window_answer_seconds_sum")).toBeCloseTo(0.033, 9);
  });

  test("ONTs by state: those that have left a state are no longer there", async () => {
    const metrics = new OltMetrics();
    metrics.onStatus(status(1, [ont(1, "downloading", 500), ont(2, "downloading", 1000)]));
    metrics.onStatus(status(1, [ont(1, "committed", 1000), ont(2, "downloading", 900)], "activating"));
    const scrape = await scrapeOf(metrics);
    expect(scrape.get('poncast_onts{state="downloading"}')).toBe(1);
    expect(scrape.get('poncast_onts{state="committed"}')).toBe(1);
    expect(scrape.get('poncast_onts{state="failed"}')).toBe(0);
    expect(scrape.get('poncast_ont_progress_ratio{serial="PCST00000002"}')).toBe(0.9);
    expect(scrape.get('poncast_run_phase{phase="activating"}')).toBe(1);
    expect(scrape.get('poncast_run_phase{phase="downloading"}')).toBe(0);
  });

  test("frames and bytes of the link by direction", async () => {
    const metrics = new OltMetrics();
    const traffic = (frames: number) => ({ frames, omciBytes: frames * 48, gemBytes: frames * 53 });
    metrics.onTraffic({ downstream: traffic(10), upstream: traffic(1) });
    metrics.onTraffic({ downstream: traffic(15), upstream: traffic(2) });
    const scrape = await scrapeOf(metrics);
    expect(scrape.get('poncast_link_frames_total{direction="down"}')).toBe(15);
    expect(scrape.get('poncast_link_bytes_total{direction="up",layer="gem"}')).toBe(106);
  });

  test("as many series as there is room for, however many ONTs and causes come", async () => {
    const metrics = new OltMetrics();
    for (let from = 0; from < 400; from += 100) {
      metrics.onStatus(
        status(
          1,
          Array.from({ length: 100 }, (_, at) => ont(from + at, "downloading")),
        ),
      );
    }
    for (let cause = 0; cause < 100; cause++)
      metrics.onEvent({ type: "phase", onuId: 1, phase: "rolledBack", cause: `cause ${cause}` });
    const scrape = await scrapeOf(metrics);
    const series = (start: string): string[] => [...scrape.keys()].filter((key) => key.startsWith(start));
    expect(series("poncast_ont_progress_ratio")).toHaveLength(ONT_SERIES_MAX);
    expect(series("poncast_rollbacks_total")).toHaveLength(CAUSE_SERIES_MAX + 1);
    expect(scrape.get('poncast_rollbacks_total{cause="other"}')).toBe(100 - CAUSE_SERIES_MAX);
  });
});

describe("the names", () => {
  test("follow the Prometheus rules", async () => {
    const metas = await new OltMetrics().registry.getMetricsAsJSON();
    expect(metas.length).toBeGreaterThan(15);
    for (const { name, help, type } of metas) {
      expect(name).toMatch(/^poncast_[a-z]+(_[a-z]+)*$/);
      expect(name).not.toMatch(/milli|micro|nano|_ms|_ns|kilo|percent|_bits/);
      expect(help.length, name).toBeGreaterThan(0);
      const isCounter = String(type) === "counter";
      expect(name.endsWith("_total"), name).toBe(isCounter);
    }
  });

  test("do not meet those of another OLT in the same process", () => {
    expect(() => [new OltMetrics(), new OltMetrics()]).not.toThrow();
  });
});

describe("the server", () => {
  let server: MetricsServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  test("is scraped on a free port, and is gone after close", async () => {
    const metrics = new OltMetrics();
    metrics.onStatus(status(42, [ont(1, "downloading", 10)]));
    server = await serveMetrics("127.0.0.1", 0, metrics.registry);
    const url = `http://${server.host}:${server.port}/metrics`;
    const response = await fetch(url);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(valuesOf(text).get("poncast_sections_total")).toBe(42);
    expect(text).toMatch(/^# TYPE poncast_window_answer_seconds histogram$/m);
    metrics.onStatus(status(43, []));
    expect(valuesOf(await (await fetch(`${url}?x=1`)).text()).get("poncast_sections_total")).toBe(43);
    await server.close();
    await expect(fetch(url)).rejects.toThrow();
  });

  test("does not wait for a peer that never ends its request", async () => {
    const closing = await serveMetrics("127.0.0.1", 0, new OltMetrics().registry);
    const peer = connect(closing.port, "127.0.0.1");
    await once(peer, "connect");
    peer.write("GET /metrics HTTP/1.1\r\n");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const startMs = performance.now();
    await Promise.all([closing.close(), once(peer, "close")]);
    // Node would give the peer five minutes.
    expect(performance.now() - startMs).toBeLessThan(60_000);
  });

  test("has nothing else", async () => {
    server = await serveMetrics("127.0.0.1", 0, new OltMetrics().registry);
    const url = `http://127.0.0.1:${server.port}`;
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: "POST", body: "x" })).status).toBe(405);
    const head = await fetch(`${url}/metrics`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  test("names an address it cannot have", async () => {
    const metrics = new OltMetrics();
    server = await serveMetrics("127.0.0.1", 0, metrics.registry);
    const { port } = server;
    await expect(serveMetrics("127.0.0.1", port, metrics.registry)).rejects.toThrow(
      `metrics on 127.0.0.1:${port}: the port is in use`,
    );
  });
});
