/** Frames of the live view: their text at several sizes, and that none is larger than its screen. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clip, painter, widthOf, wrap } from "../../base/terminal/index.ts";
import { stragglersOf } from "../../cli/view/picture.ts";
import { renderPicture, type CellState, type OntRow } from "../../cli/view/index.ts";
import type { Stage } from "../../run/progress/index.ts";
import { ontRow, runView } from "./view-fixture.ts";

const plain = { colour: false, unicode: true };
const states: CellState[] = [
  "notStarted",
  "starting",
  "ready",
  "downloading",
  "verifying",
  "stored",
  "rebooting",
  "trial",
  "committed",
  "skipped",
  "rolledBack",
  "failed",
  "off",
];
const stages: Stage[] = [
  "preparing",
  "starting",
  "ranging",
  "downloading",
  "activating",
  "verifying",
  "done",
  "stopped",
];

/** 40 ONTs of which some stand out. */
const fleet = Array.from({ length: 40 }, (_, at): OntRow => {
  if (at === 4) return ontRow(5, { bytesDone: 4 * 1024 * 1024, windowsRepaired: 3, sectionsLost: 41, served: "alone" });
  if (at === 11) return ontRow(12, { state: "failed", cause: "image refused: untrusted-signature" });
  if (at === 20) return ontRow(21, { windowsRepaired: 1, sectionsLost: 2 });
  return ontRow(at + 1, at > 35 ? { state: "verifying" } : {});
});

describe("those most behind", () => {
  test("are in the order of what they have, then of their repairs and losses; nobody who keeps up is among them", () => {
    const rows = [
      ontRow(1),
      ontRow(2, { windowsRepaired: 1, sectionsLost: 5 }),
      ontRow(3, { windowsRepaired: 1, sectionsLost: 6 }),
      ontRow(4, { windowsRepaired: 2 }),
      ontRow(5, { bytesDone: 20 }),
      ontRow(6, { bytesDone: 10, state: "off" }),
      ontRow(7, { bytesDone: 0, state: "failed" }),
      ontRow(8, { leftGroup: true }),
      ontRow(9, { bytesDone: 0, state: "ready", served: "waits for catch-up" }),
    ];
    expect(stragglersOf(rows).map(({ id }) => id)).toEqual([9, 6, 5, 4, 3, 2, 8]);
    expect(stragglersOf([ontRow(1), ontRow(2)])).toEqual([]);
  });
});

describe("a line that is too long", () => {
  const red = painter(true);

  test("is cut with an ellipsis, and its colour ends there", () => {
    expect(clip(`ab${red("cdef", "red")}gh`, 8)).toBe(`ab${red("cdef", "red")}gh`);
    expect(clip(`ab${red("cdef", "red")}gh`, 5)).toBe("ab\u001b[31mcd…\u001b[0m");
    expect(clip("abcdef", 1)).toBe("…");
  });

  test("is broken at spaces, and within a word that is longer than a line", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrap("a 0123456789 b", 4)).toEqual(["a", "0123", "4567", "89 b"]);
    expect(wrap("", 4)).toEqual([""]);
  });
});

