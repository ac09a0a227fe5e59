/** The turn loop of the OLT core: room, deadlines, and when to turn again. */
import { describe, expect, it } from "vitest";
import { type Olt, type OltEvent, type Southbound, turnOlt } from "../../olt/index.ts";
import { openSouthbound } from "../support/southbound.ts";

const EVENT: OltEvent = { type: "ranged", onuId: 0, serial: "PCST00000001" };

/** A core with frames of one size to send, deadlines, and one event; the calls are noted in order. */
function bench(frames: number, deadlinesNs: number[], change: Partial<Southbound> = {}) {
  const calls: string[] = [];
  let room = 3;
  const events = [EVENT];
  const southbound: Southbound = {
    ...openSouthbound({ frame: () => room-- && calls.push("frame"), sections: () => undefined }),
    name: "OLT of port 3",
    beginTurn: (nowNs) => calls.push(`begin ${nowNs}`),
    roomBytes: () => room,
    flush: () => calls.push("flush"),
    roomAgainNs: (nowNs) => nowNs + 100,
    ...change,
  };
  const core: Partial<Olt> = {
    pollTransmit: (nowNs, sink) => {
      for (; frames > 0 && sink.roomBytes() > 0; frames--) sink.frame(0, new Uint8Array(1), 1);
      if (frames > 0) deadlinesNs.unshift(nowNs);
    },
    pollEvent: () => events.shift(),
    nextTimeoutNs: () => deadlinesNs[0] ?? Infinity,
    handleTimeout: () => {
      calls.push("timeout");
      deadlinesNs.shift();
    },
  };
  const sink = { event: (_nowNs: number, { type }: OltEvent): unknown => calls.push(type) };
  return { calls, turn: (nowNs: number) => turnOlt(core as Olt, southbound, sink, nowNs) };
}

describe("a turn of the OLT core", () => {
  it("sends, flushes, tells what happened, and names the next deadline", () => {
    const { calls, turn } = bench(2, [7]);
    expect(turn(5)).toBe(7);
    expect(calls).toEqual(["begin 5", "frame", "frame", "flush", "ranged"]);
  });

  it("goes on while a deadline is due and there is room", () => {
    const { calls, turn } = bench(1, [5, 5, 9]);
    expect(turn(5)).toBe(9);
    expect(calls).toEqual(["begin 5", "frame", "timeout", "timeout", "flush", "ranged"]);
  });

  it("waits for room, or for a deadline of the way south that comes before", () => {
    expect(bench(4, []).turn(5)).toBe(105);
    expect(bench(4, [], { nextTimeoutNs: () => 50 }).turn(5)).toBe(50);
  });

  it("ends with the name of the OLT whose deadline comes again and again", () => {
    const { turn } = bench(
      0,
      Array.from({ length: 2000 }, () => 5),
    );
    expect(() => turn(5)).toThrow("OLT of port 3: a deadline comes again and again at 5 ns");
  });
});
