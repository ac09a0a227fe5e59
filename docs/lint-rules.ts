/** Makes the linter's import rules from the table of rooms (rooms.json), so that both say the same. */
import { readFileSync } from "node:fs";

export interface Room {
  holds: string;
  mayImport: readonly string[];
  /** Of these, types only. */
  mayImportTypes?: readonly string[];
  /** What a folder of the room may import beside that. */
  also?: Readonly<Record<string, readonly string[]>>;
  /** What of the machine its files may touch (docs/touches.ts), by folder or file within it; "" is all the rest. */
  touches: Readonly<Record<string, readonly string[]>>;
}

export interface Rooms {
  rooms: Readonly<Record<string, Room>>;
  /** Folders that may import anything, and inner files too. */
  anything: readonly string[];
  /** Folders without I/O, clock and chance. */
  cores: readonly string[];
}

/** Folders within folders within a room, at the most. */
const DEPTH_MAX = 5;

interface Pattern {
  group?: readonly string[];
  regex?: string;
  message: string;
  allowTypeImports?: boolean;
}

interface Override {
  files: string[];
  rules: Record<string, unknown>;
}

export const readRooms = (path: string): Rooms => JSON.parse(readFileSync(path, "utf8")) as Rooms;

/** From files so many folders deep, the way up to the project's root. */
const up = (depth: number): string => "../".repeat(depth);

/** Whatever is in a room but its doors; on the way up, only a room can come behind so many steps. */
const behindDoors = (depth: number): string[] => [
  `${up(depth)}*/**`,
  ...["index.ts", "types.ts"].flatMap((door) => [`!${up(depth)}*/${door}`, `!${up(depth)}*/**/${door}`]),
];

const inRooms = (rooms: readonly string[], depth: number): string => `^(\\.\\./){${depth}}(${rooms.join("|")})/`;

/** What `no-restricted-imports` has to say in one room, at one depth. */
function patternsOf({ rooms, anything }: Rooms, name: string, depth: number, also: readonly string[] = []): Pattern[] {
  const { mayImport, mayImportTypes = [] } = rooms[name];
  const open = [...mayImport, ...also];
  const others = [...Object.keys(rooms), ...anything].filter((other) => other !== name);
  const closed = others.filter((other) => !open.includes(other) && !mayImportTypes.includes(other));
  const words = open.length > 0 ? open.join(", ") : "nothing of ours";
  // The doors last: what their exceptions let through, the linter holds against no later pattern.
  return [
    { regex: inRooms(closed, depth), message: `${name} imports ${words} only (rooms.json)` },
    ...(mayImportTypes.length > 0
      ? [{ regex: inRooms(mayImportTypes, depth), message: `${name} imports types only`, allowTypeImports: true }]
      : []),
    { group: behindDoors(depth), message: "across rooms only index.ts or types.ts is imported" },
  ];
}

const CORE_RULES = {
  "no-restricted-globals": ["error", "performance", "setTimeout", "setInterval", "setImmediate", "process"],
  "no-restricted-properties": ["error", { object: "Math", property: "random" }, { object: "Date", property: "now" }],
} as const;

/** @param sisters other cores of its room, from the room on */
function corePatterns(roomDepth: number, sisters: readonly string[]): Pattern[] {
  const doors = ["index.ts", "types.ts", "*/types.ts", ...sisters.map((core) => `${core}/index.ts`)];
  return [
    {
      group: ["node:*", "effect", "effect/**"],
      message: "a core is pure: no effect, no node: module",
    },
    {
      group: [`${up(roomDepth)}*/**`, ...doors.map((door) => `!${up(roomDepth)}${door}`)],
      message: "a core imports nothing of its room but what is in the core, other cores, and types.ts of other folders",
    },
  ];
}

const filesAt = (folder: string, below: number): string[] => [`${folder}/${"*/".repeat(below)}*.ts`];

const restricted = (patterns: readonly Pattern[]): Record<string, unknown> => ({
  "no-restricted-imports": ["error", { patterns }],
});

/** The overrides of .oxlintrc.json, a folder and a depth each; later ones replace earlier ones. */
export function lintOverrides(table: Rooms): Override[] {
  const overrides: Override[] = [];
  for (const name of Object.keys(table.rooms)) {
    for (let depth = 1; depth <= DEPTH_MAX; depth++)
      overrides.push({ files: filesAt(name, depth - 1), rules: restricted(patternsOf(table, name, depth)) });
    for (const [folder, also] of Object.entries(table.rooms[name].also ?? {}))
      for (let depth = 2; depth <= DEPTH_MAX; depth++)
        overrides.push({
          files: filesAt(`${name}/${folder}`, depth - 2),
          rules: restricted(patternsOf(table, name, depth, also)),
        });
  }
  for (const core of table.cores) {
    const [room] = core.split("/");
    const coreDepth = core.split("/").length;
    const isSister = (other: string): boolean => other !== core && other.startsWith(`${room}/`);
    const sisters = table.cores.filter(isSister).map((other) => other.slice(room.length + 1));
    for (let depth = coreDepth; depth <= DEPTH_MAX; depth++)
      overrides.push({
        files: filesAt(core, depth - coreDepth),
        rules: {
          ...restricted([...corePatterns(depth - 1, sisters), ...patternsOf(table, room, depth)]),
          ...CORE_RULES,
        },
      });
  }
  return overrides;
}

/** .oxlintrc.json as it should be: everything else in it stays. */
export function lintConfig(current: string, table: Rooms): string {
  const config = JSON.parse(current) as Record<string, unknown>;
  return `${JSON.stringify({ ...config, overrides: lintOverrides(table) }, undefined, 2)}\n`;
}
