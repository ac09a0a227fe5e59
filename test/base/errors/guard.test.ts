/** What throws over something from outside is counted, told of now and then, and ends nobody. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Caught, caughtLine, Guard } from "../../../base/errors/index.ts";

const guarded = () => {
  const told: Caught[] = [];
  return { told, guard: new Guard((caught) => told.push(caught)) };
};

describe("a guard", () => {
  it("lets through what does not throw, with its arguments", () => {
    const { guard, told } = guarded();
    const heard: unknown[] = [];
    guard.wrap("socket", (one: number, two: string) => heard.push([one, two]))(1, "a");
    expect(heard).toEqual([[1, "a"]]);
    expect(guard.run("stream", () => 7, 0)).toBe(7);
    expect(told).toEqual([]);
  });

  it("tells of the first, and of every tenfold", () => {
    const { guard, told } = guarded();
    const throwing = guard.wrap("socket", () => {
      throw Object.assign(new RangeError("Port should be > 0"), { code: "ERR_SOCKET_BAD_PORT" });
    });
    for (let time = 0; time < 1000; time++) throwing();
    expect(told.map(({ count }) => count)).toEqual([1, 10, 100, 1000]);
    expect(guard.caught).toEqual(new Map([["socket: ERR_SOCKET_BAD_PORT", 1000]]));
    expect(caughtLine(told[0])).toBe("socket: ERR_SOCKET_BAD_PORT; it is left out and the rest goes on\n");
  });

  it("never throws, whatever is thrown, and keeps few kinds", () => {
    const { guard } = guarded();
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        guard.wrap("any", () => {
          throw thrown;
        })();
        guard.run(
          "message",
          () => {
            throw new Error(String(Math.abs(fc.hash(fc.stringify(thrown)))));
          },
          undefined,
        );
      }),
      { numRuns: 300 },
    );
    expect(guard.caught.size).toBeLessThanOrEqual(33);
  });
});
