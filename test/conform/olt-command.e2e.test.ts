/** The command `conform olt` as a process of its own, with an OLT that is one socket. */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeMessage, SOFTWARE_IMAGE } from "../../omci/index.ts";
import { readCapture } from "../../pon/capture/index.ts";

interface Judged {
  datagrams: number;
  capture?: string;
  findings: { rule: string; verdict: string; cause: string }[];
}

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
    rmSync(dirname(folder), { recursive: true });
  });
});
