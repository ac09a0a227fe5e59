/** The model of the live page: what it shows of a run, and that deltas put together are the whole. */
import { describe, expect, it } from "vitest";
import type { JournalRecord } from "../../../run/journal/index.ts";
import { cellLabels } from "../../../run/states/index.ts";
import { CellTable } from "../../../web/dashboard/model/cells.ts";
import { detailsOf } from "../../../web/dashboard/model/details.ts";
import { applyDelta, factsOf, LiveModel, type ShownRun, shownOf, stateOf } from "../../../web/dashboard/model/index.ts";
import { reasonOf } from "../../../web/dashboard/model/lateness.ts";
import { OntLog } from "../../../web/dashboard/model/ont-log.ts";
import { SampleSeries } from "../../../web/dashboard/model/series.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { liveOf, runLive, troubled, useRoot } from "./fixture.ts";

useRoot();

const small = parseScenario("onts: 4\nimage: { bytes: 500000 }", "small.yaml");
const modelOf = (): LiveModel => new LiveModel(factsOf(small, "virtual"));
const plain = (shown: ShownRun): ShownRun => structuredClone({ ...shown, version: 0 });
const phase = (timeNs: number, ont: number, name: "downloading" | "ending" | "waiting", cause = ""): JournalRecord => ({
  timeNs,
  from: "olt",
  ont,
  event: { type: "phase", onuId: ont, phase: name, cause },
});

describe("a run as its page has it", () => {
  it("is the same from a snapshot and deltas as from a snapshot at the end, whenever one looks", async () => {
    const live = liveOf(troubled);
    const { model } = live;
    const shown = shownOf(model.snapshot("r"));
    const rare = shownOf(model.snapshot("r"));
    const look = (each: ShownRun): void => {
      const delta = model.delta(each.version);
      if (delta !== undefined) applyDelta(each, JSON.parse(JSON.stringify(delta)));
    };
    let records = 0;
    const watch = {
      name: "watch",
      record: () => {
        if (++records % 50 === 0) look(shown);
        if (records % 1777 === 0) look(rare);
      },
    };
    const outcome = await runLive(live, troubled, { sinks: [live.sink, watch] });
    look(shown);
    look(rare);
    const whole = plain(shownOf(JSON.parse(JSON.stringify(model.snapshot("r")))));
    expect(plain(shown)).toEqual(whole);
    expect(plain(rare)).toEqual(whole);
    expect(whole.head.ended).toMatchObject({ outcome: "finished", exitCode: outcome.exitCode });
    for (const { id, serial, outcome: end, cause } of outcome.result.ontResults) {
      expect(stateOf(whole, id)).toBe(end);
      expect(whole.serials[id]).toBe(serial);
      expect(whole.causes.get(id) ?? "").toBe(cause);
    }
    expect(whole.head.copies).toBeCloseTo(outcome.result.downstream.imageCopies, 9);
    expect(whole.passes.map(({ why }) => why)).toEqual(outcome.result.groups.map(({ why }) => why));
    expect(whole.repairs.map(({ cause }) => cause)).toContain("sections missing");
    expect(whole.series.length).toBeGreaterThan(2);
  });

  it("tells of nothing where nothing has changed, and of one cell where one has", () => {
    const model = modelOf();
    const { version } = model.snapshot("r");
    expect(model.delta(version)).toBeUndefined();
    model.record(phase(1e9, 2, "downloading"));
    model.record({ timeNs: 1e9, from: "ont", ont: 2, event: { type: "online", activeSlot: 0 } });
    const delta = model.delta(version)!;
    expect(delta.cells.slice(0, 1)).toEqual([2]);
    expect(delta.cells).toHaveLength(3);
    expect(model.delta(delta.version)).toBeUndefined();
  });

  it("puts changes of a tick together: a cell that changed a hundred times is told once", () => {
    const cells = new CellTable(3);
    for (let share = 0; share <= 99; share++) cells.setShare(1, share / 100, 1);
    cells.setState(1, "downloading", 1);
    expect(cells.since(0)).toEqual([1, 3, 99]);
    expect(cells.since(1)).toEqual([]);
  });

  it("tells who is sent baseline messages though extended ones were asked for, from views, a status or the result", async () => {
    const mixed = parseScenario(
      "onts: 4\nimage: { bytes: 90000 }\nfleet: [{ count: 1, omccVersion: 0xA0 }, {}]",
      "m.yaml",
    );
    const live = liveOf(mixed);
    const shown = shownOf(live.model.snapshot("r"));
    expect([...shown.inBaseline]).toEqual([]);
    const { result } = await runLive(live, mixed);
    applyDelta(shown, live.model.delta(shown.version)!);
    expect([...shown.inBaseline]).toEqual([0]);
    expect([0, 1].map((ont) => detailsOf(live.model, ont)!.isInBaseline)).toEqual([true, false]);
    // As whoever follows a run has it that somebody else started.
    const followed = modelOf();
    const serials = result.ontResults.map(({ serial }) => serial);
    for (const [ont, serial] of serials.entries())
      followed.record({ timeNs: 1, from: "olt", ont, event: { type: "ranged", onuId: ont, serial } });
    const { version } = followed.snapshot("r");
    followed.tellInBaseline(serials.map((serial, ont) => (ont === 2 ? { serial, inBaseline: true } : { serial })));
    expect(followed.delta(version)!.inBaseline).toEqual([2]);
    followed.finish(result, "finished");
    expect([...shownOf(followed.snapshot("r")).inBaseline]).toEqual([0]);
  });

  it("keeps a bounded number of samples however long the run is, and begins anew for who has older ones", () => {
    const series = new SampleSeries();
    let taken = 0;
    for (let timeMs = 0; timeMs < 3_600_000; timeMs += 250) {
      if (timeMs < series.dueMs) continue;
      series.add([timeMs, 1, -1, 0, 0], ++taken);
    }
    const { series: all, seriesAnew } = series.since(-1);
    expect(all.length).toBeLessThanOrEqual(720);
    expect(all.at(-1)![0]).toBeGreaterThan(3_500_000);
    expect(seriesAnew).toBe(true);
    expect(series.since(taken)).toEqual({ series: [] });
    expect(series.since(1).seriesAnew).toBe(true);
    expect(series.since(taken - 1).series).toHaveLength(1);
  });
});

