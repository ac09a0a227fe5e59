/** ARCHITECTURE.md: its table and its picture are those of rooms.json, and every file and name on it exists. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fillArchitecture } from "../../docs/architecture-page.ts";
import { readRooms } from "../../docs/lint-rules.ts";
import { files, read, root } from "../hygiene/files.ts";

const rooms = readRooms(join(root, "rooms.json"));
const page = read("ARCHITECTURE.md");
const withoutFences = (text: string): string => text.replaceAll(/^```[^]*?^```$/gm, "");
/** Paragraphs, list items and table rows, without what is drawn or fenced. */
const pieces = withoutFences(page).split("\n");

const isPath = (span: string): boolean =>
  /^[\w.-]+(\/[\w.-]+)*\.(ts|json|md|proto|yaml)$|^[\w-]+(\/[\w-]+)+$/.test(span);
const isName = (span: string): boolean => /^#?[A-Za-z_]\w*$/.test(span);
const spansOf = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span);

/** As a whole word; private ones have their mark. */
const hasName = (text: string, name: string): boolean => new RegExp(String.raw`(?<![\w#])${name}\b`).test(text);

const doors = new Set(["index.ts", "types.ts"]);
const left = new Set(["journal.binpb", "report.html"]);

it("CONTRIBUTING.md names files and folders that are there", () => {
  const paths = spansOf(withoutFences(read("CONTRIBUTING.md"))).filter((span) => isPath(span) && span.includes("/"));
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

describe("the page on the house", () => {
  it("has the table as `npm run docs` makes it", () => expect(fillArchitecture(root, page, rooms)).toBe(page));

  it("draws every room on a floor above all that it imports", () => {
    const picture = page.slice(page.indexOf("```text"), page.indexOf("```\n\nImports"));
    const floorOf = new Map<string, number>();
    picture.split("\n").forEach((line, floor) => {
      for (const [, room] of line.matchAll(/\[ (\w+) \]/g)) floorOf.set(room, floor);
    });
    expect([...floorOf.keys()].toSorted()).toEqual(Object.keys(rooms.rooms).toSorted());
    const upward = Object.entries(rooms.rooms).flatMap(([name, { mayImport, mayImportTypes = [] }]) =>
      [...mayImport, ...mayImportTypes]
        .filter((other) => floorOf.get(other)! <= floorOf.get(name)!)
        .map((other) => `${name} -> ${other}`),
    );
    expect(upward).toEqual([]);
  });

  it("names files and folders that are there", () => {
    const paths = spansOf(pieces.join("\n")).filter((span) => isPath(span) && !doors.has(span) && !left.has(span));
    expect(paths.length).toBeGreaterThan(100);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("says of each name in a walk which file it is in", () => {
    const steps = pieces.filter((line) => /^\d+\. /.test(line));
    expect(steps.length).toBeGreaterThan(25);
    const wrong: string[] = [];
    let names = 0;
    for (const step of steps) {
      // A name belongs to the file in front of it; `X in file` and `X of file` to the one behind.
      const spans = [...step.matchAll(/`([^`]+)`(?: (?:of|in) `([^`]+\.ts)`)?/g)];
      let file = "";
      for (const [, span, behind] of spans) {
        if (isPath(span) && span.endsWith(".ts")) file = span;
        if (!isName(span)) continue;
        names++;
        const place = behind ?? file;
        // Names of walks' beginnings, such as a scenario's field, stand before any file.
        if (place === "" || !hasName(read(place), span)) wrong.push(`${span}: not in ${place}`);
        if (behind !== undefined) file = behind;
      }
    }
    expect(names).toBeGreaterThan(90);
    expect(wrong).toEqual([]);
  });

  it("has no name elsewhere that the code lacks", () => {
    const code = files
      .filter((file) => file.endsWith(".ts") && !file.startsWith("test/") && statSync(join(root, file)).isFile())
      .map(read)
      .join("\n");
    const folders = new Set([...Object.keys(rooms.rooms), ...rooms.anything, "proto", "process", "effect"]);
    const names = spansOf(pieces.filter((line) => !/^\d+\. /.test(line)).join("\n")).filter(isName);
    expect(names.length).toBeGreaterThan(25);
    expect(names.filter((name) => !folders.has(name) && !hasName(code, name))).toEqual([]);
  });

  it("has a glossary", () => {
    const words = [...page.slice(page.indexOf("## Words")).matchAll(/^\| ([^|]+) \| [^|]+ \|$/gm)];
    expect(words.length).toBeGreaterThan(25);
  });
});
