/** Captures of whole runs, real and virtual, give back the image; where nothing went wrong, without warnings. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { micTrailer, pduLength } from "../../omci/index.ts";
import { linkTrailers } from "../../olt/process/trailers.ts";
import { type CapturedFrame, readCapture } from "../../pon/capture/index.ts";
import { type ImageStore, type InputFrame, readInput, traceOf } from "../../decode/index.ts";
import { trailerChoiceOf } from "../../run/fleet/keys.ts";
import { runProcesses } from "../../run/processes/runner.ts";
import { parseScenario } from "../../scenarios/schema/load.ts";
import { planFleet } from "../../run/fleet/plan.ts";
import { runVirtual } from "../../run/virtual/index.ts";
import { commandHere } from "../support/command.ts";
import { imagesOf, warningsOf } from "./frames.ts";
import { removeFolder } from "../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-decode-"));
afterAll(() => removeFolder(root));
let files = 0;
const fresh = (name: string): string => join(root, `${++files}-${name}`);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const framesOf = (file: string): InputFrame[] => readInput(readFileSync(file)).frames;
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
    // Nothing is asked twice for being late, on any machine.
    const patient = scenarioOf("olt: { answerTimeoutMinMs: 30000, answerTimeoutMs: 30000 }");
    const { result } = await runProcesses(patient, { out: fresh("run"), pcap });
    const { code, out, err } = await commandHere(["decode", pcap, "--extract", image]);
    expect(code).toBe(0);
    expect(sha256(readFileSync(image))).toBe(result.image.sha256);
    expect(err).toContain("4 images; ");
    expect(out.match(/CRC-32 0x[0-9a-f]{8} right/g)).toHaveLength(4);
    expect(out.split("\n").filter((line) => line.includes("End software download answer"))).toHaveLength(4);
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
    const texts = warningsOf(records).map(({ text }) => text);
    expect(texts).toContain("window 0 was taken in, yet section 0 is not in the capture");
    expect(imagesOf(records)[0].isRight).toBe(false);
    const bytes = readFileSync(pcap);
    const cut = readCapture(bytes.subarray(0, bytes.length - 5));
    expect(cut.fault).toMatch(/^cut off in the middle of a packet, at byte \d+$/);
    expect(cut.frames).toHaveLength(frames.length - 1);
  });
});

describe("what a capture has beside the frames", () => {
  const sealedRight = (scenario: ReturnType<typeof scenarioOf>, frames: readonly CapturedFrame[]): boolean[] => {
    const choice = trailerChoiceOf(scenario);
    const trailers = linkTrailers(choice);
    const { broadcast } = trailers;
    const serials = planFleet(scenario).map(({ serial }) => serial);
    return frames.map(({ onuId, direction, frame }) => {
      const seals = onuId === -1 ? { downstream: broadcast, upstream: broadcast } : trailers.ofOnt(serials[onuId!]);
      return seals[direction === "down" ? "downstream" : "upstream"].check(frame, 0, frame.length);
    });
  };

  it.each([
    ["virtual time", runVirtual],
    ["processes", runProcesses],
  ])("a MIC by each ONT's key: %s", async (_, run) => {
    const scenario = scenarioOf("pon: { trailer: mic }");
    const pcap = fresh("mic.pcapng");
    await run(scenario, { out: fresh("run"), pcap });
    const frames = framesOf(pcap) as CapturedFrame[];
    expect(frames.length).toBeGreaterThan(150);
    if (run === runVirtual) expect(new Set(sealedRight(scenario, frames))).toEqual(new Set([true]));
    // ONU-IDs of processes come in the order of ranging: what is for all has the group's key in any case.
    const broadcasts = frames.filter(({ onuId }) => onuId === -1);
    expect(broadcasts.length).toBeGreaterThan(100);
    expect(new Set(sealedRight(scenario, broadcasts))).toEqual(new Set([true]));
    expect(micTrailer(new Uint8Array(16), "downstream").check(frames[0].frame, 0, 48)).toBe(false);
  });

  it("the port of each frame, where there are several", async () => {
    const pcap = fresh("ports.pcapng");
    await runVirtual(scenarioOf("pons: 3"), { out: fresh("run"), pcap });
    const images = imagesOf(traceOf(framesOf(pcap)));
    const expected = [0, 1, 2].flatMap((pon) => [0, 1, 2, 3].map((onuId) => `${pon}/${onuId}`));
    expect(images.map(({ pon, onuId }) => `${pon}/${onuId}`).toSorted()).toEqual(expected);
    expect(images.every(({ isRight }) => isRight)).toBe(true);
  });

  it("in virtual time: which ONTs a frame did not reach, as many as are counted lost", async () => {
    const pcap = fresh("losses.pcapng");
    const { result } = await runVirtual(scenarioOf("impairments: [{ kind: loss, chance: 0.05 }]"), {
      out: fresh("run"),
      pcap,
    });
    const sections = framesOf(pcap).filter(({ frame }) => (frame[2] & 0x3f) === 0x14 && frame[4] === 0);
    const missed = sections.flatMap(({ comment }) => comment?.match(/^lost on the way to ONUs? ([\d, ]+)$/)?.[1] ?? []);
    const seenLost = missed.reduce((sum, list) => sum + list.split(", ").length, 0);
    expect(seenLost).toBeGreaterThan(5);
    expect(seenLost).toBe(result.ontResults.reduce((sum, { sectionsLost }) => sum + sectionsLost, 0));
  });

  it.each([
    ["virtual time", runVirtual, "lost on the feeder"],
    ["processes", runProcesses, "lost by the fibre"],
  ])("what the feeder took from all: %s", async (_, run, comment) => {
    const pcap = fresh("feeder.pcapng");
    const { exitCode } = await run(scenarioOf("impairments: [{ kind: feederLoss, chance: 0.05 }]"), {
      out: fresh("run"),
      pcap,
    });
    expect(exitCode).toBe(0);
    const frames = framesOf(pcap);
    expect(frames.filter((frame) => frame.comment === comment).length).toBeGreaterThan(0);
    expect(imagesOf(traceOf(frames)).map(({ isRight }) => isRight)).toEqual([true, true, true, true]);
  });

  it("both lives of an OLT that was killed", async () => {
    const pcap = fresh("killed.pcapng");
    // What it sent last before it is killed is not in the file: the next one has to send all of it again, and there is much left to send.
    const scenario = scenarioOf(`
ont: { recoveryAware: false }
olt: { rateBytesPerSecond: 100000 }
faults: [{ action: killOlt, whenPhase: downloading, offSeconds: 0.1 }]`);
    const { result } = await runProcesses(scenario, { out: fresh("run"), pcap });
    expect(result.host!.oltProcessRestarts).toBe(1);
    const { frames, fault } = readCapture(readFileSync(pcap));
    expect(fault).toBe("");
    const firstGets = frames.filter(({ frame }) => frame[2] === 0x49 && frame[0] === 0x60 && frame[1] === 0);
    expect(firstGets.length).toBeGreaterThan(4);
    const images = imagesOf(traceOf(frames)).filter(({ isRight }) => isRight);
    expect(new Set(images.map(({ onuId }) => onuId)).size).toBe(4);
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
