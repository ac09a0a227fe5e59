/** The tool recovers a device of ours by each of its roads, goes on where it was cut off, and feeds Debian's tftpd and rb. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { createSocket } from "node:dgram";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RecoveryAddress } from "../../../base/recovery/index.ts";
import { findProfile, type RecoverOutcome, type RecoverPlan, runRecovery } from "../../../headend/recover/index.ts";
import { ptyPair } from "../../conform/ptys.ts";
import { brick, newBundle } from "../../ont/recovery/bench.ts";
import { RecoveryDevice } from "../../ont/recovery/device.ts";
import { imageOf, planOf } from "./fixture.ts";
import { removeFolder } from "../../support/folder.ts";

const HOST = "127.0.0.1";
const has = (...programs: string[]): boolean => {
  for (const program of programs)
    try {
      execFileSync("bash", ["-c", `PATH=$PATH:/usr/sbin command -v ${program}`], { stdio: "ignore" });
    } catch {
      console.log(`${program} is not installed: a test of recovery is left out`);
      return false;
    }
  return true;
};

let folder: string;
let device: RecoveryDevice;
const log: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "recover-"));
  log.length = 0;
  brick(join(folder, "ont"));
  device = await RecoveryDevice.on(join(folder, "ont"));
});

afterEach(() => {
  device.off();
  removeFolder(folder);
});

const run = (address: RecoveryAddress, change: Partial<RecoverPlan> = {}): Promise<RecoverOutcome> =>
  runRecovery({
    plan: planOf(newBundle, { transport: address.kind, ...change }),
    address,
    read: (_sha256, offset, length) => newBundle.subarray(offset, offset + length),
    onProgress: () => undefined,
    note: (line) => log.push(line),
  });

const expectRecovered = (outcome: RecoverOutcome): void => {
  expect(outcome, log.slice(-30).join("\n")).toMatchObject({ ok: true });
  const { online, activeSlot, record } = device.bench.port.snapshot();
  expect([online, record.slots[activeSlot]?.version, record.committed]).toEqual([true, "2.0.0", activeSlot]);
};

describe("a device of ours is recovered", () => {
  it.each(["fastboot", "tftp", "ymodem"] as const)("by %s", async (kind) => {
    const port = { fastboot: device.ports.fastboot, tftp: device.ports.tftp, ymodem: device.ports.console }[kind];
    expectRecovered(await run({ kind, host: HOST, port }));
    // Again: it is there.
    expect(await run({ kind, host: HOST, port })).toMatchObject({ ok: true, text: "2.0.0 runs in slot a" });
    expect(log.filter((line) => line.includes("load")).length).toBeGreaterThan(0);
  });

  it.skipIf(!has("socat"))("on a tty", async () => {
    const tty = join(folder, "tty");
    const socat = spawn("socat", [`PTY,link=${tty},raw,echo=0`, `TCP:${HOST}:${device.ports.console}`]);
    try {
      while (!existsSync(tty)) await new Promise((done) => setTimeout(done, 20));
      expectRecovered(await run({ kind: "ymodem", path: tty }));
    } finally {
      socat.kill();
    }
  });

  it("whose connection breaks again and again, and whose power is cut once", async () => {
    const blocks = { ...findProfile("poncast-ont"), blockBytes: { fastboot: 16_384 } };
    // Each connection is cut after so many octets from the tool.
    const cuts = [30_000, 40_000, 50_000];
    let sent = 0;
    let lives = 0;
    const proxy: Server = createServer((near) => {
      const far = connect(device.ports.fastboot, HOST);
      let left = cuts[lives++] ?? Infinity;
      for (const socket of [near, far]) socket.on("error", () => undefined);
      near.on("close", () => far.destroy());
      far.on("close", () => near.destroy());
      far.on("data", (bytes) => near.write(bytes));
      near.on("data", (bytes) => {
        sent += bytes.length;
        left -= bytes.length;
        if (left > 0) return void far.write(bytes);
        if (lives === 2) void device.powerCycle();
        near.destroy();
      });
    });
    await new Promise<void>((done) => proxy.listen(0, HOST, done));
    const { port } = proxy.address() as { port: number };
    try {
      expectRecovered(await run({ kind: "fastboot", host: HOST, port }, { profile: blocks }));
    } finally {
      proxy.close();
    }
    expect(lives).toBeGreaterThanOrEqual(4);
    // A cut costs a block at most, and what was under way of it.
    expect(sent).toBeLessThan(newBundle.length + 3 * 2 * 16_384 + 20_000);
  });

  it("by TFTP over a line that loses one datagram in twenty-five", async () => {
    const near = createSocket("udp4");
    const ways = new Map<number, ReturnType<typeof createSocket>>();
    let count = 0;
    const isLost = (): boolean => ++count % 25 === 0;
    near.on("message", (bytes, from) => {
      let far = ways.get(from.port);
      if (far === undefined) {
        far = createSocket("udp4");
        ways.set(from.port, far);
        let peer = device.ports.tftp;
        far.on("message", (answer, { port }) => {
          peer = port;
          if (!isLost()) near.send(answer, from.port, HOST);
        });
        const own = far;
        own.bind(0, HOST);
        (own as unknown as { to: () => number }).to = () => peer;
      }
      const to = (far as unknown as { to: () => number }).to();
      if (!isLost()) far.send(bytes, to, HOST);
    });
    await new Promise<void>((done) => near.bind(0, HOST, done));
    try {
      const few = { ...findProfile("poncast-ont"), blockBytes: { tftp: 80_000 } };
      expectRecovered(await run({ kind: "tftp", host: HOST, port: near.address().port }, { profile: few }));
    } finally {
      near.close();
      for (const far of ways.values()) far.close();
    }
  });
});

describe("what is no device of ours", () => {
  it("is told in one line", async () => {
    const silent = await run({ kind: "fastboot", host: HOST, port: 1 }, { detectSeconds: 0.2 });
    expect(silent).toMatchObject({
      ok: false,
      step: "detect",
      cause: expect.stringMatching(/^nobody answers: [^\n]+$/),
    });
    const web = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((done) => web.listen(0, HOST, done));
    const { port } = web.address() as { port: number };
    expect(await run({ kind: "fastboot", host: HOST, port }, { detectSeconds: 0.2 })).toMatchObject({
      ok: false,
      step: "detect",
    });
    web.close();
  });

  it("or one that an image is not for, is refused before anything is sent", async () => {
    const address = { kind: "fastboot", host: HOST, port: device.ports.fastboot } as const;
    const images = [imageOf(newBundle, { hardware: ["HW-7"] })];
    expect(await run(address, { images })).toMatchObject({
      ok: false,
      isInput: true,
      cause: "the image is for hardware HW-7, the device is HW-1",
    });
    expect(await run(address, { dryRun: true })).toMatchObject({ ok: true, text: "nothing was changed (--dry-run)" });
    expect(device.bench.record.slots).toEqual([null, null]);
  });
});

describe("others are fed", () => {
  it.skipIf(!has("in.tftpd") || process.getuid?.() !== 0)("in.tftpd", async () => {
    const served = join(folder, "served");
    mkdirSync(served, { mode: 0o777 });
    // It writes only what is there and may be written.
    writeFileSync(join(served, "firmware.bin"), "", { mode: 0o666 });
    execFileSync("chmod", ["755", folder]);
    execFileSync("chmod", ["666", join(served, "firmware.bin")]);
    const free = createSocket("udp4");
    await new Promise<void>((done) => free.bind(0, HOST, done));
    const { port } = free.address();
    free.close();
    const daemon = spawn("/usr/sbin/in.tftpd", ["-L", "-a", `${HOST}:${port}`, "-s", "-u", "nobody", served]);
    try {
      const outcome = await run({ kind: "tftp", host: HOST, port }, { profile: findProfile("tftp-server") });
      expect(outcome, log.join("\n")).toMatchObject({ ok: true, text: "2.0.0 is there, byte for byte" });
      expect(Buffer.compare(readFileSync(join(served, "firmware.bin")), newBundle)).toBe(0);
    } finally {
      daemon.kill();
    }
  });

  it.skipIf(!has("rb", "socat"))("rb of lrzsz", async () => {
    const [near, far] = [join(folder, "near"), join(folder, "far")];
    const pair = await ptyPair(near, far);
    const receiver = spawn("bash", ["-c", `exec rb -q <${far} >${far}`], { cwd: folder });
    const ended = new Promise((done) => receiver.on("close", done));
    try {
      const outcome = await run({ kind: "ymodem", path: near }, { profile: findProfile("ymodem-receiver") });
      expect(outcome, log.join("\n")).toMatchObject({ ok: true });
      await ended;
      expect(Buffer.compare(readFileSync(join(folder, "firmware.bin")), newBundle)).toBe(0);
    } finally {
      receiver.kill();
      pair.end();
    }
  });
});
