/** Sizes, head lines and places of the source files. */
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRooms } from "../../docs/lint-rules.ts";
import { files, hasHeadLine, linesOf, roomOf, root, sources } from "./files.ts";

/** Lines of a file that fit in one head. */
const LINES_MAX = 300;
/** Files that are longer, each with the lines it has at most: to be made shorter, not longer. */
const LONGER: Readonly<Record<string, number>> = {
  "omci/wireshark/poncast_omci.lua": 465,
  // Made.
  "omci/wireshark/poncast_omci_tables.lua": 1840,
};

/** Share of the lines that one room may have. */
const ROOM_SHARE_MAX = 0.15;
/** Rooms that have more, with their share at most: to be made smaller. */
const LARGER: Readonly<Record<string, number>> = {};

/** Folders of test/ that are about no single room. */
const ABOUT_ALL = new Set(["e2e", "hygiene", "mutants", "support"]);

const { rooms } = readRooms(join(root, "rooms.json"));
const ofRooms = sources.filter((file) => roomOf(file) in rooms);

describe("source files", () => {
  it("are short, but for those that are named", () => {
    const long = sources.filter((file) => linesOf(file) > LINES_MAX);
    expect(long.filter((file) => linesOf(file) > (LONGER[file] ?? 0)).map((file) => [file, linesOf(file)])).toEqual([]);
    // Nor is one named that is short now.
    expect(Object.keys(LONGER).filter((file) => !long.includes(file))).toEqual([]);
  });

  it("say in front what they are for", () => {
    expect(sources.filter((file) => !hasHeadLine(file))).toEqual([]);
  });
});

describe("rooms", () => {
  it("are none of them more than a small part of the house", () => {
    const lines = new Map<string, number>();
    for (const file of ofRooms) lines.set(roomOf(file), (lines.get(roomOf(file)) ?? 0) + linesOf(file));
    const total = [...lines.values()].reduce((sum, each) => sum + each, 0);
    expect(total).toBeGreaterThan(10_000);
    const shares = [...lines].map(([room, each]) => ({ room, share: each / total }));
    expect(shares.filter(({ room, share }) => share > (LARGER[room] ?? ROOM_SHARE_MAX))).toEqual([]);
    expect(shares.filter(({ room, share }) => room in LARGER && share <= ROOM_SHARE_MAX)).toEqual([]);
  });

  it("are mirrored by the tests", () => {
    const tests = files.filter((file) => file.startsWith("test/") && file.endsWith(".test.ts"));
    const lost = tests.filter((file) => {
      const folder = dirname(file).slice("test/".length);
      if (ABOUT_ALL.has(roomOf(folder))) return false;
      return !existsSync(join(root, folder)) || !statSync(join(root, folder)).isDirectory();
    });
    expect(tests.length).toBeGreaterThan(80);
    expect(lost).toEqual([]);
  });
});
