/** One name, one type: no two rooms export types of the same name. */
import { expect, it } from "vitest";
import { read, roomOf, sources } from "./files.ts";

const DECLARATION = /^export (?:default )?(?:abstract )?(?:class|enum|interface|type) (\w+)/gm;

it("exported types of one name are in one room only", () => {
  const rooms = new Map<string, Set<string>>();
  for (const file of sources.filter((each) => each.endsWith(".ts") && !/^(?:test|bench|docs)\//.test(each)))
    for (const [, name] of read(file).matchAll(DECLARATION)) {
      const known = rooms.get(name) ?? new Set();
      rooms.set(name, known.add(roomOf(file)));
    }
  expect(rooms.size).toBeGreaterThan(300);
  const shared = [...rooms].filter(([, where]) => where.size > 1);
  expect(shared.map(([name, where]) => `${name}: ${[...where].join(", ")}`)).toEqual([]);
});
