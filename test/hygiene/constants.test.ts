/** Plain constants of a module are written in capitals, so that a reader tells them from what a call makes. */
import { expect, it } from "vitest";
import { read, roomOf, sources } from "./files.ts";

/** A number, a string or an empty buffer with a name that is not in capitals, at the beginning of a line. */
const PLAIN =
  /^(?:export )?const ([a-z]\w*)(?: ?: [^=\n]+)? = (?:-?[0-9][\w.]*;|"[^"\n]*";|`[^`$]*`;|(?:Buffer\.alloc|new Uint8Array)\(0\);)/gm;

it("plain constants of a module are in capitals", () => {
  const found = sources
    .filter((file) => /\.tsx?$/.test(file) && roomOf(file) !== "test")
    .flatMap((file) => [...read(file).matchAll(PLAIN)].map(([, name]) => `${file}: ${name}`));
  expect(found).toEqual([]);
});
