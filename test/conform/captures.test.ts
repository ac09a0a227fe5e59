/** Captures hold what the tester saw, comment on what it did on purpose, and are whole or not there. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { crc32Trailer, decodeMessage, noTrailer } from "../../omci/index.ts";
import { quirkProfiles } from "../../ont/index.ts";
import { type CapturedFrame, readCapture } from "../../pon/capture/index.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import type { EvidenceFrame } from "../../conform/core/evidence.ts";
import type { CaseReport } from "../../conform/core/outcome.ts";
import { runCases } from "../../conform/core/runner.ts";
import { selectCases } from "../../conform/core/select.ts";
import { faultLine } from "../../conform/core/table.ts";
import type { Target } from "../../conform/core/transport.ts";
import { CaseCaptureFolder } from "../../conform/reports/case-captures.ts";
import { selfImages, selfTarget } from "../../conform/targets/self.ts";
import { targetOf } from "../../conform/targets/parse.ts";
import { relayEnvelope } from "../../conform/targets/udp.ts";
import { WholeCapture } from "../../conform/reports/whole-capture.ts";
import { type FrameRecord, traceOf } from "../../decode/index.ts";
import { OpenOltServer } from "../olt/southbound/server.ts";
import { messageSets } from "./sets.ts";
import { serveOnt } from "./udp-ont.ts";
import { removeFolder } from "../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-captures-"));
afterAll(() => removeFolder(root));
const newFolder = (): string => mkdtempSync(join(root, "run-"));
const closing: { close: () => unknown }[] = [];
afterEach(() => {
  for (const each of closing.splice(0)) each.close();
});

const images = selfImages();
const never = (line: string): void => expect.fail(line);
const fileOf = (folder: string, id: string): string => join(folder, `${id}.pcapng`);
const framesOf = (file: string): CapturedFrame[] => {
  const { frames, fault } = readCapture(new Uint8Array(readFileSync(file)));
  expect(fault).toBe("");
  return frames as CapturedFrame[];
};

interface Captured {
  reports: CaseReport[];
  evidence: Map<string, EvidenceFrame[]>;
  folder: string;
}

async function captured(target: Target, only: string[], messageSet = messageSets[0]!): Promise<Captured> {
  const folder = newFolder();
  const evidence = new Map<string, EvidenceFrame[]>();
  const reports = await runCases(selectCases(catalogue, { only, skip: [], messageSet }), {
    target,
    messageSet,
    image: images.image,
    captures: new CaseCaptureFolder(folder, never),
    onFrame: ({ id }, frame) => {
      const frames = evidence.get(id) ?? [];
      if (frames.push(frame) === 1) evidence.set(id, frames);
    },
  });
  return { reports, evidence, folder };
}

const self = (quirk = "reference"): Target => selfTarget(quirkProfiles[quirk]!, images);

/** The capture of a case is its evidence, frame by frame, and all of it can be read. */
function expectAgreement({ reports, evidence, folder }: Captured, trailer = crc32Trailer): void {
  expect(readdirSync(folder).sort()).toEqual(reports.map(({ id }) => `${id}.pcapng`).sort());
  for (const report of reports) {
    expect(report.capture).toBe(fileOf(folder, report.id));
    const frames = framesOf(report.capture!);
    const sent = evidence.get(report.id)!;
    expect(frames).toHaveLength(report.frames);
    const others = frames.filter(({ frame, direction }, at) => {
      const { bytes, direction: way, damaged = false } = sent[at]!;
      const isDown = way === "toOnt";
      const end = isDown ? frame.length - trailer.bytes : frame.length;
      const isSame = Buffer.compare(frame.subarray(0, end), bytes) === 0;
      const isSealed = !isDown || trailer.bytes === 0 || trailer.check(frame, 0, frame.length) === !damaged;
      return !isSame || !isSealed || direction !== (isDown ? "down" : "up");
    });
    expect([report.id, others]).toEqual([report.id, []]);
    const decoded = decodedOf(report.capture!);
    expect(decoded.map(({ frame }) => frame)).toEqual(sent.map(({ number }) => number));
    const readOtherwise = decoded.filter(({ frame, message }) => {
      const own = decodeMessage(new Uint8Array(sent[frame - 1]!.bytes));
      return !isDeepStrictEqual(message, own.ok ? own.message : undefined);
    });
    expect([report.id, readOtherwise]).toEqual([report.id, []]);
  }
}

/** What `poncast decode` makes of a capture. */
const decodedOf = (file: string): FrameRecord[] =>
  traceOf(readCapture(new Uint8Array(readFileSync(file))).frames).filter((record) => record.record === "frame");

