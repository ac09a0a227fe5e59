/** The turn loop of the ONT core: what it hands out, in which order, and when it gives up. */
import { describe, expect, it } from "vitest";
import { type FlashOperation, type Ont, type OntEvent, type OntSinks, turnOnt } from "../../ont/index.ts";

/** A core that hands out what it is told to, and notes the calls. */
class ScriptedOnt implements Pick<Ont, "pollTransmit" | "pollFlash" | "pollEvent" | "nextTimeoutNs" | "handleTimeout"> {
  readonly calls: string[] = [];
  frames = 0;
  operations = 0;
  readonly events: OntEvent[] = [];
  readonly deadlinesNs: number[] = [];

  readonly sinks: OntSinks & { takesFlash: boolean } = {
    name: "ONT 7",
    takesFlash: true,
    frame: () => this.calls.push("frame"),
    flash: () => this.calls.push("flash"),
    event: (_nowNs, { type }) => this.calls.push(type),
  };

  pollTransmit(_nowNs: number, sink: OntSinks): void {
    for (; this.frames > 0; this.frames--) sink.frame(new Uint8Array(1), 1);
  }

  pollFlash(): FlashOperation | undefined {
    return this.operations-- > 0 ? { kind: "eraseSlot", id: 1, slot: 1 } : undefined;
  }

  pollLocal(): undefined {
    return undefined;
  }

  pollEvent(): OntEvent | undefined {
    return this.events.shift();
  }

  nextTimeoutNs(): number {
    return this.deadlinesNs[0] ?? Infinity;
  }

  handleTimeout(): void {
    this.calls.push("timeout");
    this.deadlinesNs.shift();
    this.frames = 1;
  }

  turn(nowNs: number): number {
    return turnOnt(this as Partial<Ont> as Ont, this.sinks, nowNs);
  }
}

describe("a turn of the ONT core", () => {
  it("hands out frames, work for the storage and events, again while a deadline is due", () => {
    const ont = new ScriptedOnt();
    ont.frames = 1;
    ont.operations = 2;
    ont.events.push({ type: "online", activeSlot: 0 });
    ont.deadlinesNs.push(5, 5, 6);
    expect(ont.turn(5)).toBe(6);
    expect(ont.calls).toEqual(["frame", "flash", "flash", "online", "timeout", "frame", "timeout", "frame"]);
  });

  it("leaves in the core what the storage does not take", () => {
    const ont = new ScriptedOnt();
    ont.sinks.takesFlash = false;
    ont.operations = 1;
    expect(ont.turn(5)).toBe(Infinity);
    expect(ont.calls).toEqual([]);
    ont.sinks.takesFlash = true;
    ont.turn(5);
    expect(ont.calls).toEqual(["flash"]);
  });

  it("ends with the name of the ONT whose deadline comes again and again", () => {
    const ont = new ScriptedOnt();
    ont.deadlinesNs.push(...Array.from({ length: 2000 }, () => 5));
    expect(() => ont.turn(5)).toThrow("ONT 7: a deadline comes again and again at 5 ns");
  });
});
