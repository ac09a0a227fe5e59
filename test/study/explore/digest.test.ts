/** Digests: equal worlds have the same one, others another; and the names of what they leave out are the code's. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Digester, EPOCH_NS } from "../../../study/explore/digest.ts";
import { VIEWS } from "../../../study/explore/views.ts";

const digester = new Digester();
const digest = (value: unknown, nowNs = EPOCH_NS): string => digester.of(value, nowNs);

/** As the build makes them. */
const visible = (site: string, captured?: () => object): (() => void) =>
  Object.assign(() => undefined, { $site: site, ...(captured && { $captured: captured }) });

describe("a digest", () => {
  it("has 128 bits", () => {
    expect(digest({})).toHaveLength(8);
  });

  it("tells values apart", () => {
    const bytes = new Uint8Array([1, 2, 3, 4, 5]);
    const values = [
      undefined,
      null,
      false,
      true,
      0,
      1,
      1.5,
      -1,
      Infinity,
      "",
      "a",
      [],
      [0],
      [[]],
      {},
      { a: 1 },
      { b: 1 },
      { a: { a: 1 } },
      new Map(),
      new Map([[1, 2]]),
      new Map([[2, 1]]),
      new Set([1]),
      bytes,
      bytes.slice(1),
      visible("a"),
      visible("b"),
      visible("a", () => ({ x: 1 })),
      visible("a", () => ({ x: 2 })),
    ];
    expect(new Set(values.map((value) => digest(value))).size).toBe(values.length);
  });

  it("takes what is equal for one, and the same object for itself", () => {
    const [one, other] = [{ a: 1 }, { a: 1 }];
    expect(digest([one, [1, "x"]])).toBe(digest([other, [1, "x"]]));
    expect(digest([one, one])).not.toBe(digest([one, other]));
    const circle: { self?: object } = {};
    circle.self = circle;
    expect(digest(circle)).toBe(digest(circle));
  });

  it("counts instants from now, and durations by themselves", () => {
    const at = (nowNs: number, waitNs: number): string => digest({ untilNs: nowNs + 5e9, waitNs }, nowNs);
    expect(at(EPOCH_NS, 1e9)).toBe(at(EPOCH_NS + 7e9, 1e9));
    expect(at(EPOCH_NS, 1e9)).not.toBe(at(EPOCH_NS, 2e9));
    expect(digest({ untilNs: EPOCH_NS + 1 })).not.toBe(digest({ untilNs: EPOCH_NS + 2 }));
  });

  it("knows a constant by its name, whatever is in it", () => {
    const [one, other] = [{ a: 1 }, { a: 2 }];
    digester.constant(one, "config");
    digester.constant(other, "config");
    expect(digest([one])).toBe(digest([other]));
  });

  it("refuses what it cannot look into", () => {
    class Secret {
      readonly #value = 1;
      get value(): number {
        return this.#value;
      }
    }
    expect(() => digest(new Secret())).toThrow("an object that is not visible: Secret");
    expect(() => digest(() => 1)).toThrow("a function that is not visible");
  });
});

describe("what digests leave out", () => {
  it.each([...VIEWS])("of %s is there", (name, fields) => {
    const [file, className] = name.split(":");
    const source = readFileSync(file, "utf8");
    const body = source.slice(source.indexOf(`class ${className} `));
    expect(body).not.toBe("");
    for (const field of fields.keys())
      expect(body).toMatch(new RegExp(`^  (?:readonly )?${field.replace("$", "#")}(?::| =)`, "m"));
  });
});