describe.each(messageSets)("captures of our ONT in %s", (messageSet) => {
  it("are there for every case, and are what the tester saw", async () => {
    const run = await captured(self(), ["*"], messageSet);
    expect(run.reports.length).toBeGreaterThan(100);
    expectAgreement(run);
    expect(run.reports.some(({ id }) => run.evidence.get(id)!.some(({ damaged }) => damaged))).toBe(true);
  });
});

describe("captures", () => {
  it("are the same to the byte from run to run", async () => {
    const first = await captured(self(), ["loss.*", "power.*"]);
    const second = await captured(self(), ["loss.*", "power.*"]);
    for (const { id } of first.reports) {
      const [one, other] = [first, second].map(({ folder }) => readFileSync(fileOf(folder, id)));
      expect([id, one!.equals(other!)]).toEqual([id, true]);
    }
  });

  const purposes: [id: string, comment: RegExp][] = [
    [
      "loss.middle",
      /^step 3: Send the next window without section 3: the answer is 1; window 1 goes out without section 3$/,
    ],
    ["order.swapped", /sections of window \d+ in this order: 1, 0, 2, 3, 4, 5, 6, 7/],
    ["end.wrong-crc", /the CRC-32 of this End is wrong/],
    ["end.wrong-size", /the size of this End is wrong: \d+ is right/],
    ["abort.after-start", /the download is given up: End with size 0/],
    ["download.padded-32", /window \d+ ends with \d+ null sections/],
    ["trailer.wrong-section", /sent with a wrong trailer/],
    ["power.trial", /the power was cut and given back before this frame/],
    ["activate.repeated", /repeats frame \d+ to the bit/],
  ];
  it.each(purposes)("of %s says what was done on purpose", async (id, comment) => {
    const { reports, folder } = await captured(self(), [id]);
    expect(reports).toHaveLength(1);
    const comments = framesOf(fileOf(folder, id)).map((frame) => frame.comment ?? "");
    expect(comments.filter((text) => comment.test(text))).not.toHaveLength(0);
    expect(comments[0]).toMatch(new RegExp(`^${id.replace(".", "\\.")}: .+ \\[G\\.988 .+\\]; preconditions`));
    expect(comments.at(-1)).toContain(`${id}: pass`);
  });

  it("name repeated requests as often as there are any", async () => {
    const { evidence, folder } = await captured(self(), ["repeat.*", "loss.*"]);
    for (const [id, sent] of evidence) {
      const seen = new Map<number, string>();
      let repeats = 0;
      for (const { bytes, direction } of sent) {
        if (direction === "fromOnt") continue;
        const hex = Buffer.from(bytes).toString("hex");
        if (seen.get((bytes[0]! << 8) | bytes[1]!) === hex) repeats += 1;
        seen.set((bytes[0]! << 8) | bytes[1]!, hex);
      }
      const comments = framesOf(fileOf(folder, id)).filter(({ comment }) => comment?.includes("to the bit"));
      expect([id, comments.length]).toEqual([id, repeats]);
    }
  });

  it.each(["realtek", "lantiq", "cortina"])(
    "of %s have the frame of each failure, with what is wrong",
    async (quirk) => {
      const { reports, folder } = await captured(self(quirk), ["*"]);
      const failed = reports.filter(({ verdict }) => verdict === "fail");
      expect(failed.length).toBeGreaterThan(2);
      for (const { id, fault, capture } of failed) {
        expect(fault!.frame).toBeGreaterThan(0);
        expect(faultLine(fault!, capture)).toContain(`frame ${fault!.frame} of ${fileOf(folder, id)}: `);
        const frame = framesOf(capture!)[fault!.frame - 1]!;
        expect(frame.comment).toContain(`${id}: FAIL: ${faultLine(fault!)}`);
        const shown = fault!.frames.at(-1)!;
        expect(shown.number).toBe(fault!.frame);
        expect(Buffer.from(frame.frame.subarray(0, 10))).toEqual(Buffer.from(shown.bytes.subarray(0, 10)));
        expect(framesOf(capture!).at(-1)!.comment).toMatch(new RegExp(`${id}: FAIL`));
      }
    },
  );

  it("are made of ONTs behind UDP, under the time of day", async () => {
    const server = await serveOnt(images);
    closing.push(server);
    const target = targetOf(`udp://127.0.0.1:${server.port}`, { timeScale: 0.2, sectionGapNs: 0 });
    const beforeNs = Date.now() * 1e6;
    const run = await captured(target, ["me.flags", "trailer.wrong-get", "loss.middle"]);
    expectAgreement(run);
    const [first] = framesOf(run.reports[0]!.capture!);
    expect(Math.abs(first!.timeNs - beforeNs)).toBeLessThan(60e9);
  });

  it("are made of ONTs behind a relay, without trailers as there are none", async () => {
    const server = await serveOnt(images, {
      envelope: relayEnvelope("CT_1", 3),
      hasTrailer: false,
      shape: (frame) => frame.slice(0, -4),
    });
    closing.push(server);
    const target = targetOf(`relay://127.0.0.1:${server.port}/CT_1/3`, { timeScale: 0.2, sectionGapNs: 0 });
    const run = await captured(target, ["me.flags", "loss.middle"]);
    expectAgreement(run, noTrailer);
    // The number that the relay knows it by.
    const numbers = run.reports.flatMap(({ capture }) => framesOf(capture!).map(({ onuId }) => onuId));
    expect(new Set(numbers)).toEqual(new Set([3]));
  });

  it("are made of ONUs behind an OpenOLT server", async () => {
    const server = await OpenOltServer.start({ onts: 1, images, speed: 20 });
    closing.push(server);
    const target = targetOf(`openolt://127.0.0.1:${server.port}`, { timeScale: 0.1, sectionGapNs: 0 });
    expectAgreement(await captured(target, ["me.flags", "window.shorter"]), noTrailer);
  });
});

