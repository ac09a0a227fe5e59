/** `poncast recover`: what it refuses, in one line and before anything is sent; and a device that it recovers. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brick, bundleOf, keys, newBundle, otherKeys } from "../ont/recovery/bench.ts";
import { RecoveryDevice } from "../ont/recovery/device.ts";
import { commandHere } from "../support/command.ts";
import { removeFolder } from "../support/folder.ts";

let folder: string;
let at: (name: string) => string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "recover-"));
  at = (name) => join(folder, name);
  writeFileSync(at("fw.bundle"), newBundle);
  writeFileSync(at("cut.bundle"), newBundle.subarray(0, 90_000));
  writeFileSync(at("key.pem"), keys.publicPem);
  writeFileSync(at("other.pem"), otherKeys.publicPem);
  writeFileSync(at("bad.yaml"), "name: x\nspeaks: loudly\n");
});
afterAll(() => removeFolder(folder));

const recover = (...words: string[]) => commandHere(["recover", ...words], folder);
const DEVICE = "fastboot://127.0.0.1:1";

describe("poncast recover", () => {
  it.each([
    ["no address", [], /^where is the device\? fastboot:/],
    ["an address that is none", ["usb:1"], /^usb:1: no address; fastboot:/],
    ["a port that is none", ["tftp://127.0.0.1:70000"], /^tftp:\/\/127.0.0.1:70000: no address/],
    ["no image", [DEVICE], /^--image: the bundle that is sent is missing$/],
    ["no such image", [DEVICE, "--image", "none"], /^none: [^\n]+$/],
    ["an image that was cut off", [DEVICE, "--image", "cut.bundle"], /^cut\.bundle: [^\n]+$/],
    ["an image of somebody else", [DEVICE, "--image", "fw.bundle", "--key", "other.pem"], /^fw\.bundle: [^\n]+$/],
    ["a profile that is none", [DEVICE, "--profile", "x"], /^x: no such profile; fastboot, poncast-ont, /],
    ["a bad profile", [DEVICE, "--profile", "bad.yaml"], /^bad\.yaml: speaks: has to be commands or files$/],
    [
      "a profile of another road",
      [DEVICE, "--profile", "tftp-server"],
      /^fastboot:\/\/127.0.0.1:1: profile tftp-server speaks tftp; name another/,
    ],
    [
      "a log that cannot be written",
      [DEVICE, "--image", "fw.bundle", "--log", "none/x"],
      /^--log: none\/x cannot be written/,
    ],
    ["a time that is none", [DEVICE, "--image", "fw.bundle", "--wait", "soon"], /^--wait: soon is not allowed/],
    [
      "a tty that is none",
      ["ymodem:/nowhere/tty", "--image", "fw.bundle", "--wait", "0.1s"],
      /^detect: nobody answers: [^\n]*ENOENT/,
    ],
  ])("refuses %s", async (_what, words, line) => {
    const { code, err } = await recover(...words);
    expect(err.trim()).toMatch(line);
    expect(err.trim()).not.toContain("\n");
    expect(code).toBe(err.startsWith("detect") ? 1 : 2);
  });

  it("names its profiles", async () => {
    const { code, out } = await recover("--list-profiles");
    expect([code, out.split("\n")[1]]).toEqual([0, "poncast-ont      ONT of poncast, in its boot loader"]);
  });

  it("recovers a device, with a log, and says why where it does not", async () => {
    brick(at("ont"));
    const device = await RecoveryDevice.on(at("ont"));
    try {
      const address = `fastboot://127.0.0.1:${device.ports.fastboot}`;
      writeFileSync(at("foreign.bundle"), bundleOf("2.0.0", 900, {}, otherKeys));
      const refused = await recover(address, "--image", "foreign.bundle");
      expect([refused.code, refused.err.trim()]).toEqual([1, "send: the device refuses oem: untrusted-signature"]);
      writeFileSync(at("other.bundle"), bundleOf("2.0.0", 900, { hardware: ["HW-4"] }));
      const other = await recover(address, "--image", "other.bundle");
      expect([other.code, other.err.trim()]).toEqual([2, "check: the image is for hardware HW-4, the device is HW-1"]);
      const dry = await recover(address, "--image", "fw.bundle", "--dry-run");
      expect([dry.code, dry.out.split("\n").at(-2)]).toEqual([0, "nothing was changed (--dry-run)"]);
      const { code, out } = await recover(address, "--image", "fw.bundle", "--key", "key.pem", "--log", "case.log");
      expect([code, out.split("\n").at(-2)]).toEqual([0, "2.0.0 runs in slot a"]);
      const log = readFileSync(at("case.log"), "utf8");
      expect(log).toMatch(/^# poncast \S+ \(\w+\) recover fastboot:\/\/127\.0\.0\.1:\d+, poncast-ont, fw\.bundle\n/);
      expect(log).toMatch(/Z > oem begin image_a 24aba [0-9a-f]+\n[^\n]+Z < ok 0x0\n/);
      expect(log).toMatch(/recovered: 2\.0\.0 runs in slot a\n$/);
    } finally {
      device.off();
    }
  });
});

describe("poncast ont", () => {
  const ont = (...words: string[]) =>
    commandHere(["ont", "--olt", "127.0.0.1:1", "--key", "key.pem", "--onts", "2", ...words], folder);
  it.each([
    [["--boot-loader", "usb:"], /^--boot-loader: usb: is no address; /],
    [["--boot-loader", "ymodem:/dev/ttyS0"], /a tty is for one ONT, not for 2 ONTs$/],
    [
      ["--boot-loader", "tftp://127.0.0.1:6969", "--boot-loader", "tftp://127.0.0.1:6970"],
      /there is one for tftp already$/,
    ],
  ])("refuses %j", async (words, line) => {
    const { code, err } = await ont(...words);
    expect([code, err.trim()]).toEqual([2, expect.stringMatching(line)]);
  });
});
