/** The table of rooms in ARCHITECTURE.md, from rooms.json. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Room, Rooms } from "./lint-rules.ts";
import { TOUCHES_MEAN, touchesInWords } from "./touches.ts";

/** ARCHITECTURE.md with the table as rooms.json has it. */
export const fillArchitecture = (root: string, page: string, rooms: Rooms): string =>
  page.replace(/(<!-- made: rooms -->\n)[^]*?(<!-- end -->)/, (_all, begin: string, end: string) => {
    const rows = Object.entries(rooms.rooms).map(([name, room]) => rowOf(root, name, room));
    const table = ["| room | what it holds | may import | touches |", "|---|---|---|---|", ...rows].join("\n");
    return `${begin}\n${table}\n\n${TOUCHES_MEAN}\n\n${coresOf(rooms)}\n\n${end}`;
  });

function rowOf(root: string, name: string, room: Room): string {
  const words = existsSync(join(root, name)) ? room.holds : `${room.holds} (not built yet)`;
  return `| \`${name}\` | ${words} | ${importsOf(room)} | ${touchesInWords(name, room.touches)} |`;
}

function importsOf({ mayImport, mayImportTypes = [], also = {} }: Room): string {
  const parts = [mayImport.length > 0 ? mayImport.join(", ") : "nothing of ours"];
  if (mayImportTypes.length > 0) parts.push(`types of ${mayImportTypes.join(", ")}`);
  for (const [folder, rooms] of Object.entries(also)) parts.push(`${folder} also ${rooms.join(", ")}`);
  return parts.join("; ");
}

const coresOf = ({ cores }: Rooms): string =>
  `A core (${cores.map((core) => `\`${core}\``).join(", ")}) imports nothing of its own room but itself, its other cores and types.ts of other folders, nothing of Node.js, and no \`effect\`.`;