describe("a run that does not get to its end", () => {
  it("leaves nothing of the case it was in, and keeps those before", async () => {
    const folder = newFolder();
    const interrupt = new AbortController();
    let frames = 0;
    const cases = selectCases(catalogue, { only: ["loss.*"], skip: [], messageSet: "baseline" });
    const stuck: Target = {
      ...self(),
      open: async () => {
        const inner = await self().open();
        const wait = inner.wait.bind(inner);
        // In the second case time stands still from some frame on: Ctrl-C.
        inner.wait = (deadlineNs) => {
          if (frames < 300) return wait(deadlineNs);
          interrupt.abort();
          return new Promise(() => undefined);
        };
        return inner;
      },
    };
    const reports = await runCases(cases, {
      target: stuck,
      messageSet: "baseline",
      image: images.image,
      signal: interrupt.signal,
      captures: new CaseCaptureFolder(folder, never),
      onCase: () => (frames = 0),
      onFrame: (each) => (frames += each === cases[1] ? 1 : 0),
    });
    expect(reports.map(({ id }) => id)).toEqual([cases[0]!.id]);
    expect(readdirSync(folder)).toEqual([`${cases[0]!.id}.pcapng`]);
  });
});

describe("a capture that is whole", () => {
  const frame = (at: number): CapturedFrame => ({ timeNs: at, direction: "down", onuId: 1, frame: new Uint8Array(44) });

  it("takes comments on its last frames, and on older ones at the oldest it has", () => {
    const path = join(newFolder(), "long.pcapng");
    const capture = new WholeCapture(path, never);
    for (let at = 1; at <= 20_000; at++) capture.add(frame(at));
    expect(capture.frames).toBe(20_000);
    capture.comment(19_000, "late");
    capture.comment(20_000, "one");
    capture.comment(20_000, "two");
    capture.comment(7, "early");
    expect(existsSync(path)).toBe(false);
    expect(capture.finish()).toBe(true);
    const commented = framesOf(path).filter(({ comment }) => comment !== undefined);
    const [old, ...others] = commented.map(({ timeNs, comment }) => [timeNs, comment]);
    expect(old![1]).toBe("frame 7: early");
    expect(others).toEqual([
      [19_000, "late"],
      [20_000, "one; two"],
    ]);
    expect(framesOf(path)).toHaveLength(20_000);
  });

  it("leaves nothing when it is given up", () => {
    const folder = newFolder();
    const capture = new WholeCapture(join(folder, "long.pcapng"), never);
    for (let at = 1; at <= 20_000; at++) capture.add(frame(at));
    expect(readdirSync(folder)).toHaveLength(1);
    capture.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says once that it cannot be written, and is not there then", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    const lines: string[] = [];
    const capture = new WholeCapture(join(folder, "file", "x.pcapng"), (line) => lines.push(line));
    for (let at = 1; at <= 20_000; at++) capture.add(frame(at));
    expect(capture.finish()).toBe(false);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("x.pcapng: no capture: ");
    expect(readdirSync(folder)).toEqual(["file"]);
  });
});