describe("a frame", () => {
  test("of a download on a wide terminal", () => {
    expect(`\n${renderPicture(runView(fleet), { columns: 90, rows: 30, ...plain })}\n`).toMatchInlineSnapshot(`
      "
      city  multicast/parity, seed 7                                                      12.3 s
      Downloading  9.0 MiB of 16.0 MiB  12.0 Mbit/s  4.9 s left
      █████████████████████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░  56 %

      ▼▼▼▼▼▼▼▼ ▼▼▼✗▼▼▼▼ ▼▼▼▼▼▼▼▼ ▼▼▼▼▼▼▼▼ ▼▼▼▼◇◇◇◇
      ▼ downloading 35  ◇ verifying 4  ✗ failed 1

      1.02 × image sent  96 of 4,800 sections repair  12.4 Mbit/s downstream

      Went wrong
        ✗ #12  PCST0000000C image refused: untrusted-signature
      Most behind
        ▼ #5   PCST00000005 4.0 MiB alone, 3 repairs, 41 lost
        ▼ #21  PCST00000015 9.0 MiB, 1 repair, 2 lost
      "
    `);
  });

  test("of the same on a narrow one", () => {
    expect(`\n${renderPicture(runView(fleet), { columns: 40, rows: 24, ...plain })}\n`).toMatchInlineSnapshot(`
      "
      city  multicast/parity, seed 7    12.3 s
      Downloading  9.0 MiB  4.9 s left
      ███████████████████░░░░░░░░░░░░░░░  56 %

      ▼▼▼▼▼▼▼▼ ▼▼▼✗▼▼▼▼ ▼▼▼▼▼▼▼▼ ▼▼▼▼▼▼▼▼
      ▼▼▼▼◇◇◇◇
      ▼ downloading 35  ◇ verifying 4
      ✗ failed 1

      1.02 × image  96 repair sections

      Went wrong
        ✗ #12  image refused: untrusted-signa…
      Most behind
        ▼ #5   4.0 MiB alone, 3 repairs, 41 l…
        ▼ #21  9.0 MiB, 1 repair, 2 lost
      "
    `);
  });

  test("of the same on a low one, in ASCII", () => {
    const screen = { columns: 60, rows: 9, colour: false, unicode: false };
    expect(`\n${renderPicture(runView(fleet), screen)}\n`).toMatchInlineSnapshot(`
      "
      city  multicast/parity, seed 7                        12.3 s
      Downloading  9.0 MiB of 16.0 MiB  12.0 Mbit/s  4.9 s left
      ##############################........................  56 %
      dddddddd dddFdddd dddddddd dddddddd
      ddddvvvv
      d downloading 35  v verifying 4  F failed 1
      1.02 x image sent  96 of 4,800 sections repair
      "
    `);
  });

  test("of the activation, with every state in its legend", () => {
    const rows = states.map((state, at) =>
      ontRow(at + 1, { state, cause: state === "rolledBack" ? "boot failed 3 times" : "" }),
    );
    const view = runView(rows, { stage: "activating", note: "ONT 13 lost power" });
    expect(`\n${renderPicture(view, { columns: 80, rows: 24, ...plain })}\n`).toMatchInlineSnapshot(`
      "
      city  multicast/parity, seed 7                                            12.3 s
      Activating  4 of 13 ONTs finished
      ██████████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  30 %

      ·○◌▼◇◆↻◐ ●–↩✗□
      · not started 1  ○ starting 1  ◌ ready 1  ▼ downloading 1  ◇ verifying 1
      ◆ stored 1  ↻ rebooting 1  ◐ on trial 1  ● committed 1  – skipped 1
      ↩ rolled back 1  ✗ failed 1  □ off 1

      1.02 × image sent  96 of 4,800 sections repair  12.4 Mbit/s downstream
      ONT 13 lost power

      Went wrong
        ↩ #11  PCST0000000B boot failed 3 times
        ✗ #12  PCST0000000C failed
      "
    `);
  });

  test("of a rollout that was stopped says why", () => {
    const view = runView(4, { stage: "stopped", stopReason: "2 of 2 canaries failed" });
    expect(renderPicture(view, { columns: 80, rows: 24, ...plain }).split("\n")[1]).toBe(
      "Stopped  2 of 2 canaries failed",
    );
  });

  test("has the same text with colours, and none without", () => {
    const screen = { columns: 80, rows: 24, unicode: true };
    const coloured = renderPicture(runView(fleet), { ...screen, colour: true });
    const bare = renderPicture(runView(fleet), { ...screen, colour: false });
    // eslint-disable-next-line no-control-regex -- colours begin with a control character
    expect(coloured.replaceAll(/\u001b\[[0-9;]*m/g, "")).toBe(bare);
    expect(coloured).toContain("\u001b[31m✗\u001b[39m");
    expect(bare).not.toContain("\u001b");
  });

  test("never is larger than its screen, whatever it shows", () => {
    const row = fc.record({
      id: fc.integer({ min: 1, max: 128 }),
      serial: fc.string({ maxLength: 14 }),
      state: fc.constantFrom(...states),
      cause: fc.string({ maxLength: 100 }),
      bytesDone: fc.nat(1e9),
      windowsRepaired: fc.nat(1e5),
      sectionsLost: fc.nat(1e6),
      leftGroup: fc.boolean(),
      served: fc.string({ maxLength: 30 }),
    });
    const view = fc.record({
      onts: fc.array(row, { maxLength: 128 }),
      stage: fc.constantFrom(...stages),
      note: fc.string({ maxLength: 200 }),
      name: fc.string({ maxLength: 80 }),
      stopReason: fc.string({ maxLength: 80 }),
      imageBytes: fc.nat(1e9),
      bytesDone: fc.nat(2e9),
      elapsedMs: fc.nat(1e9),
    });
    fc.assert(
      fc.property(
        view,
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 4, max: 60 }),
        fc.boolean(),
        (changed, columns, rows, colour) => {
          const lines = renderPicture(runView(0, changed), { columns, rows, colour, unicode: true }).split("\n");
          expect(lines.length).toBeLessThan(rows);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });

  test("keeps control characters of others off the terminal", () => {
    const view = runView([ontRow(1, { state: "failed", cause: "\u001b[2Jgone\nmore", serial: "A\u0007\u009bB" })], {
      note: "\r\u001b]0;x\u0007",
      name: "a\tb",
    });
    const frame = renderPicture(view, { columns: 80, rows: 24, ...plain });
    // eslint-disable-next-line no-control-regex -- that is what must not be there
    expect(frame.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(frame).toContain("A B  [2Jgone more");
  });

  test("has each port on lines of its own, with its number; where that takes too many, cells stand close", () => {
    const gridOf = (onts: number, ontsPerPort: number): string[] => {
      const lines = renderPicture(runView(onts, { ontsPerPort }), { columns: 60, rows: 40, ...plain }).split("\n");
      return lines
        .slice(lines.indexOf("") + 1)
        .filter((line, at, all) => all.slice(0, at + 1).every((each) => /^[ \d]*▼+[ ▼]*$/.test(each)));
    };
    expect(gridOf(36, 12)).toEqual(["0 ▼▼▼▼▼▼▼▼ ▼▼▼▼", "1 ▼▼▼▼▼▼▼▼ ▼▼▼▼", "2 ▼▼▼▼▼▼▼▼ ▼▼▼▼"]);
    const four = "▼▼▼▼▼▼▼▼ ▼▼▼▼▼▼▼▼ ▼▼▼▼▼▼▼▼ ▼▼▼▼▼▼▼▼";
    expect(gridOf(80, 40)).toEqual([`0 ${four}`, "  ▼▼▼▼▼▼▼▼", `1 ${four}`, "  ▼▼▼▼▼▼▼▼"]);
    expect(gridOf(32 * 2, 2)).toEqual([four, four]);
  });

  test("counts 128 ONTs off in groups of eight, lines beginning at round numbers", () => {
    const lines = (columns: number): string[] =>
      renderPicture(runView(128), { columns, rows: 40, ...plain })
        .split("\n")
        .filter((line) => line.startsWith("▼▼"));
    expect(lines(100)).toEqual(Array(2).fill(Array(8).fill("▼".repeat(8)).join(" ")));
    expect(lines(71)).toHaveLength(2);
    expect(lines(70)).toEqual(Array(4).fill(Array(4).fill("▼".repeat(8)).join(" ")));
    expect(lines(40)).toHaveLength(4);
  });
});
