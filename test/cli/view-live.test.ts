/** Progress on a terminal that the test reads back: redrawn in place, cleaned up, or plain lines. */
import { describe, expect, test } from "vitest";
import {
  createProgress,
  LiveView,
  lookOf,
  PlainProgress,
  renderPicture,
  type RunScreen,
} from "../../cli/view/index.ts";
import { TestTerminal } from "./terminal.ts";
import { ontRow, runView } from "./view-fixture.ts";

const look = { colour: true, unicode: true };

const frameText = (view: RunScreen, { columns, rows }: TestTerminal): string =>
  renderPicture(view, { columns, rows, colour: false, unicode: true })
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();

describe("the live view", () => {
  test("redraws in place, each frame one write, whether it grows or shrinks", () => {
    const terminal = new TestTerminal(80, 24);
    terminal.write("$ poncast run\n");
    const live = new LiveView(terminal, look);
    const views = [
      runView(8),
      runView(128, { bytesDone: 0 }),
      runView([ontRow(1, { state: "failed", cause: "x" })]),
      runView(40),
    ];
    for (const view of views) {
      const before = terminal.writes;
      live.update(view);
      expect(terminal.writes - before).toBe(1);
      expect(terminal.text).toBe(`$ poncast run\n${frameText(view, terminal)}`);
      expect(terminal.cursorShown).toBe(false);
    }
    live.stop();
  });

  test("writes nothing when nothing changed", () => {
    const terminal = new TestTerminal(80, 24);
    const live = new LiveView(terminal, look);
    live.update(runView(8));
    const before = terminal.writes;
    live.update(runView(8));
    expect(terminal.writes).toBe(before);
    live.stop();
  });

  test("stays on its place when the terminal becomes narrower or wider", () => {
    const terminal = new TestTerminal(90, 40);
    terminal.write("$ poncast run\n");
    const live = new LiveView(terminal, look);
    live.update(runView(128));
    for (const columns of [40, 57, 120, 33]) {
      terminal.resize(columns);
      live.update(runView(128));
      expect(terminal.text).toBe(`$ poncast run\n${frameText(runView(128), terminal)}`);
    }
    live.stop();
    expect(terminal.text).toBe("$ poncast run");
  });

  test("keeps lines that are to stay above itself", () => {
    const terminal = new TestTerminal(80, 24);
    const live = new LiveView(terminal, look);
    live.log("before");
    live.update(runView(8));
    live.log("warning: something");
    expect(terminal.text).toBe(`before\nwarning: something\n${frameText(runView(8), terminal)}`);
    live.stop();
    live.log("after");
    expect(terminal.text).toBe("before\nwarning: something\nafter");
  });

  test("leaves the terminal as it was, also when the process exits", () => {
    const terminal = new TestTerminal(80, 24);
    const listeners = process.listenerCount("exit");
    const live = new LiveView(terminal, look);
    live.update(runView(8));
    expect(process.listenerCount("exit")).toBe(listeners + 1);
    const onExit = process.listeners("exit").at(-1)!;
    onExit.call(process, 0);
    expect(terminal.text).toBe("");
    expect(terminal.cursorShown).toBe(true);
    expect(terminal.cursorColumn).toBe(0);
    expect(process.listenerCount("exit")).toBe(listeners);
    const before = terminal.writes;
    live.stop();
    expect(terminal.writes).toBe(before);
  });
});

describe("plain progress", () => {
  function plain() {
    let nowMs = 0;
    const terminal = new TestTerminal(200, 100);
    const progress = new PlainProgress(terminal, () => nowMs);
    return { terminal, at: (ms: number, view: RunScreen) => ((nowMs = ms), progress.update(view)) };
  }

  test("says each stage, each tenth, and else something every five seconds", () => {
    const { terminal, at } = plain();
    const downloading = (share: number, elapsedMs: number): RunScreen => {
      const view = runView(8);
      return {
        ...view,
        elapsedMs,
        bytesDone: Math.round(view.imageBytes * share),
        etaMs: null,
        repairSections: share > 0.1 ? 1200 : 0,
      };
    };
    at(0, runView(8, { stage: "starting", elapsedMs: 0 }));
    at(200, downloading(0, 200));
    at(400, downloading(0.05, 400));
    at(600, downloading(0.11, 600));
    at(800, downloading(0.19, 800));
    at(1000, downloading(0.35, 1000));
    at(5999, downloading(0.36, 5999));
    at(6000, downloading(0.36, 6000));
    at(11_000, downloading(0.36, 11_000));
    at(
      11_200,
      runView([ontRow(1, { state: "committed" }), ontRow(2, { state: "failed" })], {
        stage: "done",
        elapsedMs: 71_200,
      }),
    );
    expect(`\n${terminal.text}\n`).toMatchInlineSnapshot(`
      "
           0 ms  Starting ONTs: 8 downloading
         200 ms  Downloading 0 %: 0 B of 16.0 MiB, 12.0 Mbit/s
         600 ms  Downloading 11 %: 1.8 MiB of 16.0 MiB, 12.0 Mbit/s, 1,200 repair sections
          1.0 s  Downloading 35 %: 5.6 MiB of 16.0 MiB, 12.0 Mbit/s, 1,200 repair sections
          6.0 s  Downloading 36 %: 5.8 MiB of 16.0 MiB, 12.0 Mbit/s, 1,200 repair sections
      1 min 11 s  Done: 1 committed, 1 failed
      "
    `);
  });

  test("of a run in virtual time goes by the clock on the wall", () => {
    const { terminal, at } = plain();
    for (let second = 0; second < 1000; second++) {
      at(second / 10, runView(8, { elapsedMs: second * 1000, bytesDone: 1000 + second, clock: "virtual" }));
    }
    expect(terminal.text.split("\n")).toHaveLength(1);
  });
});

describe("what is shown where", () => {
  const tty = { isTTY: true };

  test.each([
    [tty, {}, { live: true, colour: true, unicode: true }],
    [tty, { NO_COLOR: "1" }, { live: true, colour: false }],
    [tty, { NO_COLOR: "" }, { colour: true }],
    [tty, { TERM: "dumb" }, { live: false, colour: false }],
    [tty, { CI: "true" }, { live: false, colour: true }],
    [{}, {}, { live: false, colour: false }],
    [{}, { FORCE_COLOR: "1" }, { live: false, colour: true }],
    [{}, { FORCE_COLOR: "1", NO_COLOR: "1" }, { colour: false }],
    [tty, { LANG: "C" }, { unicode: false }],
    [tty, { LANG: "C", LC_ALL: "en_US.UTF-8" }, { unicode: true }],
    [tty, { LANG: "de_DE.utf8", LC_ALL: "" }, { unicode: true }],
  ])("%o with %o", (stream, environment, expected) => {
    expect(lookOf(stream, environment)).toMatchObject(expected);
  });

  test("progress is live on a terminal only", () => {
    const terminal = new TestTerminal(80, 24);
    expect(createProgress(terminal, {})).toBeInstanceOf(LiveView);
    terminal.isTTY = false;
    expect(createProgress(terminal, {})).toBeInstanceOf(PlainProgress);
  });
});
