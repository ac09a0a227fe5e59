/** `poncast acs`: what it refuses, in a line and with exit code 2; passwords of devices. */
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commandHere } from "../support/command.ts";
import { removeFolder } from "../support/folder.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "poncast-acs-words-"));
  writeFileSync(join(folder, "a.swu"), "x");
  writeFileSync(join(folder, "names"), "# none yet\nont\n");
  writeFileSync(join(folder, "token"), "0123456789abcdef\n");
});
afterAll(() => removeFolder(folder));

it.each<[string[], string]>([
  [[], "name the files, or the folder, to hand out, or a --task"],
  [["none"], "none: no such file or folder"],
  [["a.swu", "--window", "at night"], "--window: at night is not allowed"],
  [["a.swu", "--give-up", "0s"], "--give-up: 0s is not allowed; 1 s and more"],
  [["a.swu", "--connect", "all"], "--connect"],
  [["a.swu", "--task", "reboot"], "--task: reboot is not JSON"],
  [["a.swu", "--task", '{"method": "Inform"}'], "--task: Inform is not sent by an ACS"],
  [["a.swu", "--credentials", "names"], "names:2: name:password is needed"],
  [["a.swu", "--key", "x"], "--cert and --key belong together"],
  [["--password-for", "a b"], "--password-for: a b is not allowed"],
])("%j", async (words, line) => {
  const { code, out, err } = await commandHere(["acs", ...words], folder);
  expect([code, out, err.trim().split("\n")]).toEqual([2, "", [expect.stringContaining(line)]]);
  expect(existsSync(join(folder, "acs-state"))).toBe(false);
});

it("prints the password of a device, another for each, and the same again", async () => {
  const of = async (device: string): Promise<string> =>
    (await commandHere(["acs", "--password-for", device, "--token-file", "token"], folder)).out;
  const [one, two, again] = [await of("ont-1"), await of("ont-2"), await of("ont-1")];
  expect(one).toMatch(/^[\w-]{43}\n$/);
  expect(two).not.toBe(one);
  expect(again).toBe(one);
});
