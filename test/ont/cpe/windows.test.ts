/** When a CPE's transfers go: delays and windows, their modes and tries, also while the power is off. */
import { describe, expect, it } from "vitest";
import type { CwmpTimeWindow } from "../../../cwmp/index.ts";
import { answerWith, download } from "./acs.ts";
import { CpeBench, second } from "./bench.ts";

const HOUR = 3600;
const start = (change = {}): CpeBench => new CpeBench(change).booted();

describe("a delay", () => {
  it("runs from the answer on, and goes on while the power is off", () => {
    const bench = start();
    bench.ask({ delaySeconds: 600 });
    bench.until(() => bench.record?.transfers.length === 1);
    const askedNs = bench.nowNs;
    bench.run(200 * second);
    bench.cut(300 * second);
    bench.until(() => bench.bulkBytes > 0);
    expect((bench.nowNs - askedNs) / second).toBeCloseTo(600, -1);
  });

  it("begins anew with the power where nobody knows the time", () => {
    const bench = start();
    bench.wallSeconds = undefined;
    bench.cut();
    bench.booted();
    bench.ask({ delaySeconds: 600 });
    bench.until(() => bench.record?.transfers.length === 1);
    bench.cut(599 * second);
    const fromNs = bench.nowNs;
    bench.until(() => bench.bulkBytes > 0);
    expect((bench.nowNs - fromNs) / second).toBeGreaterThan(600);
  });
});

describe("windows", () => {
  const window = (from: number, to: number, windowMode = "1 At Any Time", maxRetries = 0): CwmpTimeWindow => ({
    windowStartSeconds: from,
    windowEndSeconds: to,
    windowMode,
    userMessage: "",
    maxRetries,
  });
  const schedule = (bench: CpeBench, ...windows: CwmpTimeWindow[]): void => {
    const { delaySeconds: _, successUrl: __, failureUrl: ___, ...source } = download(bench.url);
    bench.acs.tasks.push({ ...source, method: "ScheduleDownload", windows });
    bench.call();
    bench.until(() => !bench.cpe.snapshot().inSession);
  };

  it("are waited for, and installed in", () => {
    const bench = start();
    schedule(bench, window(1000, 2000));
    const askedNs = bench.nowNs;
    const at: number[] = [];
    bench.store.onActivate = () => at.push((bench.nowNs - askedNs) / second);
    expect(bench.untilTold()).toBe(true);
    expect(at[0]).toBeGreaterThanOrEqual(999);
    expect(at[0]).toBeLessThan(2000);
    expect(bench.acs.events.at(-1)).toEqual(["7 TRANSFER COMPLETE", "M ScheduleDownload"]);
  });

  it("that are too short for the file are gone on with in the second", () => {
    const bench = start({ rateBytesPerSecond: 5000 });
    schedule(bench, window(100, 130), window(500, 600));
    bench.until(() => bench.cpe.snapshot().state === "paused");
    const { bulkBytes } = bench;
    expect(bulkBytes).toBeGreaterThan(100_000);
    expect(bench.untilTold()).toBe(true);
    expect([bench.acs.completes[0].fault.faultCode, bench.bulkBytes]).toEqual([0, bench.image.length]);
  });

  it("that are missed are told of with 9020, and nothing is installed afterwards", () => {
    const bench = start({ rateBytesPerSecond: 1000 });
    schedule(bench, window(100, 130), window(500, 510));
    expect(bench.untilTold()).toBe(true);
    expect(bench.acs.completes[0].fault.faultCode).toBe(9020);
    bench.run(24 * HOUR * second);
    expect(bench.store.activations).toBe(0);
  });

  it("that passed while the power was off are missed, too", () => {
    const bench = start();
    schedule(bench, window(100, 200));
    bench.cut(300 * second);
    expect(bench.untilTold()).toBe(true);
    expect([bench.acs.completes[0].fault.faultCode, bench.bulkBytes]).toEqual([9020, 0]);
  });

  it.each<[string, (bench: CpeBench) => void, number]>([
    ["3 When Idle", (bench) => bench.cpe.handleIdle(bench.nowNs, true), 0],
    ["4 Confirmation Needed", (bench) => bench.cpe.handleUser(bench.nowNs, "confirm"), 0],
    ["4 Confirmation Needed", (bench) => bench.cpe.handleUser(bench.nowNs, "refuse"), 9020],
    ["4 Confirmation Needed", () => undefined, 9020],
  ])("of mode %s", (mode, act, faultCode) => {
    const bench = start();
    bench.cpe.handleIdle(bench.nowNs, false);
    schedule(bench, window(10, 2000, mode));
    bench.run(1000 * second);
    expect(bench.bulkBytes).toBe(0);
    act(bench);
    bench.settle();
    expect(bench.untilTold()).toBe(true);
    expect(bench.acs.completes[0].fault.faultCode).toBe(faultCode);
  });

  it("allow as many tries as they say, and the next window has its own", () => {
    const bench = start();
    let gone = 0;
    bench.spoil = (request, answer) => (request.method === "GET" && (gone++, true) ? answerWith(404) : answer);
    schedule(bench, window(10, 1000, "2 Immediately", 2), window(2000, 3000, "2 Immediately", 1));
    expect(bench.untilTold()).toBe(true);
    expect([gone, bench.acs.completes[0].fault.faultCode]).toEqual([5, 9016]);
  });

  it.each([
    ["none", []],
    ["one that ends before it begins", [window(10, 5)]],
    ["of no mode", [window(0, 5, "5 Sometimes")]],
    ["that overlap", [window(0, 10), window(5, 20)]],
  ])("are refused: %s", (_what, windows) => {
    const bench = start();
    schedule(bench, ...windows);
    expect(bench.acs.of("Fault")[0].faultCode).toBe(9003);
  });
});
