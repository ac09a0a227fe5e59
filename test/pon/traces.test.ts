/** Traces: how their files read, and that links lose and hold back what they say. */
import { describe, expect, it } from "vitest";
import {
  createLink,
  EFFECT,
  type ImpairmentSpec,
  newFrameVerdict,
  parseLatencyTrace,
  parseLossTrace,
} from "../../pon/index.ts";

function lostOf(spec: ImpairmentSpec, frames: number, spacingNs = 0): string {
  const link = createLink(1, "link", [spec]);
  const verdict = newFrameVerdict();
  return Array.from({ length: frames }, (_, frame) => {
    link.decide(frame * spacingNs, 100, verdict);
    return verdict.effect === EFFECT.lost ? "1" : "0";
  }).join("");
}

describe("files of losses", () => {
  it("are a letter for each frame, or lengths, or times", () => {
    const bits = { by: "frames", stretches: [2, 1, 3, 2] };
    expect(parseLossTrace("# a probe\n001\n000 11\n")).toEqual(bits);
    expect(parseLossTrace("passed,lost\n2,1\n3,2\n")).toEqual(bits);
    expect(parseLossTrace("lost\n0\n0\n1\n0\n0\n0\n1\n1\n")).toEqual(bits);
    expect(parseLossTrace("1100")).toEqual({ by: "frames", stretches: [0, 2, 2] });
    expect(parseLossTrace("at_seconds;for_seconds\n1;0.5\n2.5;0.25\n")).toEqual({
      by: "time",
      outagesNs: [
        [1e9, 5e8],
        [2.5e9, 2.5e8],
      ],
      periodNs: 3.75e9,
    });
  });

  it("are refused with the line and what is possible", () => {
    expect(() => parseLossTrace("passed,lost\n1,x\n")).toThrow(/line 2: "1,x"; possible: numbers, 0 or more/);
    expect(() => parseLossTrace("a,b\n1,2\n")).toThrow(/no trace of losses; possible: 0 and 1 for each frame/);
    expect(() => parseLossTrace("at_seconds,for_seconds\n1,2\n2,1\n")).toThrow(
      /row 2: at 2 s for 1 s; possible: one behind the other/,
    );
    expect(() => parseLossTrace(" \n")).toThrow(/an empty trace/);
    expect(() => parseLossTrace(`passed,lost\n${"1,1\n".repeat(100_001)}`)).toThrow(/200002 entries; possible: 200000/);
  });

  it("of latency are milliseconds, or a column by name", () => {
    expect(parseLatencyTrace("1\n2.5\n")).toEqual([1e6, 2.5e6]);
    expect(parseLatencyTrace("time,seconds\n0,0.001\n1,0.002\n")).toEqual([1e6, 2e6]);
    expect(() => parseLatencyTrace("time,rate\n0,1\n")).toThrow(
      /columns time, rate; possible: one of them ms or seconds/,
    );
  });
});

describe("links with a trace", () => {
  const frames: ImpairmentSpec = { kind: "lossTrace", trace: { by: "frames", stretches: [2, 1, 3, 2] }, isSame: true };

  it("lose what it says, over and over, one by one or many at once", () => {
    expect(lostOf(frames, 20)).toBe("00100011001000110010");
    const link = createLink(1, "link", [frames]);
    const hits: number[] = [];
    for (let from = 0; from < 20; from += 7) {
      const marked = link.markedWithin(Math.min(7, 20 - from), 100, 0, 0);
      for (let at = 0; at < marked.count; at++) hits.push(from + marked.frame[at]);
    }
    expect(hits).toEqual([2, 6, 7, 10, 14, 15, 18]);
  });

  it("begin at a place of their own, which the seed says", () => {
    const spec: ImpairmentSpec = { ...frames, isSame: false };
    const seen = lostOf(spec, 16);
    expect(lostOf(spec, 16)).toBe(seen);
    expect("0010001100100011001000110010001100100011").toContain(seen);
  });

  it("lose by the clock where it has times", () => {
    const spec: ImpairmentSpec = {
      kind: "lossTrace",
      trace: parseLossTrace("at_seconds,for_seconds\n0.002,0.002\n"),
      isSame: true,
    };
    expect(lostOf(spec, 14, 1e6)).toBe("00110000110000");
  });

  it("hold frames back as long as it says, in order", () => {
    const link = createLink(1, "link", [{ kind: "latencyTrace", delaysNs: [5, 1, 9], isSame: true }]);
    const verdict = newFrameVerdict();
    const out = [0, 1, 2, 20, 21, 40].map((nowNs) => {
      link.decide(nowNs, 100, verdict);
      return nowNs + verdict.delayNs;
    });
    expect(out).toEqual([5, 5, 11, 25, 25, 49]);
  });
});
