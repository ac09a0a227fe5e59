/** The event queue keeps time and order, held to a sorted list. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue } from "../../../pon/virtual/queue.ts";

describe("event queue", () => {
  it("gives events in order of time, equal times in the order of scheduling", () => {
    const queue = new EventQueue();
    for (const [at, target] of [
      [30, 0],
      [10, 1],
      [20, 2],
      [10, 3],
      [10, 4],
    ])
      queue.schedule(at, 1, target);
    const seen: number[] = [];
    while (queue.pop()) seen.push(queue.target);
    expect(seen).toEqual([1, 3, 4, 2, 0]);
    expect(queue.nowNs).toBe(30);
    expect(queue.nextNs).toBe(Infinity);
  });

  it("carries kind, target, argument and payload", () => {
    const queue = new EventQueue();
    const payload = {};
    queue.schedule(7, 200, -3, 2 ** 40, payload);
    expect(queue.nextNs).toBe(7);
    expect(queue.pop()).toBe(true);
    expect([queue.kind, queue.target, queue.argument]).toEqual([200, -3, 2 ** 40]);
    expect(queue.payload).toBe(payload);
  });

  it("refuses the past and what is no time", () => {
    const queue = new EventQueue();
    queue.schedule(5, 0, 0);
    queue.pop();
    expect(() => queue.schedule(4, 0, 0)).toThrow(RangeError);
    expect(() => queue.schedule(Infinity, 0, 0)).toThrow(RangeError);
    expect(() => queue.schedule(Number.NaN, 0, 0)).toThrow(RangeError);
  });

  it("a handle kept too long cancels nothing", () => {
    const queue = new EventQueue();
    const old = queue.schedule(1, 0, 0);
    queue.pop();
    queue.schedule(2, 0, 0);
    expect(queue.cancel(old)).toBe(false);
    expect(queue.cancel(-1)).toBe(false);
    expect(queue.size).toBe(1);
  });

  it("is a sorted list with removal, whatever is done to it", () => {
    const step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ do: fc.constant("schedule" as const), after: fc.nat(50) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant("cancel" as const), after: fc.nat(200) }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant("pop" as const), after: fc.constant(0) }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new EventQueue();
        let model: { at: number; id: number; handle: number }[] = [];
        let made = 0;
        for (const { do: what, after } of steps) {
          if (what === "schedule") {
            const at = queue.nowNs + after;
            model.push({ at, id: made, handle: queue.schedule(at, 0, made++) });
          } else if (what === "cancel" && model.length > 0) {
            const gone = model[after % model.length];
            model = model.filter((each) => each !== gone);
            expect(queue.cancel(gone.handle)).toBe(true);
            expect(queue.cancel(gone.handle)).toBe(false);
          } else if (what === "pop") {
            const first = model.toSorted((a, b) => a.at - b.at || a.id - b.id)[0];
            expect(queue.pop()).toBe(first !== undefined);
            if (first !== undefined) expect([queue.nowNs, queue.target]).toEqual([first.at, first.id]);
            model = model.filter((each) => each !== first);
          }
          expect(queue.size).toBe(model.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
