/** Debian's fastboot, tftp and lrzsz recover a device of ours: what they send boots, and what they read back is the same. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeFolder } from "../../support/folder.ts";
import { brick, bundleOf, newBundle, otherKeys } from "./bench.ts";
import { RecoveryDevice } from "./device.ts";

const call = promisify(execFile);
const has = (...programs: string[]): boolean => {
  for (const program of programs)
    try {
      execFileSync("which", [program], { stdio: "ignore" });
    } catch {
      console.log(`${program} is not installed: a test of recovery is left out`);
      return false;
    }
  return true;
};
/** None of these programs takes so long; a machine with much else to do may. */
const PATIENCE = 240_000;

let folder: string;
let device: RecoveryDevice;
let bundlePath: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "recover-"));
  bundlePath = join(folder, "fw.bundle");
  writeFileSync(bundlePath, newBundle);
  brick(join(folder, "ont"));
  device = await RecoveryDevice.on(join(folder, "ont"));
});

afterEach(() => {
  device.off();
  removeFolder(folder);
});

const same = (path: string): boolean => Buffer.compare(readFileSync(path), newBundle) === 0;

/** Until the device runs an image. */
async function untilUp(): Promise<void> {
  for (let tries = 0; tries < 500 && !device.bench.port.snapshot().online; tries++)
    await new Promise((done) => setTimeout(done, 20));
  const { online, activeSlot, record } = device.bench.port.snapshot();
  expect([online, record.slots[activeSlot]?.version]).toEqual([true, "2.0.0"]);
}

describe.skipIf(!has("fastboot"))("fastboot", () => {
  const fastboot = async (...words: string[]): Promise<string> => {
    const target = ["-s", `tcp:127.0.0.1:${device.ports.fastboot}`];
    const { stdout, stderr } = await call("fastboot", [...target, ...words], { timeout: PATIENCE });
    return `${stdout}${stderr}`;
  };

  it("recovers it", async () => {
    expect(await fastboot("getvar", "product")).toContain("product: PC-1");
    expect(await fastboot("getvar", "all")).toContain("slot-unbootable:a:yes");
    expect(await fastboot("flash", "image_b", bundlePath)).toMatch(/OKAY/);
    await fastboot("oem", "stage", "image_b");
    const backPath = join(folder, "back");
    await fastboot("get_staged", backPath);
    expect(same(backPath)).toBe(true);
    await fastboot("set_active", "b");
    await fastboot("reboot");
    await untilUp();
    expect(await fastboot("getvar", "current-slot")).toContain("current-slot: b");
  });

  it("is told why an image is refused", async () => {
    writeFileSync(bundlePath, bundleOf("2.0.0", 5_000, {}, otherKeys));
    await expect(fastboot("flash", "image_a", bundlePath)).rejects.toThrow(/untrusted-signature/);
    expect(device.bench.record.slots).toEqual([null, null]);
  });
});

describe.skipIf(!has("tftp"))("tftp-hpa", () => {
  const tftp = async (commands: string): Promise<string> => {
    const child = spawn("tftp", ["-m", "binary", "127.0.0.1", String(device.ports.tftp)], { timeout: PATIENCE });
    let out = "";
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (out += text));
    child.stdin.end(commands);
    await new Promise((done) => child.on("close", done));
    return out;
  };

  it("recovers it", async () => {
    const [commandPath, backPath, tellPath] = ["command", "back", "tell"].map((name) => join(folder, name));
    await tftp(`put ${bundlePath} image_a\nget image_a ${backPath}\nget device.txt ${tellPath}\nquit\n`);
    expect(same(backPath!)).toBe(true);
    expect(readFileSync(tellPath!, "latin1")).toContain("image-version:a:2.0.0\n");
    for (const command of ["set_active:a", "reboot"]) {
      writeFileSync(commandPath!, command);
      expect(await tftp(`put ${commandPath} command\nquit\n`)).not.toContain("rror");
    }
    await untilUp();
  });

  it("is told why an image is refused", async () => {
    writeFileSync(bundlePath, newBundle.subarray(0, 50_000));
    expect(await tftp(`put ${bundlePath} image_a\nquit\n`)).toContain("truncated");
    expect(device.bench.record.slots).toEqual([null, null]);
  });
});

describe.skipIf(!has("sb", "rb", "socat"))("lrzsz on a pty", () => {
  it("recovers it", async () => {
    const tty = join(folder, "tty");
    const socat = spawn("socat", [`PTY,link=${tty},raw,echo=0`, `TCP:127.0.0.1:${device.ports.console}`]);
    try {
      while (!existsSync(tty)) await new Promise((done) => setTimeout(done, 20));
      // Held open, as socat ends with the last who has it.
      const held = openSync(tty, constants.O_RDWR | constants.O_NOCTTY);
      const shell = (script: string) => call("bash", ["-c", script], { cwd: folder, timeout: PATIENCE });
      // A line is read before a program begins, so that it sees nothing of it.
      await shell(`exec 3<>${tty}; printf 'loady\\r' >&3; read -t 20 line <&3; sb -q -b fw.bundle <&3 >&3`);
      await shell(
        `exec 3<>${tty}; printf 'flash:image_b\\r' >&3; until [[ $line == *OKAY* ]]; do read -t 20 line <&3 || exit 9; done`,
      );
      expect(device.bench.record.slots[1]?.version).toBe("2.0.0");
      await shell(
        `exec 3<>${tty}; printf 'fetch:image_b\\r' >&3; until [[ $line == *DATA* ]]; do read -t 20 line <&3 || exit 9; done; rm fw.bundle; rb -q <&3 >&3`,
      );
      expect(same(join(folder, "image"))).toBe(true);
      await shell(
        `exec 3<>${tty}; printf 'set_active:b\\rreboot\\r' >&3; until [[ $line == *up\\ in\\ slot\\ b* ]]; do read -t 20 line <&3 || exit 9; done`,
      );
      await untilUp();
      closeSync(held);
    } finally {
      socat.kill();
    }
  });

  it("has one line at a time", async () => {
    const first = connect(device.ports.console, "127.0.0.1");
    first.write("getvar:product\r");
    const said = await new Promise<string>((done) => first.once("data", (bytes) => done(bytes.toString())));
    expect(said).toContain("OKAYPC-1");
    const second = connect(device.ports.console, "127.0.0.1");
    await new Promise((done) => second.on("close", done));
    first.destroy();
  });
});
