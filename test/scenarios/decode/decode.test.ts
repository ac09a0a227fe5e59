import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { crc32Trailer, decodeMessage, encodeMessage, pduLength } from "../../../omci/index.ts";
import type { Message } from "../../../omci/messages.ts";
import { PcapngWriter, readCapture } from "../../../pon/capture/index.ts";
import {
  type ImageRecord,
  type ImageStore,
  type InputFrame,
  readInput,
  traceOf,
  type TraceRecord,
  type Warning,
} from "../../../scenarios/decode/index.ts";
import { runProcesses } from "../../../scenarios/process/runner.ts";
import { parseScenario } from "../../../scenarios/schema/index.ts";
import { runVirtual } from "../../../scenarios/virtual/index.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-decode-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let files = 0;
const fresh = (name: string): string => join(root, `${++files}-${name}`);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const framesOf = (file: string): InputFrame[] => readInput(readFileSync(file)).frames;
const imagesOf = (records: readonly TraceRecord[]): ImageRecord[] =>
  records.filter((record) => record.record === "image");
const warningsOf = (records: readonly TraceRecord[]): Warning[] =>
  records.flatMap((record) =>
    record.record === "frame" ? record.warnings : record.record === "warning" ? [record.warning] : [],
  );

/** Keeps every image that is taken, in memory. */
class Images implements ImageStore {
  readonly taken: { onuId: number | undefined; sha256: string }[] = [];
  readonly #streams = new Map<string, Buffer>();
  append(stream: string, bytes: Uint8Array): void {
    this.#streams.set(stream, Buffer.concat([this.#streams.get(stream) ?? Buffer.alloc(0), bytes]));
  }
  drop(stream: string): void {
    this.#streams.delete(stream);
  }
  take(onuId: number | undefined, parts: Parameters<ImageStore["take"]>[1]): void {
    const pieces = parts.map(({ stream, offsetBytes, bytes }) =>
      this.#streams.get(stream)!.subarray(offsetBytes, offsetBytes + bytes),
    );
    this.taken.push({ onuId, sha256: sha256(Buffer.concat(pieces)) });
  }
}

const scenarioOf = (more: string): ReturnType<typeof parseScenario> =>
  parseScenario(`name: capture\nonts: 4\nontsPerProcess: 4\nimage: { bytes: 200000 }\n${more}`, "capture.yaml");

