/** The command `conform olt` as a process of its own, with an OLT that is one socket. */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it, vi } from "vitest";
import { conformCommand } from "../../cli/commands/conform.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { runCases } from "../../conform/core/runner.ts";
import { selectCases } from "../../conform/core/select.ts";
import { selfImages, targetOf } from "../../conform/targets/index.ts";
import { encodeMessage, SOFTWARE_IMAGE } from "../../omci/index.ts";
import { readCapture } from "../../pon/capture/index.ts";
import { removeFolder } from "../support/folder.ts";

interface Judged {
  datagrams: number;
  capture?: string;
  findings: { rule: string; verdict: string; cause: string }[];
}

/** The command in this process, until its OLT is quiet. @returns its exit code and what it told */
async function judgedRun(
  words: string[],
  olt: (port: number) => Promise<void>,
): Promise<[code: unknown, told: string]> {
  let told = "";
  let begin: (port: number) => void = () => undefined;
  const port = new Promise<number>((found) => (begin = found));
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      told += String(text);
      const match = /ports (\d+)/.exec(told);
      if (match) begin(Number(match[1]));
      return true;
    }),
  );
  const program = new Command("poncast").exitOverride();
  conformCommand(program);
  process.exitCode = 0;
  try {
    const command = program.parseAsync(["conform", "olt", "--listen", "127.0.0.1:0", ...words], { from: "user" });
    await olt(await port);
    await command;
    return [process.exitCode, told];
  } finally {
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}

describe("an ONT that waits, with an image of a real size", () => {
  const folder = mkdtempSync(join(tmpdir(), "poncast-olt-"));
  afterAll(() => removeFolder(folder));
  const file = join(folder, "image");
  writeFileSync(file, Buffer.alloc(200_000, 5));
  const options = ["--image", file, "--silence", "2s", "--for", "60s", "--flash", "400kB/s"];
  const download = async (port: number): Promise<void> => {
    const target = targetOf(`udp://127.0.0.1:${port}`, { timeScale: 0.3, sectionGapNs: 1e6 });
    const cases = selectCases(catalogue, { only: ["download.short-64"], skip: [], messageSet: "extended" });
    const { image } = selfImages({ file });
    const [report] = await runCases(cases, { target, messageSet: "extended", image });
    expect(report.fault?.text).toBeUndefined();
  };

  it("stores it in a time that an OLT waits for, and says what it has seen", async () => {
    const [code, told] = await judgedRun([...options, "--expect", "end"], download);
    expect(told).toMatch(/ONT on port \d+: downloading\n/);
    expect(told).toMatch(/ONT on port \d+: storing\n/);
    expect(told).toMatch(/ONT on port \d+: downloaded\n/);
    expect(told).not.toContain("fail ");
    expect(code).toBe(0);
  });

  it("tells what was expected and never came", async () => {
    const [code, told] = await judgedRun(options, download);
    expect(told).toContain("expected and not seen answered ok: activate, commit; --expect end where that is all");
    expect(code).toBe(1);
  });
});

describe("poncast conform olt", () => {
  it("waits on its port, judges what comes, and ends with Ctrl-C", async () => {
    const folder = join(mkdtempSync(join(tmpdir(), "poncast-olt-")), "captures");
    const options = ["--listen", "127.0.0.1:0", "--onts", "2", "--quirk", "lantiq", "--json", "--pcap", folder];
    const words = [resolve("cli/poncast.mjs"), "conform", "olt", ...options];
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
    const port = await new Promise<number>((found) => {
      child.stderr.on("data", (bytes: Buffer) => {
        err += bytes.toString();
        const match = /ports (\d+)/.exec(err);
        if (match) found(Number(match[1]));
      });
    });
    const socket = createSocket("udp4");
    const pdu = new Uint8Array(44);
    encodeMessage(
      {
        type: "activateImageRequest",
        tci: 9,
        messageSet: "baseline",
        classId: SOFTWARE_IMAGE,
        instanceId: 1,
        flags: 0,
      },
      pdu,
    );
    const answered = new Promise<Buffer>((done) => socket.once("message", (bytes) => done(bytes)));
    socket.send(pdu, port, "127.0.0.1");
    const reply = await answered;
    expect(reply[2] & 0x1f).toBe(22);
    child.kill("SIGINT");
    expect(await new Promise((done) => child.on("close", done))).toBe(1);
    socket.close();
    const [ont, other] = JSON.parse(out) as Judged[];
    expect(ont.datagrams).toBe(1);
    const { verdict, cause } = ont.findings.find(({ rule }) => rule === "activate.valid")!;
    expect(verdict).toBe("fail");
    expect(cause).toMatch(/^frame 1: /);
    expect(ont.capture).toBe(join(folder, `ont-${port}.pcapng`));
    expect(other.capture).toBeUndefined();
    expect(readdirSync(folder)).toEqual([`ont-${port}.pcapng`]);
    const { frames } = readCapture(new Uint8Array(readFileSync(ont.capture!)));
    expect(frames.map(({ direction, frame }) => [direction, Buffer.from(frame)])).toEqual([
      ["down", Buffer.from(pdu)],
      ["up", reply],
    ]);
    expect(frames[0].comment).toBe(
      "this ONT deviates from G.988 on purpose: profile lantiq; activate.valid: FAIL: Activate of image 1, which is not valid [9.1.4]",
    );
    expect(frames[1].comment).toMatch(/^failed: activate\.valid; passed: tci\.nonzero; not seen: .+/);
    removeFolder(dirname(folder));
  });
});
