/** A watched folder on the disk: which files count, and that nothing else is opened. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DiskFolder } from "../../../ont/folder/process/index.ts";
import { removeFolder } from "../../support/folder.ts";

let folder: string;
const path = (): string => join(folder, "update.zip");
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "folder-"));
});
afterEach(() => removeFolder(folder));

it("sees update.zip, and reads exactly what is asked for", () => {
  writeFileSync(path(), "0123456789");
  const disk = new DiskFolder(folder);
  expect(disk.look()).toMatchObject({ sizeBytes: 10 });
  const file = disk.open();
  expect(file.read(3, 4).toString()).toBe("3456");
  expect(() => file.read(8, 4)).toThrow("shorter than it was");
  file.close();
});

it.each([
  ["nothing", () => undefined],
  ["a file of another name", () => writeFileSync(join(folder, "UPDATE.ZIP"), "x")],
  ["one in a folder below", () => writeFileSync(join(mkdirs("below"), "update.zip"), "x")],
  ["a folder", () => mkdirSync(path())],
  ["a link", () => symlinkSync("/etc/hostname", path())],
  ["a pipe, at which whoever opens it would wait", () => execFileSync("mkfifo", [path()])],
])("does not take %s", (_name, make) => {
  make();
  const disk = new DiskFolder(folder);
  expect(disk.look()).toBeUndefined();
  expect(() => disk.open()).toThrow();
});

it("does not mind that the folder is not there", () => {
  expect(new DiskFolder(join(folder, "absent")).look()).toBeUndefined();
});

function mkdirs(name: string): string {
  mkdirSync(join(folder, name));
  return join(folder, name);
}
