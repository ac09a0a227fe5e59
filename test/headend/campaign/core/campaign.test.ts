/** What a campaign does at each turn of a night: waves, windows, roads, commands, and what it tells people. */
import { describe, expect, it } from "vitest";
import { readWindow } from "../../../../base/maintenance/index.ts";
import { Campaign, type CampaignPlan } from "../../../../headend/campaign/core/index.ts";
import { actionsOf, at, Night, plan } from "./fixture.ts";

const wave = { devices: 2, successShare: 1, failureShare: 0.4, pauseAfter: false };
const inWaves: Partial<CampaignPlan> = {
  waves: [
    { ...wave, devices: 1 },
    { ...wave, successShare: 0.5 },
  ],
};
const [omci, https] = plan.roads;

describe("windows", () => {
  it("nobody is started before it opens, and all are told why", () => {
    const night = new Night({}, "2026-11-28T01:59:59Z");
    expect(night.come(["a", "b"])).toEqual([]);
    expect(night.why("a")).toBe("waits: window 02:00-05:00 UTC opens 2026-11-28T02:00Z");
    expect(night.state).toBe("waitsForWindow: window 02:00-05:00 UTC opens 2026-11-28T02:00Z");
    expect(night.campaign.nextTimeoutMs(night.nowMs)).toBe(at("2026-11-28T02:00:00Z"));
    expect(night.at("2026-11-28T02:00:00Z")).toEqual(["a:omci", "b:omci"]);
  });

  it("nobody is started who would not be done before it closes: by the quicker road still, then no more", () => {
    const night = new Night({ roads: [https, { ...omci, takesLate: true }] }, "2026-11-28T04:10:00Z");
    expect(night.come(["a"])).toEqual(["a:omci"]);
    night.nowMs = at("2026-11-28T04:30:01Z");
    expect(night.come(["b"])).toEqual([]);
    expect(night.why("b")).toBe("waits: an update takes 60 min, window 02:00-05:00 UTC closes 2026-11-28T05:00Z");
  });

  it("what is not done when it closes is stopped, and begins anew in the next one", () => {
    const night = new Night();
    night.come(["a", "b"]);
    expect(night.campaign.nextTimeoutMs(night.nowMs)).toBe(at("2026-11-28T05:00:00Z"));
    expect(night.at("2026-11-28T04:59:59Z")).toEqual([]);
    expect(night.at("2026-11-28T05:00:00Z")).toEqual(["a:stop", "b:stop"]);
    expect(night.end("a", "stopped")).toEqual([]);
    // It was too late to stop it.
    expect(night.end("b", "committed")).toEqual([]);
    expect(night.why("a")).toMatch("opens 2026-11-29T02:00Z");
    expect(night.at("2026-11-29T02:00:00Z")).toEqual(["a:omci"]);
  });

  it("windows that follow one another are one, and days count", () => {
    const windows = ["sat 02:00-03:00 UTC", "sat 03:00-04:00 UTC", "sun 02:00-03:00 UTC"].map((rule) =>
      readWindow(rule)!,
    );
    const night = new Night({ windows }, "2026-11-28T02:50:00Z");
    expect(night.come(["a"])).toEqual(["a:omci"]);
    expect(night.at("2026-11-28T03:30:00Z")).toEqual([]);
    expect(night.at("2026-11-28T04:00:00Z")).toEqual(["a:stop"]);
    expect(night.state).toMatch("sun 02:00-03:00 UTC opens 2026-11-29T02:00Z");
  });

  it("is over when it was to end, whoever is pending then", () => {
    const night = new Night({ endsMs: at("2026-11-28T05:00:00Z") });
    night.come(["a"]);
    night.come(["b"], { roads: [] });
    expect(night.at("2026-11-28T05:00:00Z")).toEqual(["a:stop"]);
    expect(night.campaign.isOver).toBe(false);
    night.end("a", "stopped");
    expect(night.campaign.isOver).toBe(true);
    expect(night.why("a")).toBe("nothing more: the campaign is over");
    expect(night.campaign.nextTimeoutMs(night.nowMs)).toBe(Infinity);
  });
});

