/** The judge of OLTs passes one that does as it should, and sees each rule broken. */
import { crc32 as zlibCrc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../base/kernel/crc32.ts";
import { decodeMessage, encodeMessage } from "../../omci/index.ts";
import type { Message, MessageSet } from "../../omci/messages.ts";
import { referenceProfile } from "../../ont/index.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { runCases } from "../../conform/core/runner.ts";
import { selectCases } from "../../conform/core/select.ts";
import type { Target } from "../../conform/core/transport.ts";
import { OltJudge } from "../../conform/olt/judge.ts";
import { OLT_RULES, type OltRule } from "../../conform/olt/rules.ts";
import { selfImages, selfTarget } from "../../conform/targets/self.ts";

const images = selfImages();

/** The tester as an OLT, with a judge that listens. */
function watched(judge: OltJudge): Target {
  const target = selfTarget(referenceProfile, images);
  return {
    ...target,
    open: async () => {
      const inner = await target.open();
      const send = inner.send.bind(inner);
      let onFrame: (frame: Uint8Array) => void = () => undefined;
      inner.onFrame = (frame) => {
        judge.answer(frame.subarray(0, frame.length - 4));
        onFrame(frame);
      };
      return {
        name: "watched",
        timeScale: 1,
        sectionGapNs: 0,
        send: (pdu) => {
          judge.request(pdu);
          send(pdu);
        },
        set onFrame(handler: (frame: Uint8Array) => void) {
          onFrame = handler;
        },
        get onFrame() {
          return onFrame;
        },
        nowNs: () => inner.nowNs(),
        wait: (deadlineNs) => inner.wait(deadlineNs),
        close: () => inner.close(),
      };
    },
  };
}

const failures = (judge: OltJudge): string[] => judge.findings().flatMap(({ cause }) => (cause === "" ? [] : [cause]));

describe("an OLT that does as it should", () => {
  it.each<[string, MessageSet]>([
    ["download.short-16", "baseline"],
    ["download.padded-32", "baseline"],
    ["download.short-64", "extended"],
    ["trial.download-back", "baseline"],
  ])("%s in %s: nothing is found", async (id, messageSet) => {
    const judge = new OltJudge();
    const cases = selectCases(catalogue, { only: [id], skip: [], messageSet });
    const [report] = await runCases(cases, { target: watched(judge), messageSet, image: images.image });
    expect(report.verdict).toBe("pass");
    expect(failures(judge)).toEqual([]);
    const passed = judge.findings().filter(({ verdict }) => verdict === "pass");
    expect(passed.map(({ rule }) => rule)).toEqual(expect.arrayContaining(["section.order", "section.ar", "end.crc"]));
  });
});

/** A download of 70 bytes in windows of 2, as frames; `change` spoils it. */
type Step = { to: "ont" | "olt"; message: Message };
const header = { messageSet: "baseline" as const, classId: 7, instanceId: 1 };
const image = Uint8Array.from({ length: 70 }, (_, at) => at * 3);
const section = (tci: number, sectionNumber: number, at: number, ackRequested: boolean): Step => {
  const data = new Uint8Array(31);
  data.set(image.subarray(at, at + 31));
  return { to: "ont", message: { ...header, tci, type: "downloadSectionRequest", ackRequested, sectionNumber, data } };
};
const answer = (tci: number, sectionNumber: number, result = 0): Step => ({
  to: "olt",
  message: {
    ...header,
    tci,
    type: "downloadSectionResponse",
    result,
    sectionNumber,
    missingSections: 0,
    lostSections: 0,
  },
});
const end = (tci: number, change: Partial<Extract<Message, { type: "endDownloadRequest" }>> = {}): Step => ({
  to: "ont",
  message: {
    ...header,
    tci,
    type: "endDownloadRequest",
    crc32: crc32(image),
    imageBytes: 70,
    instances: [1],
    ...change,
  },
});
const endAnswer = (tci: number, result: number): Step => ({
  to: "olt",
  message: { ...header, tci, type: "endDownloadResponse", result, instanceResults: [] },
});
const start = (tci: number): Step[] => [
  {
    to: "ont",
    message: { ...header, tci, type: "startDownloadRequest", windowSections: 2, imageBytes: 70, instances: [1] },
  },
  {
    to: "olt",
    message: { ...header, tci, type: "startDownloadResponse", result: 0, windowSections: 2, instanceResults: [] },
  },
];
const activate = (tci: number): Step => ({
  to: "ont",
  message: { ...header, tci, type: "activateImageRequest", flags: 0 },
});
const commit = (tci: number): Step => ({ to: "ont", message: { ...header, tci, type: "commitImageRequest" } });
const first = [section(10, 0, 0, false), section(11, 1, 31, true), answer(11, 1)];
const second = [section(12, 0, 62, true), answer(12, 0)];
const whole = [...start(1), ...first, ...second, end(20), endAnswer(20, 0)];

function judged(steps: readonly Step[]): OltJudge {
  const judge = new OltJudge();
  for (const { to, message } of steps) {
    const pdu = new Uint8Array(44);
    encodeMessage(message, pdu);
    expect(decodeMessage(pdu).ok).toBe(true);
    if (to === "ont") judge.request(pdu);
    else judge.answer(pdu);
  }
  return judge;
}

/** The whole image in windows of one section. */
const shorter = [
  section(10, 0, 0, true),
  answer(10, 0),
  section(11, 0, 31, true),
  answer(11, 0),
  section(12, 0, 62, true),
  answer(12, 0),
];
const ended = [end(20), endAnswer(20, 0)];
const again = (tci: number): Step[] => [section(tci, 0, 0, false), section(tci + 1, 1, 31, true)];
const abort = (tci: number, crc: number): Step[] => [end(tci, { crc32: crc, imageBytes: 0 }), endAnswer(tci, 0)];

describe("an OLT may", () => {
  it.each<[string, Step[]]>([
    ["send shorter windows than granted", [...start(1), ...shorter, ...ended]],
    [
      "repeat a window whose answer got lost, with the same TCIs",
      [...start(1), ...first, ...first, ...second, ...ended],
    ],
    ["do so for the last window", [...start(1), ...first, ...second, ...second, ...ended]],
    [
      "leave a repeat when the answer comes late",
      [...start(1), ...again(10), section(10, 0, 0, false), answer(11, 1), ...second, ...ended],
    ],
    [
      "end a repeat when the answer comes late",
      [
        ...start(1),
        ...again(10),
        section(10, 0, 0, false),
        answer(11, 1),
        section(11, 1, 31, true),
        answer(11, 1),
      ].concat(second, ended),
    ],
    [
      "leave a repeat of a window that was answered",
      [...start(1), ...first, section(10, 0, 0, false), ...second, ...ended],
    ],
    [
      "repeat a window with new TCIs; its CRC is of the image",
      [...start(1), ...first, ...again(14), answer(15, 1)].concat(second, ended),
    ],
    [
      "give a download up by zeros, and begin again",
      [...start(1), ...first, ...abort(13, 0), ...start(14), ...shorter, ...ended],
    ],
    ["give a download up by ones", [...start(1), ...first, ...abort(13, 0xffffffff)]],
    [
      "activate and commit what is valid already",
      [{ ...activate(1), message: { ...activate(1).message, instanceId: 0 } }],
    ],
  ])("%s", (_what, steps) => {
    expect(failures(judged(steps))).toEqual([]);
  });

  const verdictOf = (judge: OltJudge, rule: OltRule, wasCut = false): unknown =>
    judge.findings(wasCut).find((finding) => finding.rule === rule);
  const busy = [...start(1), ...first, ...second, end(20), endAnswer(20, 6), end(21), endAnswer(21, 6)];

  it("not give up while the ONT is busy", () => {
    const cause = "the last of 2 Ends was answered 6 (device busy), and none came behind it";
    expect(verdictOf(judged(busy), "end.busy")).toMatchObject({
      verdict: "fail",
      cause: expect.stringContaining(cause),
    });
    expect(verdictOf(judged([...busy, ...abort(22, 0)]), "end.busy")).toMatchObject({
      verdict: "fail",
      cause: expect.stringContaining("and the download was given up"),
    });
    expect(verdictOf(judged(busy), "end.busy", true)).toMatchObject({ verdict: "notSeen" });
    expect(verdictOf(judged([...busy, end(22), endAnswer(22, 0)]), "end.busy")).toMatchObject({ verdict: "pass" });
    expect(verdictOf(judged([...start(1), ...first, ...second, ...ended]), "end.busy")).toMatchObject({
      verdict: "notSeen",
    });
  });

  const swapped = (value: number): number => Buffer.from(value.toString(16).padStart(8, "0"), "hex").readUInt32LE();
  const right = crc32(image);
  const padded = new Uint8Array(93);
  padded.set(image);
  it.each<[string, number, string]>([
    ["bytes swapped", swapped(right), "its bytes are swapped"],
    ["of zlib", zlibCrc32(image), "that is zlib's CRC-32, whose bits are reflected"],
    ["of zlib, bytes swapped", swapped(zlibCrc32(image)), "whose bits are reflected, with its bytes swapped"],
    ["not complemented", ~right >>> 0, "it lacks the final complement"],
    ["of the padding, too", crc32(padded), "that is of the image with its padding"],
  ])("name no CRC that is %s", (_what, named, told) => {
    const steps = [...start(1), ...first, ...second, end(20, { crc32: named })];
    expect(verdictOf(judged(steps), "end.crc")).toMatchObject({
      verdict: "fail",
      cause: expect.stringContaining(told),
    });
  });

  it.each<[string, (pdu: Uint8Array) => number, string]>([
    ["right", crc32, ""],
    ["of zlib", zlibCrc32, "zlib's CRC-32"],
    ["bytes swapped", (pdu) => swapped(crc32(pdu)), "its bytes are swapped"],
    ["anything", () => 7, "neither that nor another CRC-32"],
  ])("have trailers that are %s", (_what, trailerOf, told) => {
    const judge = new OltJudge();
    const frame = Buffer.alloc(48);
    encodeMessage(commit(9).message, frame);
    frame.writeUInt32BE(trailerOf(frame.subarray(0, 44)), 44);
    judge.request(frame);
    const verdict = told === "" ? "pass" : "fail";
    expect(verdictOf(judge, "trailer.right")).toMatchObject({ verdict, cause: expect.stringContaining(told) });
  });
});

describe("an OLT that does something else is told so", () => {
  it("the whole of it, with repeats as they are allowed, is not", () => {
    expect(failures(judged([...whole, activate(30), commit(31)]))).toEqual([]);
    const refused = [section(10, 0, 0, false), section(11, 1, 31, true), answer(11, 1, 1)];
    const unanswered = [section(10, 0, 0, false), section(11, 1, 31, true)];
    const busy = [end(20), endAnswer(20, 6), end(21), endAnswer(21, 0)];
    expect(failures(judged([...start(1), ...refused, ...first, ...second, ...busy, activate(30)]))).toEqual([]);
    expect(failures(judged([...start(1), ...unanswered, ...first, ...second, end(20), endAnswer(20, 0)]))).toEqual([]);
  });

  it.each<[OltRule, Step[]]>([
    ["tci.nonzero", [...start(0)]],
    ["tci.distinct", [...start(1), ...first, ...second, end(1)]],
    ["section.ar", [...start(1), section(10, 0, 0, false), section(11, 1, 31, false)]],
    ["section.ar", [...start(1), ...first, section(12, 0, 62, false), end(20)]],
    ["start.first", [...start(1), ...abort(5, 0), section(10, 0, 0, false)]],
    ["start.first", [section(10, 0, 0, false)]],
    ["window.granted", [...start(1), section(10, 0, 0, false), section(11, 1, 31, false), section(12, 2, 62, true)]],
    ["section.order", [...start(1), section(11, 1, 31, true)]],
    ["section.ar", [...start(1), section(10, 0, 0, true), answer(10, 0), section(11, 1, 31, true)]],
    ["window.wait", [...start(1), section(10, 0, 0, false), section(11, 1, 31, true), section(12, 0, 62, true)]],
    [
      "window.repeat",
      [...start(1), section(10, 0, 0, false), section(11, 1, 31, true), answer(11, 1, 1), section(12, 1, 31, true)],
    ],
    ["end.complete", [...start(1), ...first, end(20)]],
    ["end.size", [...start(1), ...first, ...second, end(20, { imageBytes: 69 })]],
    ["end.crc", [...start(1), ...first, ...second, end(20, { crc32: 1 })]],
    ["end.busy", [...start(1), ...first, ...second, end(20), endAnswer(20, 6), activate(30)]],
    ["activate.valid", [...start(1), ...first, ...second, activate(30)]],
    ["commit.valid", [commit(30)]],
  ])("%s", (rule, steps) => {
    const found = judged(steps)
      .findings()
      .find((finding) => finding.rule === rule)!;
    expect(found.verdict).toBe("fail");
    expect(found.cause).toMatch(/^frame \d+: .+; /);
    expect(found.cause.endsWith(OLT_RULES[rule][1])).toBe(true);
  });

  it("every rule has been seen to fail above", () => {
    expect(Object.keys(OLT_RULES)).toHaveLength(15);
  });
});
