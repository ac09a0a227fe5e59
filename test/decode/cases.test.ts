/** Logs and captures of other programs, with the frames, times, ONUs and images that are in them. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readInput, traceOf } from "../../decode/index.ts";
import { imagesOf, warningsOf } from "./frames.ts";

const folder = resolve("test/decode/cases");

interface Expected {
  frames: [string, string][];
  t: number[] | null;
  onu: number | null;
  onus: number[] | null;
  image: string | null;
  images: number;
  timeTolerance: number;
  maxWarnings: number | null;
  noKinds?: string[];
  distinctOnus?: boolean;
}

const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Record<string, Expected>;
const files = readdirSync(join(folder, "handed"));

describe("what is in", () => {
  it("every file that has an expectation, and no other", () => {
    expect(files.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(files)("%s", (file) => {
    const want = expected[file];
    const { frames } = readInput(readFileSync(join(folder, "handed", file)));
    expect(frames.map(({ direction, frame }) => [direction, Buffer.from(frame).toString("hex")])).toEqual(want.frames);
    if (want.t) {
      const nsOf = ({ timeNs, exactNs }: (typeof frames)[number]): bigint => exactNs ?? BigInt(timeNs!);
      for (const [index, frame] of frames.entries()) {
        const seconds = Number(nsOf(frame) - nsOf(frames[0])) / 1e9;
        expect(Math.abs(seconds - (want.t[index] - want.t[0]))).toBeLessThan(want.timeTolerance);
      }
    }
    if (want.onu !== null) expect(new Set(frames.map(({ onuId }) => onuId))).toEqual(new Set([want.onu]));
    if (want.onus) expect(frames.map(({ onuId }) => onuId)).toEqual(want.onus);
    if (want.distinctOnus) expect(new Set(frames.map(({ onuId }) => onuId)).size).toBe(2);
    const records = traceOf(frames);
    const right = imagesOf(records).filter(({ isRight }) => isRight);
    expect(right.length).toBeGreaterThanOrEqual(want.images);
    expect(imagesOf(records).filter(({ isRight }) => !isRight)).toEqual([]);
    const warnings = warningsOf(records);
    if (want.maxWarnings !== null) expect(warnings.length).toBeLessThanOrEqual(want.maxWarnings);
    for (const kind of want.noKinds ?? []) expect(warnings.map((one) => one.kind)).not.toContain(kind);
    if (!want.noKinds && want.maxWarnings === null) expect(warnings).toEqual([]);
  });
});
