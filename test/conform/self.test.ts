/** Our own ONT passes every case, in any order, and each run of them gives the same report. */
import { describe, expect, it } from "vitest";
import { messageSets } from "./sets.ts";
import { referenceProfile } from "../../ont/index.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import type { CaseReport } from "../../conform/core/outcome.ts";
import { runCases } from "../../conform/core/runner.ts";
import { selectCases } from "../../conform/core/select.ts";
import { jsonReport } from "../../conform/reports/report.ts";
import { selfImages, selfTarget } from "../../conform/targets/self.ts";

const images = selfImages();
const fresh = selfTarget(referenceProfile, images);
const { image } = images;

const notPassed = (reports: readonly CaseReport[]): unknown[] =>
  reports
    .filter(({ verdict }) => verdict !== "pass")
    .map(({ id, verdict, cause, fault }) => [id, verdict, cause ?? fault?.text]);

describe.each(messageSets)("our ONT in %s", (messageSet) => {
  const cases = selectCases(catalogue, { only: [], skip: [], messageSet });

  it("passes every case, fresh each time", async () => {
    const reports = await runCases(cases, { target: fresh, messageSet, image });
    expect(notPassed(reports)).toEqual([]);
    expect(reports.map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
  });

  it("passes every case one after the other", async () => {
    const target = { ...fresh, isFreshEachCase: false };
    expect(notPassed(await runCases(cases, { target, messageSet, image }))).toEqual([]);
  });

  it("passes every case in the order turned round, one after the other", async () => {
    const target = { ...fresh, isFreshEachCase: false };
    expect(notPassed(await runCases(cases.toReversed(), { target, messageSet, image }))).toEqual([]);
  });

  it("gives the same report to the bit each time", async () => {
    const some = cases.filter(({ id }) => /^(loss|power|abort)/.test(id));
    const report = async (): Promise<string> => {
      const frames: string[] = [];
      const reports = await runCases(some, {
        target: selfTarget(referenceProfile, selfImages()),
        messageSet,
        image: selfImages().image,
        onFrame: (each, { timeNs, bytes }) => frames.push(`${each.id} ${timeNs} ${Buffer.from(bytes).toString("hex")}`),
      });
      return JSON.stringify([
        jsonReport({ target: "self", messageSet, selected: some.length, version: "1" }, reports),
        frames,
      ]);
    };
    expect(await report()).toBe(await report());
  });
});

describe("a run", () => {
  it("goes on with its TCIs from case to case with one ONT, which may keep answers by them", async () => {
    const sent: string[] = [];
    await runCases(catalogue.slice(0, 4), {
      target: { ...fresh, isFreshEachCase: false },
      messageSet: "baseline",
      image,
      onFrame: (each, { direction, bytes }) => direction === "toOnt" && sent.push(`${bytes[0]}/${bytes[1]}`),
    });
    // One case repeats a frame on purpose; none of the first four does.
    expect(sent.length).toBeGreaterThan(20);
    expect(new Set(sent).size).toBe(sent.length);
  });

  it("ends between two cases when it is interrupted", async () => {
    const interrupt = new AbortController();
    const reports = await runCases(catalogue.slice(0, 5), {
      target: fresh,
      messageSet: "baseline",
      image,
      signal: interrupt.signal,
      onCase: ({ id }) => id === catalogue[1]!.id && interrupt.abort(),
    });
    expect(reports.map(({ id }) => id)).toEqual(catalogue.slice(0, 2).map(({ id }) => id));
  });

  it("makes its image such that the last window of 16, 32 and 64 is short", () => {
    for (const sectionBytes of [31, Math.floor(image.bytes.length / 80)]) {
      const sections = Math.ceil(image.bytes.length / sectionBytes);
      for (const window of [16, 32, 64]) {
        expect(sections).toBeGreaterThan(window);
        expect(sections % window).not.toBe(0);
      }
    }
  });
});