describe("waves", () => {
  it("a canary, then two at a time, each as soon as enough of the last have succeeded", () => {
    const night = new Night({ ...inWaves, waves: [...inWaves.waves!] });
    expect(night.come(["a"])).toEqual(["a:omci"]);
    expect(night.come(["b", "c", "d", "e"])).toEqual([]);
    expect(night.why("b")).toBe("waits: its wave begins when 100 % of wave 1 have succeeded (0 of 1 so far)");
    expect(night.end("a", "committed")).toEqual(["b:omci", "c:omci"]);
    expect(night.end("c", "committed")).toEqual(["d:omci", "e:omci"]);
  });

  it("some of each kind come first", () => {
    const night = new Night({ waves: [{ ...wave, devices: 3 }] }, "2026-11-28T01:00:00Z");
    night.come(["a", "b", "c"]);
    night.come(["d", "e"], { hardware: "HW-2" });
    night.come(["f"], { version: "1.5" });
    expect(night.at("2026-11-28T02:00:00Z")).toEqual(["a:omci", "d:omci", "f:omci"]);
  });

  it("stops by itself when too many fail, and says so; resume goes on behind it", () => {
    const night = new Night({ ...inWaves, roads: [omci] });
    night.come(["a", "b", "c"]);
    expect(night.end("a", "failed", "wrong key")).toEqual([]);
    expect(night.state).toBe("halted: wave 1: 1 of 1 failed, more than 40 % allowed");
    expect(night.why("a")).toBe("wrong key");
    expect(night.why("b")).toMatch("waits: the campaign has stopped by itself (wave 1");
    expect(night.campaign.handleCommand(night.nowMs, { kind: "next" })).toEqual({
      accepted: false,
      reason: "it has stopped by itself: resume first",
    });
    night.campaign.handleCommand(night.nowMs, { kind: "resume" });
    expect(night.actions()).toEqual(["b:omci", "c:omci"]);
  });

  it("pauses after a wave until it is told to go on", () => {
    const night = new Night({ waves: [{ ...wave, devices: 1, pauseAfter: true }] });
    night.come(["a", "b"]);
    expect(night.end("a", "committed")).toEqual([]);
    expect(night.state).toBe("waitsForNext: the next wave is begun by hand");
    night.campaign.handleCommand(night.nowMs, { kind: "next" });
    expect(night.actions()).toEqual(["b:omci"]);
    // Before it has come to anything.
    night.come(["c"]);
    night.campaign.handleCommand(night.nowMs, { kind: "next" });
    expect(night.actions()).toEqual(["c:omci"]);
  });

  it("a wave that goes offline as a whole tells nothing, and begins anew", () => {
    const night = new Night(inWaves);
    night.come(["a", "b"]);
    expect(night.go("a")).toEqual([]);
    expect(night.end("a", "offline")).toEqual(["b:omci"]);
    expect(night.campaign.status(night.nowMs).waves).toEqual([
      { wave: 0, size: 1, succeeded: 0, failed: 0, isPassed: false },
    ]);
  });
});

it("waits a little for those who come together with the first", () => {
  const night = new Night({ gatherMs: 30_000 });
  expect(night.come(["a", "b"])).toEqual([]);
  expect(night.campaign.nextTimeoutMs(night.nowMs)).toBe(at("2026-11-28T02:00:30Z"));
  expect(night.at("2026-11-28T02:00:30Z")).toEqual(["a:omci", "b:omci"]);
  expect(night.come(["c"])).toEqual(["c:https"]);
});

describe("roads", () => {
  it("who fails by the first gets the next, as often as that may be tried", () => {
    const night = new Night();
    night.come(["a"]);
    expect(night.end("a", "failed", "silent")).toEqual(["a:https"]);
    expect(night.events.at(-1)).toMatchObject({ type: "started", why: "by https, after omci: silent" });
    expect(night.end("a", "failed", "broken")).toEqual(["a:https"]);
    expect(night.end("a", "failed", "broken")).toEqual([]);
    expect(night.campaign.status(night.nowMs).counts).toMatchObject({ failed: 1, done: 0 });
  });

  it("an image that does not run is not brought by another road", () => {
    const night = new Night();
    night.come(["a"]);
    expect(night.end("a", "rolledBack", "watchdog")).toEqual([]);
    expect(night.why("a")).toBe("watchdog");
  });

  it("who comes late is given to the next road; who has no other is taken all the same", () => {
    const night = new Night();
    night.come(["a"]);
    expect(night.come(["b"])).toEqual(["b:https"]);
    expect(night.come(["c"], { roads: ["omci"] })).toEqual(["c:omci"]);
  });

  it("offline devices are pending, and are started when they come", () => {
    const night = new Night();
    night.come(["a"]);
    night.come(["b"]);
    night.go("b");
    expect(night.end("b", "offline")).toEqual([]);
    expect(night.why("b")).toBe("waits: it is offline");
    expect(night.campaign.status(night.nowMs).counts).toMatchObject({ pending: 1, running: 1, failed: 0 });
    expect(night.come(["b"])).toEqual(["b:https"]);
  });

  it("no more at once than each road, and all of them, may have", () => {
    const night = new Night({ concurrency: 3, roads: [https, omci] });
    expect(night.come(["a", "b", "c"], { roads: ["https"] })).toEqual(["a:https", "b:https"]);
    expect(night.why("c")).toBe("waits: 2 are under way by https, no more at once");
    expect(night.come(["d", "e"], { roads: ["omci"] })).toEqual(["d:omci"]);
    expect(night.why("e")).toBe("waits: 3 are under way, no more at once");
    expect(night.end("a", "committed")).toEqual(["c:https"]);
  });

  it("what takes too long by a road is stopped, and has failed there", () => {
    const night = new Night({ roads: [{ ...omci, limitMs: 600_000 }, https] });
    night.come(["a"]);
    expect(night.campaign.nextTimeoutMs(night.nowMs)).toBe(at("2026-11-28T02:10:00Z"));
    expect(night.at("2026-11-28T02:10:00Z")).toEqual(["a:stop"]);
    expect(night.end("a", "stopped", "not done in time by omci")).toEqual(["a:https"]);
  });

  it("what a road says of an earlier attempt is passed over", () => {
    const night = new Night();
    night.come(["a"]);
    night.end("a", "failed");
    night.campaign.handleEnded(night.nowMs, "a", 1, "committed");
    expect(night.campaign.status(night.nowMs).counts).toMatchObject({ running: 1, done: 0 });
  });
});

