/** The captures of several ports: made anew where a run was killed, and one file in the end. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { clearCaptures, joinCaptures } from "../../../run/processes/captures.ts";

it("of a run that was killed are gone at the next start, of however many ports; what only looks like them stays", () => {
  const folder = mkdtempSync(join(tmpdir(), "captures-"));
  const path = join(folder, "a.pcapng");
  const others = ["a.pcapng.port-x", "b.pcapng.port-0", "a.pcapng.port-1.bak"];
  for (const name of ["a.pcapng", "a.pcapng.port-0", "a.pcapng.port-1", "a.pcapng.port-17", ...others])
    writeFileSync(join(folder, name), name);
  mkdirSync(join(folder, "elsewhere"));
  clearCaptures(path, 2);
  const there = ["a.pcapng", "a.pcapng.port-0", "a.pcapng.port-1", ...others, "elsewhere"];
  expect(readdirSync(folder).toSorted()).toEqual(there.toSorted());
  writeFileSync(`${path}.port-0`, "one");
  writeFileSync(`${path}.port-1`, "two");
  joinCaptures(path, 2);
  expect(readFileSync(path, "utf8")).toBe("onetwo");
  clearCaptures(path, 1);
  expect(readdirSync(folder).toSorted()).toEqual(["a.pcapng", ...others, "elsewhere"].toSorted());
});