describe("a capture of a whole run, read back", () => {
  it.each([
    ["multicast, 3 % lost, parity", "impairments: [{ kind: loss, chance: 0.03 }]"],
    ["multicast, 3 % lost, selective", "olt: { recovery: selective }\nimpairments: [{ kind: loss, chance: 0.03 }]"],
    [
      "multicast, 3 % lost, whole windows",
      "olt: { recovery: window, windowSections: 16 }\nimpairments: [{ kind: loss, chance: 0.03 }]",
    ],
    ["unicast, 1 % lost", "olt: { mode: unicast, windowSections: 32 }\nimpairments: [{ kind: loss, chance: 0.01 }]"],
    [
      "baseline, last window padded",
      "olt: { mode: unicast, messageSet: baseline, windowSections: 64, padLastWindow: true }",
    ],
  ])("%s: the image is the one that was sent", async (_, more) => {
    const pcap = fresh("virtual.pcapng");
    const { result, exitCode } = await runVirtual(scenarioOf(more), { out: fresh("run"), pcap });
    expect(exitCode).toBe(0);
    const store = new Images();
    const images = imagesOf(traceOf(framesOf(pcap), store));
    expect(images).toHaveLength(4);
    for (const { isRight, bytes } of images)
      expect({ isRight, bytes }).toEqual({ isRight: true, bytes: result.image.bytes });
    const expected = [0, 1, 2, 3].map((onuId) => ({ onuId, sha256: result.image.sha256 }));
    expect(store.taken.toSorted((a, b) => a.onuId! - b.onuId!)).toEqual(expected);
  });

  it("by the command, from real processes; every answer is linked", async () => {
    const pcap = fresh("process.pcapng");
    const image = fresh("image.bin");
    const { result } = await runProcesses(scenarioOf("olt: { answerTimeoutMinMs: 900 }"), { out: fresh("run"), pcap });
    const words = [resolve("cli/poncast.mjs"), "decode", pcap, "--extract", image];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
    expect(status).toBe(0);
    expect(sha256(readFileSync(image))).toBe(result.image.sha256);
    expect(stderr).toContain("4 images; ");
    expect(stdout.match(/CRC-32 0x[0-9a-f]{8} right/g)).toHaveLength(4);
    expect(stdout.split("\n").filter((line) => line.includes("End software download answer"))).toHaveLength(4);
    const records = traceOf(framesOf(pcap));
    const answers = records.filter((record) => record.record === "frame" && (record.input.frame[2] & 0x20) !== 0);
    expect(answers.length).toBeGreaterThan(20);
    for (const answer of answers) expect(answer).toHaveProperty("answers");
  });

  it("says what is wrong with it: a section that is not there, a cut-off file, no image to extract", async () => {
    const pcap = fresh("virtual.pcapng");
    await runVirtual(scenarioOf("olt: { mode: unicast }"), {
      out: fresh("run"),
      pcap,
    });
    const { frames } = readCapture(readFileSync(pcap));
    const isSection = (frame: Uint8Array): boolean => frame[2] === 0x14;
    const without = frames.filter(
      ({ frame }, index) => !(isSection(frame) && index === frames.findIndex((one) => isSection(one.frame))),
    );
    const records = traceOf(without);
    expect(warningsOf(records)).toContainEqual({
      kind: "gap",
      text: "window 0 was taken in, yet section 0 is not in the capture",
    });
    expect(imagesOf(records)[0].isRight).toBe(false);
    const bytes = readFileSync(pcap);
    const cut = readCapture(bytes.subarray(0, bytes.length - 5));
    expect(cut.fault).toMatch(/^cut off in the middle of a packet, at byte \d+$/);
    expect(cut.frames).toHaveLength(frames.length - 1);
    const text = fresh("empty.txt");
    writeFileSync(text, "nothing here\n");
    const words = [resolve("cli/poncast.mjs"), "decode", text];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("processes and virtual time", () => {
  /**
   * Of each ONU and direction, the frames in their order, as they were on the line. What crosses on the way (an autonomous
   * message and the next request) has no order of its own.
   */
  function sequences(file: string): string[][] {
    const lists: string[][] = Array.from({ length: 8 }, () => []);
    for (const { onuId, direction, frame } of readCapture(readFileSync(file)).frames) {
      const text = Buffer.from(frame.subarray(0, pduLength(frame))).toString("hex");
      for (let number = 0; number < 4; number++)
        if (onuId === -1 || onuId === number) lists[direction === "down" ? number : 4 + number].push(text);
    }
    return lists;
  }

  it("send the same sequence of frames to and from each ONT", async () => {
    // Flash and boots that take no time, and timeouts that nothing runs into: what is left is the protocol.
    const scenario = scenarioOf(`
ont: { flashEraseMs: 0, flashWriteBytesPerSecond: 1e9, flashVerifyBytesPerSecond: 1e9, bootMs: 100 }
olt: { answerTimeoutMinMs: 5000, answerTimeoutMs: 5000, soakMs: 100 }
fleet: [{ slot: 0 }]`);
    const [virtual, real] = [fresh("virtual.pcapng"), fresh("process.pcapng")];
    await runVirtual(scenario, { out: fresh("run"), pcap: virtual });
    await runProcesses(scenario, { out: fresh("run"), pcap: real });
    const [expected, seen] = [sequences(virtual), sequences(real)];
    expect(seen.map(({ length }) => length > 10)).toEqual(Array.from({ length: 8 }, () => true));
    expect(seen[0].length).toBeGreaterThan(110);
    for (const [index, frames] of seen.entries()) expect(frames).toEqual(expected[index]);
  });
});

describe("inputs of other kinds", () => {
  const message: Message = {
    tci: 0x1234,
    messageSet: "baseline",
    classId: 7,
    instanceId: 1,
    type: "startDownloadRequest",
    windowSections: 32,
    imageBytes: 1000,
    instances: [1],
  };
  const frame = new Uint8Array(48);
  encodeMessage(message, frame);
  crc32Trailer.seal(frame, 0, 44);
  const hex = Buffer.from(frame).toString("hex");
  const spaced = hex.match(/../g)!.join(" ");

  it.each([
    ["bare digits", hex],
    ["digits with blanks", spaced],
    ["a log with time and ONU", `[omcid] 12.500000 onu_id=3 tx: ${spaced}`],
    ["a log that prints a length first", `:omci capture: 48 bytes 0x${hex}`],
  ])("%s", (_, line) => {
    const { frames, notes } = readInput(Buffer.from(`${line}\n# a comment\n`));
    expect(notes).toEqual(["1 lines hold no frame"]);
    expect(frames.map((one) => Buffer.from(one.frame).toString("hex"))).toEqual([hex]);
    if (line.includes("onu_id")) expect(frames[0]).toMatchObject({ timeNs: 12.5e9, onuId: 3 });
  });

  it("pcap of either byte order and resolution", () => {
    const packet = Buffer.concat([Buffer.from("02504f0001020250 4f00000088b5".replaceAll(" ", ""), "hex"), frame]);
    for (const [magic, little, perSecond] of [
      [0xa1b2c3d4, true, 1e6],
      [0xa1b2c3d4, false, 1e6],
      [0xa1b23c4d, true, 1e9],
      [0xa1b23c4d, false, 1e9],
    ] as const) {
      const file = new Uint8Array(40 + packet.length);
      const view = new DataView(file.buffer);
      view.setUint32(0, magic, little);
      view.setUint32(20, 1, little);
      view.setUint32(24, 7, little);
      view.setUint32(28, perSecond / 4, little);
      view.setUint32(32, packet.length, little);
      view.setUint32(36, packet.length, little);
      file.set(packet, 40);
      const { frames, fault } = readCapture(file);
      expect(fault).toBe("");
      expect(frames).toMatchObject([{ direction: "down", onuId: 2, timeNs: 7.25e9 }]);
      expect(decodeMessage(frames[0].frame.subarray(0, 44))).toMatchObject({ ok: true, message });
    }
  });

  it("comments survive", () => {
    const blocks: Uint8Array[] = [];
    const writer = new PcapngWriter((block) => blocks.push(block));
    const written = { timeNs: 5e18, direction: "up" as const, onuId: 127, frame, comment: "lost on the way: ü" };
    writer.frame(written);
    const [read] = readCapture(Buffer.concat(blocks)).frames;
    expect({ ...read, frame: Uint8Array.from(read.frame) }).toEqual(written);
  });
});

/** Debian's tshark, where it is installed. */
const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
describe.runIf(hasTshark)("tshark", () => {
  it("reads the file that we write", async () => {
    const pcap = fresh("virtual.pcapng");
    await runVirtual(scenarioOf(""), { out: fresh("run"), pcap });
    const { frames } = readCapture(readFileSync(pcap));
    const fields = ["-T", "fields", "-e", "eth.dst", "-e", "eth.type", "-e", "frame.len"];
    const lines = execFileSync("tshark", ["-r", pcap, ...fields], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const seen = lines.trim().split("\n");
    expect(seen).toHaveLength(frames.length);
    expect(seen[0]).toBe(`02:50:4f:00:01:00\t0x88b5\t${frames[0].frame.length + 14}`);
  });
});
