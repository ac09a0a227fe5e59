/** Folders are made or refused at once, also where `mkdirSync` would never come back. */
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeFolders } from "../../../base/files/index.ts";
import { makeRunFolder } from "../../../run/recorder/run-folder.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-folders-"));
afterAll(() => removeFolder(root));

describe("folders", () => {
  it("are made with those above them, and may be there already", () => {
    const path = join(root, "a", "b", "c");
    makeFolders(path);
    makeFolders(path);
    expect(existsSync(path)).toBe(true);
  });

  it("are not made where a file is", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    expect(() => makeFolders(file)).toThrow("EEXIST");
    expect(() => makeFolders(join(file, "below"))).toThrow("ENOTDIR");
  });

  it.runIf(existsSync("/proc/self"))("are refused at once in a place that takes none", () => {
    expect(() => makeFolders("/proc/poncast/run")).toThrow("ENOENT");
    expect(() => makeRunFolder("run", "/proc/poncast", false, new Date(0))).toThrow(
      "--out /proc/poncast: folder cannot be made (ENOENT); name another one",
    );
  });
});
