/** Which processes are started again, and which are given up. */
import { describe, expect, it } from "vitest";
import { type EndedLife, RestartBudget } from "../../../run/processes/restart-budget.ts";

/** Lives of this kind until it is given up, within `most`. */
function livesOf(life: EndedLife, most: number, budget = new RestartBudget()): number {
  for (let lives = 1; lives <= most; lives++) if (budget.spentBy(life) !== undefined) return lives;
  return Infinity;
}

const failed: EndedLife = { readyMs: 100, signal: "" };
const killed: EndedLife = { readyMs: 100, signal: "SIGKILL" };
const steady: EndedLife = { readyMs: 10_000, signal: "" };

describe("a process that ends unasked", () => {
  it("is given up after six lives in a row that ended by themselves, ready or not", () => {
    expect(livesOf(failed, 10)).toBe(6);
    expect(livesOf({ readyMs: undefined, signal: "" }, 10)).toBe(6);
    expect(livesOf({ readyMs: 100, signal: "SIGSEGV" }, 10)).toBe(6);
  });

  it("is started again as often as others kill it, within reason", () => {
    expect(livesOf(killed, 100)).toBe(Infinity);
    // On a busy machine it may be killed six times before it is ready once.
    expect(livesOf({ readyMs: undefined, signal: "SIGKILL" }, 100)).toBe(Infinity);
    expect(livesOf(killed, 1000)).toBe(101);
  });

  it("begins a new row when it has been up for a while", () => {
    const budget = new RestartBudget();
    for (let row = 0; row < 20; row++) {
      for (let life = 0; life < 4; life++) expect(budget.spentBy(failed)).toBeUndefined();
      expect(budget.spentBy(steady)).toBeUndefined();
    }
    expect(livesOf(steady, 1000)).toBe(Infinity);
  });
});
