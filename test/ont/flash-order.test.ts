/** What an ONT has its flash do, in which order, and what it answers before that is done: a power cut may come between any two. */
import { describe, expect, it } from "vitest";
import type { FlashOperation } from "../../ont/index.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

const content = testImage(100, 3);

/** What waits for the flash; of a boot record, which slots it calls valid, and which is committed. */
const told = (operation: FlashOperation): string => {
  if (operation.kind !== "writeBootRecord") return operation.kind;
  const { slots, committed } = operation.record;
  return `record ${slots.map((image) => (image === null ? "-" : "valid")).join("/")} ${committed}`;
};

/** An ONT with a flash that waits to be told, in slot 0 the image that runs, in slot 1 another one or none. */
function slowOnt(stored?: Uint8Array): BenchOnt {
  const bench = BenchOnt.up();
  if (stored !== undefined) bench.download(stored);
  bench.instantFlash = false;
  return bench;
}

/** The last answer; notifications may come behind it. */
const lastAnswer = ({ sent }: BenchOnt) => sent.findLast(({ type }) => type !== "avc");

describe("the flash", () => {
  it("is told that an image is not valid any more before that is erased", () => {
    const bench = slowOnt(content);
    expect(bench.start(50)).toBe(0);
    expect(bench.waiting.map(told)).toEqual(["record valid/- 0", "eraseSlot"]);
  });

  it("has all of an image on stable storage before the boot record calls it valid", () => {
    const bench = slowOnt();
    bench.send(content);
    while (bench.flashStep());
    expect(bench.end(content)).toBeUndefined();
    expect(bench.waiting.map(told)).toEqual(["syncSlot"]);
    bench.flashStep();
    expect(bench.waiting.map(told)).toEqual(["record valid/valid 0"]);
    expect(lastAnswer(bench)).not.toMatchObject({ type: "endDownloadResponse" });
    bench.flashStep();
    expect(lastAnswer(bench)).toMatchObject({ type: "endDownloadResponse", result: 0 });
  });

  it("has the boot record before Commit and Activate are answered", () => {
    const bench = slowOnt(content);
    expect(bench.commit(1)).toBeUndefined();
    expect(bench.waiting.map(told)).toEqual(["record valid/valid 1"]);
    expect(bench.ont.snapshot().flags[1]).toMatchObject({ committed: false });
    bench.flashStep();
    expect(lastAnswer(bench)).toMatchObject({ type: "commitImageResponse", result: 0 });
    expect(bench.ont.snapshot().flags[1]).toMatchObject({ committed: true });
  });
});

describe("an answer that waited for the flash", () => {
  it("is kept for its own request, not for the one behind it", () => {
    const bench = slowOnt(content);
    const commitTci = bench.tci;
    expect(bench.commit(1)).toBeUndefined();
    const start = { tci: commitTci + 1 };
    expect(bench.start(50, start)).toBe(6);
    expect(bench.activate(1)).toBe(6);
    const get = { type: "getRequest", attributeMask: 0x8000 } as const;
    const answer = bench.ask(get, { tci: 0x7000 });
    expect(answer).toMatchObject({ type: "getResponse", tci: 0x7000 });
    while (bench.flashStep());
    expect(lastAnswer(bench)).toMatchObject({ type: "commitImageResponse", tci: commitTci });
    expect(bench.ask(get, { tci: 0x7000 })).toEqual(answer);
  });
});