describe("one ONT", () => {
  it("has its last windows and events, and no more of them than there is room for", () => {
    const model = modelOf();
    for (let window = 0; window < 100; window++) {
      const timeNs = window * 1e6;
      model.record({ timeNs, from: "ont", ont: 1, event: { type: "windowRefused", window, missingSections: 2 } });
      model.record({
        timeNs,
        from: "ont",
        ont: 1,
        event: { type: "windowAccepted", window, sections: 10, lostSections: 2, repairedSections: 1 },
      });
      model.record({
        timeNs: timeNs + 5e5,
        from: "olt",
        ont: 1,
        event: { type: "windowAnswered", window: window + 7, answerNs: 4e5, onuId: 1 },
      });
      model.record({ timeNs, from: "olt", ont: 1, event: { type: "retry", onuId: 1, message: "get", send: 2 } });
    }
    const details = detailsOf(model, 1)!;
    expect(details.windows).toHaveLength(32);
    expect(details.windows.at(-1)).toEqual({
      window: 99,
      timeMs: 99,
      sections: 10,
      lost: 2,
      repaired: 1,
      refused: 1,
      answerMs: 0.4,
    });
    expect(details.events).toHaveLength(40);
    expect(details.events[0].timeMs).toBe(60);
    expect(details.events.at(-1)).toEqual({ timeMs: 99, from: "OLT", text: "get sent again, for the 2. time" });
    expect(details.eventsMore).toBe(60);
    expect(details).toMatchObject({ retries: 100, sectionsLost: 200, state: cellLabels.starting });
    expect(detailsOf(model, 4)).toBeUndefined();
  });

  it("tells of boots and slots, from its events or from its flash", () => {
    const model = modelOf();
    const tell = (timeNs: number, event: Extract<JournalRecord, { from: "ont" }>["event"]): void =>
      model.record({ timeNs, from: "ont", ont: 0, event });
    tell(1, { type: "online", activeSlot: 0 });
    tell(2, { type: "bootAttempt", slot: 1, attempt: 1 });
    tell(3, { type: "bootFailed", slot: 1, attempt: 1, how: "hangs" });
    tell(4, { type: "bootAttempt", slot: 1, attempt: 2 });
    expect(detailsOf(model, 0)!.boots).toEqual([
      { timeMs: 2e-6, slot: 1, attempt: 1, how: "hangs" },
      { timeMs: 4e-6, slot: 1, attempt: 2, how: "" },
    ]);
    expect(detailsOf(model, 0)!.slots).toMatchObject([
      { slot: 0, active: true, committed: true, valid: true },
      { slot: 1, active: false, committed: false, valid: false },
    ]);
    const image = { version: "2.0", productCode: "P", imageBytes: 1, crc32: 1, sha256: "", md5: "" };
    const config = { schemaVersion: 3, bytes: 1, sha256: "" };
    const record = {
      sequence: 1,
      committed: 1 as const,
      trial: null,
      committedFailures: 0,
      slots: [null, image] as [null, typeof image],
      factorySha256: [],
      configs: [null, config] as [null, typeof config],
    };
    expect(detailsOf(model, 0, { activeSlot: 0, record })!.slots).toEqual([
      { slot: 0, version: "", active: true, committed: false, valid: false, configVersion: null },
      { slot: 1, version: "2.0", active: false, committed: true, valid: true, configVersion: 3 },
    ]);
  });
});

describe("why an ONT is late", () => {
  const fleet = { behind: 10, answerNs: 1e6, nowNs: 20e9 };
  const log = (fields: Partial<OntLog>): OntLog => Object.assign(new OntLog(), { phase: "downloading", ...fields });
  it.each([
    ["off", { offlineSinceNs: 5e9 }, "offline", "offline for 15.0 s"],
    ["ready", { phase: "waiting", cause: "no answer", phaseSinceNs: 18e9 }, "offline", "no answer for 2.0 s"],
    ["downloading", { left: "straggler" }, "leftGroup", "left its group: straggler"],
    ["ready", { phase: "waiting", left: "silent" }, "waits", "waits for a catch-up group: it left the first (silent)"],
    [
      "verifying",
      { phase: "ending", phaseSinceNs: 1e9 },
      "busyAtEnd",
      "busy at End for 19.0 s: it checks and stores the image",
    ],
    ["downloading", { answers: 9, answerNsSum: 9e8 }, "slowFlash", "slow flash: a window takes it 100 ms, others 1 ms"],
    ["downloading", { retries: 4 }, "lostAnswers", "its answers get lost: 4 requests sent again"],
    ["downloading", { sectionsLost: 7 }, "lostSections", "lost 7 sections, sent again"],
  ] as const)("%s %o: %s", (state, fields, reason, text) => {
    expect(reasonOf(log(fields as Partial<OntLog>), state, fleet)).toEqual({ reason, text });
  });

  it("nothing is said of who keeps up", () => {
    expect(reasonOf(log({ sectionsLost: 7 }), "downloading", { ...fleet, behind: 0 })).toBeUndefined();
  });
});
