/** A fibre impaired at its near end loses before the splitter what all ONTs miss, and holds frames back. */
import { describe, expect, it } from "vitest";
import { crc32Trailer } from "../../omci/index.ts";
import { BROADCAST_PORT, createDropFibre, ImpairedWriter, type ImpairmentSpec } from "../../pon/index.ts";
import { framesOf, getRequest, listener, OWN_PORT, pon, spanOf } from "./bench-fibre.ts";

describe("an impaired writer", () => {
  const up: ImpairmentSpec[] = [
    { kind: "loss", chance: 0.1 },
    { kind: "corruption", chance: 0.1, bitFlips: 2 },
    { kind: "duplication", chance: 0.1 },
  ];
  const impaired = (specs: ImpairmentSpec[]) => {
    const fibre = pon();
    const heard = listener();
    fibre.receiver.add(heard);
    const drops: string[] = [];
    const impairedWriter = new ImpairedWriter({
      writer: fibre.writer,
      link: createDropFibre(1, "A", { drop: { up: specs } }).up,
      nowNs: () => fibre.clock.nowNs,
      onDropped: (cause) => drops.push(cause),
    });
    return { ...fibre, heard, drops, impairedWriter };
  };

  it("loses before the splitter what all ONTs miss, the same in runs and in frames", () => {
    const inSpans = impaired(up);
    const inFrames = impaired(up);
    const span = spanOf({ count: 250, ackRequested: false });
    for (let window = 0; window < 8; window++) {
      inSpans.impairedWriter.sections(BROADCAST_PORT, span, crc32Trailer);
      for (const frame of framesOf(span)) {
        const pdu = Buffer.from(frame, "hex");
        inFrames.impairedWriter.frame(BROADCAST_PORT, pdu, pdu.length, crc32Trailer);
      }
    }
    inSpans.deliver();
    inFrames.deliver();
    expect(inSpans.heard.frames).toEqual(inFrames.heard.frames);
    expect(inSpans.drops).toEqual(inFrames.drops);
    expect(inSpans.heard.drops.length).toBeGreaterThan(100);
    expect(new Set(inSpans.heard.drops)).toEqual(new Set(["bad-trailer"]));
    // What the fibre loses was sent all the same.
    expect(inSpans.writer.traffic).toEqual(inFrames.writer.traffic);
    const { frames } = inSpans.writer.traffic;
    expect(frames).toBe(inSpans.heard.frames.length + inSpans.heard.drops.length + inSpans.drops.length);
  });

  it("holds frames back", () => {
    const delay = { shape: "constant", delayNs: 700 } as const;
    const { impairedWriter, heard, deliver } = impaired([{ kind: "latency", delay, keepOrder: true }]);
    impairedWriter.frame(OWN_PORT, getRequest, 44, crc32Trailer);
    deliver();
    expect(heard.frames.length).toBe(0);
    expect(impairedWriter.nextTimeoutNs()).toBe(700);
    impairedWriter.handleTimeout(699);
    deliver();
    expect(heard.frames.length).toBe(0);
    impairedWriter.handleTimeout(700);
    deliver();
    expect(heard.frames.length).toBe(1);
    expect(() => impairedWriter.sections(OWN_PORT, spanOf(), crc32Trailer)).toThrow("holds frames");
    impairedWriter.frame(OWN_PORT, getRequest, 44, crc32Trailer);
    impairedWriter.clear();
    expect(impairedWriter.nextTimeoutNs()).toBe(Infinity);
  });
});
