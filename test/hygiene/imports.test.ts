/** Imports of all files against rooms.json. */
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { lintConfig, readRooms } from "../../docs/lint-rules.ts";
import { files, read, roomOf, root } from "./files.ts";

const table = readRooms(join(root, "rooms.json"));
const config = read(".oxlintrc.json");
const sources = files.filter((file) => /\.tsx?$/.test(file));

interface Import {
  file: string;
  target: string;
  typesOnly: boolean;
}

const STATEMENT = /^(?:import|export)\s+(type\s)?([^"';]*?)\s*from\s+"(\.[^"]+)"|import\(\s*"(\.[^"]+)"\s*\)/gms;

/** All imports of the project's own files. */
const imports: Import[] = sources.flatMap((file) =>
  [...read(file).matchAll(STATEMENT)].map(([, type, names, from, dynamic]) => {
    const named = /^\{([^}]*)\}$/s
      .exec((names ?? "").trim())?.[1]
      .split(",")
      .filter((name) => name.trim() !== "");
    const typesOnly = type !== undefined || (named?.every((name) => name.trim().startsWith("type ")) ?? false);
    return { file, target: join(dirname(file), from ?? dynamic), typesOnly };
  }),
);

const isDoor = (file: string): boolean => /\/(index|types)\.ts$/.test(file);

/** What is wrong with an import, empty when nothing is. */
function faultOf({ file, target, typesOnly }: Import): string {
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === to || table.anything.includes(from) || !file.includes("/")) return "";
  const room = table.rooms[from];
  if (room === undefined) return `${file}: ${from} is no room of rooms.json`;
  const also = Object.entries(room.also ?? {}).flatMap(([folder, more]) =>
    file.startsWith(`${from}/${folder}/`) ? more : [],
  );
  if (room.mayImport.includes(to) || also.includes(to)) return isDoor(target) ? "" : `${file}: ${target} is no door`;
  if (room.mayImportTypes?.includes(to)) return typesOnly ? "" : `${file}: ${target}: types only`;
  return `${file}: ${from} may not import ${to} (${target})`;
}

describe("import directions", () => {
  it("are those of rooms.json, everywhere", () => {
    expect(imports.length).toBeGreaterThan(1000);
    expect(imports.map(faultOf).filter((fault) => fault !== "")).toEqual([]);
  });

  it("run without circles between rooms", () => {
    const below = (name: string): string[] => [
      ...(table.rooms[name].mayImport ?? []),
      ...(table.rooms[name].mayImportTypes ?? []),
    ];
    const order = Object.keys(table.rooms);
    for (const name of order)
      for (const other of below(name)) expect(below(other), `${other}, below ${name}`).not.toContain(name);
  });

  it("are in the linter's configuration as in the table", () => {
    expect(JSON.parse(config)).toEqual(JSON.parse(lintConfig(config, table)));
  });
});
