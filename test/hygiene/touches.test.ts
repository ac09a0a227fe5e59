/** What of the machine each file touches is what rooms.json lets it touch, and what rooms.json says is touched. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRooms } from "../../docs/lint-rules.ts";
import { rowOf, TOUCHES, touchesOf } from "../../docs/touches.ts";
import { read, roomOf, root, sources } from "./files.ts";

const table = readRooms(join(root, "rooms.json"));
const files = sources
  .filter((file) => /\.tsx?$/.test(file) && roomOf(file) in table.rooms)
  .map((file) => ({ file, room: roomOf(file), row: rowOf(table, file), touches: touchesOf(read(file)) }));

describe("what files touch", () => {
  it("is what their room or folder may touch", () => {
    expect(files.length).toBeGreaterThan(350);
    const faults = files.flatMap(({ file, room, row, touches }) =>
      touches.filter((touch) => !table.rooms[room].touches[row].includes(touch)).map((touch) => `${file}: ${touch}`),
    );
    expect(faults).toEqual([]);
  });

  it("is no less than the table says: each row has a file for each of its words", () => {
    const found = new Set(
      files.flatMap(({ room, row, touches }) => touches.map((touch) => `${room}/${row}: ${touch}`)),
    );
    const said = Object.entries(table.rooms).flatMap(([room, { touches }]) =>
      Object.entries(touches).flatMap(([row, some]) => some.map((touch) => `${room}/${row}: ${touch}`)),
    );
    expect(said.filter((each) => !found.has(each))).toEqual([]);
    const rows = Object.entries(table.rooms).flatMap(([room, { touches }]) =>
      Object.keys(touches).map((row) => ({ room, row })),
    );
    const isOfFiles = ({ room, row }: { room: string; row: string }): boolean =>
      row === "" || files.some((file) => file.room === room && file.row === row);
    expect(rows.filter((row) => !isOfFiles(row))).toEqual([]);
  });

  it("is nothing in a core", () => {
    for (const core of table.cores) {
      const inCore = files.filter(({ file }) => file.startsWith(`${core}/`));
      expect(inCore.length, core).toBeGreaterThan(5);
      expect(inCore.flatMap(({ room, row }) => table.rooms[room].touches[row])).toEqual([]);
    }
  });
});

describe("the signs by which it is told", () => {
  it.each([
    ["const x = Date.now();", ["clock"]],
    ["const x = new Date();", ["clock"]],
    ["const x = new Date(timeMs);", []],
    ["const x = process.hrtime.bigint();", ["clock"]],
    ["const nowNs = startClock(epochNs);", ["clock"]],
    ["setTimeout(wake, 5);", ["timers"]],
    ['import { setImmediate } from "node:timers/promises";', ["timers"]],
    ['import {\n  readFileSync,\n} from "node:fs";', ["files"]],
    ['import type { Stats } from "node:fs";', []],
    ['export * from "node:fs/promises";', ["files"]],
    ['const { createSocket } = await import("node:dgram");', ["sockets"]],
    ['import * as grpc from "@grpc/grpc-js";', ["sockets"]],
    ['import { spawn } from "node:child_process";', ["processes"]],
    ["process.exit(1);", ["processes"]],
    ["const x = Math.random();", ["chance"]],
    ["const x = randomBytes(6);", ["chance"]],
    ['import { Schema } from "effect";', ["effect"]],
    ["/** Not `Date.now()`. */", []],
    ["const x = 1; // Math.random() would do", []],
    ['const url = "http://x"; const y = Math.random();', ["chance"]],
  ])("%s", (text, touches) => expect(touchesOf(text)).toEqual(touches));

  it("know each word of the table", () => {
    const words = Object.values(table.rooms).flatMap(({ touches }) => Object.values(touches).flat());
    expect(words.filter((word) => !(TOUCHES as string[]).includes(word))).toEqual([]);
  });
});
