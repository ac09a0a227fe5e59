/** `poncast serve`: what it refuses, in a line and with exit code 2; tokens of devices. */
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commandHere } from "../support/command.ts";
import { removeFolder } from "../support/folder.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "poncast-serve-words-"));
  writeFileSync(join(folder, "a.swu"), "x");
  writeFileSync(join(folder, "short"), "secret\n");
  writeFileSync(join(folder, "token"), "0123456789abcdef\n");
});
afterAll(() => removeFolder(folder));

it.each<[string[], string]>([
  [[], "name the files, or the folder, to hand out"],
  [["none"], "none: no such file or folder"],
  [["a.swu", "--window", "at night"], "--window: at night is not allowed"],
  [["a.swu", "--poll", "2d"], "--poll: 2d is not allowed; 1 s to one second less than a day"],
  [["a.swu", "--rate", "0Mbit/s"], "--rate: 0Mbit/s is not allowed; more than 0"],
  [["a.swu", "--rate", "fast"], "--rate: fast is not allowed"],
  [["a.swu", "--cert", "x"], "--cert and --key belong together"],
  [["a.swu", "--staple", "x"], "--staple and --client-ca are for HTTPS"],
  [["a.swu", "--pki", "ca", "--staple", "x"], "--pki: brings certificate, staple and authority"],
  [["a.swu", "--token-file", "short"], "short: not a token"],
  [["a.swu", "--token-file", "absent"], "absent: cannot be read (ENOENT)"],
  [["a.swu", "--listen", "here"], "--listen: here is not allowed"],
  [["--token-for", "../x"], "--token-for: ../x is not allowed"],
])("%j", async (words, line) => {
  const { code, out, err } = await commandHere(["serve", ...words], folder);
  expect([code, out, err.trim().split("\n")]).toEqual([2, "", [expect.stringContaining(line)]]);
  expect(existsSync(join(folder, "depot-state"))).toBe(false);
});

it("prints the token of a device, another for each, and the same again", async () => {
  const of = async (device: string): Promise<string> =>
    (await commandHere(["serve", "--token-for", device, "--token-file", "token"], folder)).out;
  const [one, two, again] = [await of("ont-1"), await of("ont-2"), await of("ont-1")];
  expect(one).toMatch(/^[\w-]{43}\n$/);
  expect(two).not.toBe(one);
  expect(again).toBe(one);
});
