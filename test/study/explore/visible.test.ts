/** What the explorer's build makes of a module: the same program, whose state can be seen. */
import { runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { makeVisible, VISIBLE, VISIBLE_PRELUDE } from "../../../study/explore/visible.mjs";

interface Made {
  $site: string;
  $captured?: () => object;
}

/** Runs a module, and returns what it returns. */
const run = (code: string): unknown =>
  runInThisContext(`(() => { ${VISIBLE_PRELUDE}${makeVisible(code, "f.ts")}; return made; })()`);

describe("a module made visible", () => {
  it("has private fields as fields", () => {
    const made = run(
      "class A { #x = 1; #twice() { return 2 * this.#x; } twice() { return this.#twice(); } } const made = new A();",
    );
    expect(made).toMatchObject({ $x: 1 });
    expect((made as { twice: () => number }).twice()).toBe(2);
    expect((made as object).constructor).toHaveProperty("$visible", "f.ts:A");
  });

  it("has functions that tell what they have captured, as it is now", () => {
    const made = run(
      "const constant = 1; const make = (a) => { let b = 2; return (c) => { b += c + constant; return a + b; }; }; const made = make(5);",
    );
    const add = made as Made & ((more: number) => number);
    expect(add.$captured?.()).toEqual({ a: 5, b: 2 });
    expect(add(10)).toBe(18);
    expect(add.$captured?.()).toEqual({ a: 5, b: 13 });
  });

  it("has arrow functions that tell of their this", () => {
    const made = run("class A { y = 3; make() { return () => () => this.y; } } const made = new A().make();");
    expect((made as Made).$captured?.()).toEqual({ $this: { y: 3 } });
    expect((made as () => () => number)()()).toBe(3);
  });

  it("has functions that capture nothing, each with its place", () => {
    const made = run("const made = [() => 1, (x) => x];") as Made[];
    expect(made.map(({ $captured }) => $captured)).toEqual([undefined, undefined]);
    expect(new Set(made.map(({ $site }) => $site)).size).toBe(2);
  });

  it("refuses a function whose captures could not be told", () => {
    expect(() => makeVisible("const f = (a) => { function g() { return a; } return g; };", "f.ts")).toThrow(
      "captures a",
    );
    expect(() => makeVisible("const f = (a) => ({ get b() { return a; } });", "f.ts")).toThrow("captures a");
  });

  it("is made of cores, and of nothing that is not a state's", () => {
    const files = ["/p/olt/core/group.ts", "/p/ont/core/ont.ts", "/p/omci/held.ts", "/p/run/virtual/virtual-ont.ts"];
    expect(files.every((file) => VISIBLE.test(file))).toBe(true);
    expect(["/p/run/virtual/world.ts", "/p/scenarios/schema/load.ts"].some((file) => VISIBLE.test(file))).toBe(false);
  });
});