describe("who", () => {
  it("is for whom the filter names, and for whom an operator adds", () => {
    const night = new Night({ filter: { hardware: ["HW-2"], labels: ["pilot"] } });
    expect(night.come(["a"])).toEqual([]);
    expect(night.come(["b"], { hardware: "HW-2", labels: ["north", "pilot"] })).toEqual(["b:omci"]);
    expect(night.why("a")).toBe("the campaign is not for it");
    night.campaign.handleCommand(night.nowMs, { kind: "add", serial: "a" });
    expect(night.actions()).toEqual(["a:https"]);
    night.campaign.handleCommand(night.nowMs, { kind: "add", serial: "z" });
    expect(night.come(["z"])).toEqual(["z:https"]);
  });

  it("who runs the version already is done", () => {
    const night = new Night();
    expect(night.come(["a"], { version: "2.0" })).toEqual([]);
    expect(night.campaign.status(night.nowMs).counts.done).toBe(1);
  });

  it("who is removed is stopped, whoever comes then is left out, and may be added again", () => {
    const night = new Night();
    night.come(["a"]);
    for (const serial of ["a", "b"]) night.campaign.handleCommand(night.nowMs, { kind: "remove", serial });
    expect(night.actions()).toEqual(["a:stop"]);
    night.end("a", "stopped");
    expect(night.come(["b"])).toEqual([]);
    expect([...night.campaign.statuses(night.nowMs)].map(({ standing }) => standing)).toEqual(["removed", "removed"]);
    night.campaign.handleCommand(night.nowMs, { kind: "add", serial: "a" });
    expect(night.actions()).toEqual(["a:omci"]);
  });
});

describe("commands", () => {
  it("the same id is the same command", () => {
    const night = new Night({}, "2026-11-28T01:00:00Z");
    const pause = { kind: "pause", id: "1", by: "anna" } as const;
    expect(night.campaign.handleCommand(night.nowMs, pause)).toEqual({ accepted: true });
    night.campaign.handleCommand(night.nowMs, { kind: "resume", id: "2" });
    night.actions();
    const { length } = night.events;
    expect(night.campaign.handleCommand(night.nowMs, pause)).toEqual({ accepted: true });
    night.actions();
    expect(night.events).toHaveLength(length);
    expect(night.state).toMatch("waitsForWindow");
  });

  it("pause holds back whoever has not begun, and is no mistake when it is paused already", () => {
    const night = new Night({ concurrency: 1 });
    night.come(["a", "b"]);
    for (const id of ["1", "2"]) {
      const answer = night.campaign.handleCommand(night.nowMs, { kind: "pause", id, by: "anna" });
      expect(answer).toEqual({ accepted: true });
    }
    expect(night.end("a", "committed")).toEqual([]);
    expect(night.why("b")).toBe("waits: the campaign is paused (paused by anna)");
    night.campaign.handleCommand(night.nowMs, { kind: "resume" });
    expect(night.actions()).toEqual(["b:https"]);
  });

  it("abort stops all that are under way, once and for all", () => {
    const night = new Night();
    night.come(["a"]);
    expect(night.campaign.handleCommand(night.nowMs, { kind: "abort" })).toEqual({ accepted: true });
    expect(night.actions()).toEqual(["a:stop"]);
    expect(night.campaign.handleCommand(night.nowMs, { kind: "abort" })).toEqual({ accepted: true });
    expect(night.actions()).toEqual([]);
    night.end("a", "stopped");
    expect(night.campaign.handleCommand(night.nowMs, { kind: "resume" })).toEqual({
      accepted: false,
      reason: "the campaign is aborted",
    });
    expect(night.come(["b"])).toEqual([]);
  });
});

it("goes on from its events after a restart, and tells the roads once more what is under way", () => {
  const night = new Night({ concurrency: 2 });
  night.come(["a", "b", "c"]);
  night.campaign.handleCommand(night.nowMs, { kind: "remove", serial: "b", id: "1" });
  night.actions();
  const again = new Campaign({ ...plan, concurrency: 2 });
  const middle = night.events.length / 2;
  const first = new Campaign({ ...plan, concurrency: 2 });
  first.restore(undefined, night.events.slice(0, middle));
  again.restore(JSON.parse(JSON.stringify(first.snapshot())), night.events.slice(middle));
  expect(again.snapshot()).toEqual(night.campaign.snapshot());
  expect([...actionsOf(again)].map(({ kind, serial, attempt }) => [kind, serial, attempt])).toEqual([
    ["start", "a", 1],
    ["stop", "b", 1],
  ]);
  again.handlePresence(night.nowMs, "c", ["https"]);
  again.handleEnded(night.nowMs, "a", 1, "committed");
  expect([...actionsOf(again)].map(({ serial }) => serial)).toEqual(["c"]);
});
