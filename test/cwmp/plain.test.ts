/** The quick reader of XML beside the strict one: where it says something, the same. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readStrictXml } from "../../cwmp/element.ts";
import { writeCwmp } from "../../cwmp/index.ts";
import { readPlainXml } from "../../cwmp/plain.ts";

const FOLDER = fileURLToPath(new URL("golden", import.meta.url));
const golden = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".xml"))
  .map((name) => readFileSync(join(FOLDER, name), "utf8"));
const own = [
  writeCwmp({ version: "1.2", id: "1", message: { method: "InformResponse", maxEnvelopes: 1 } }),
  writeCwmp({ version: "1.4", id: "", message: { method: "GetParameterValues", names: ["Device.", "a", ""] } }),
];
const small = [
  '<a xmlns:b="u:1" xmlns:c="u:2"><b:d c:e="b:f" e="x">t<g/>u</b:d>\n<c:d></c:d></a>',
  '<b:a xmlns:b="u"/>',
  "<a> <b></b> <b>x</b></a>\n",
];

/** What may stand in XML, and what may not, to be put anywhere. */
const PIECES = [
  ..."< > & \" ' / = : ; ? ! - \0 x A _ . 1 é \u{1F600}".split(" "),
  ..."]]> &amp; &#13; <!-- --> <![CDATA[ x ]]> <?p?> <!DOCTYPE".split(" "),
  ...'<a> </a> <b:d> </b:d> <z:a/> <xml:a/> <xmlns:a/> e="xml:a" e=":b" b:c:d -a 1a constructor __proto__:a'.split(" "),
  " ",
  "\t",
  "\n",
  "\r",
  "<?xml version='1.0'?>",
  ' xmlns="u"',
  ' xmlns:b="u:2"',
  ' xmlns:b=""',
  ' xmlns:xml="u"',
  ' xmlns:q=" u"',
  ' xmlns:c="http://www.w3.org/XML/1998/namespace"',
  " a='b'",
  ' c:e="1"',
  ' b:e="1" c:e="1"',
];

const changed = fc
  .tuple(
    fc.constantFrom(...golden, ...own, ...small, ...small, ...small),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(6),
        piece: fc.constantFrom("", ...PIECES),
      }),
      { maxLength: 4 },
    ),
  )
  .map(([text, changes]) =>
    changes.reduce((now, { at, cut, piece }) => {
      const from = Math.floor(at * now.length);
      return now.slice(0, from) + piece + now.slice(from + cut);
    }, text),
  );

function strictly(text: string): unknown {
  try {
    return readStrictXml(text);
  } catch (error) {
    return (error as Error).message;
  }
}

describe("plain XML", () => {
  it("is read as the strict reader reads it, whatever is changed in it; else it is left to that one", () => {
    let plain = 0;
    fc.assert(
      fc.property(changed, (text) => {
        const root = readPlainXml(text);
        if (root === undefined) return;
        plain += 1;
        expect(root).toEqual(strictly(text));
      }),
      { numRuns: 3000, seed: 1 },
    );
    expect(plain).toBeGreaterThan(500);
  });

  it("is left to the strict reader, or read as by that, wherever one piece is put in", () => {
    for (const text of small)
      for (const piece of PIECES)
        for (let at = 0; at <= text.length; at++) {
          const other = text.slice(0, at) + piece + text.slice(at);
          const root = readPlainXml(other);
          if (root !== undefined) expect(root, other).toEqual(strictly(other));
        }
  });

  it.each(own.map((text) => [text]))("is what we write: %s", (text) => {
    expect(readPlainXml(text)).toEqual(readStrictXml(text));
  });

  it("takes no longer for what is made to take long", () => {
    const many = ' a="b"'.repeat(100_000);
    for (const text of [
      `<a${many}`,
      `<a${many}>`,
      `<a ${"b".repeat(1e6)}`,
      `<a b="${" ".repeat(1e6)}`,
      "<a>".repeat(300_000),
    ])
      expect(readPlainXml(text)).toBeUndefined();
  });

  it("has the limits of the strict one", () => {
    const deep = (depth: number): string => "<a>".repeat(depth) + "</a>".repeat(depth);
    expect(readPlainXml(deep(24))).toEqual(readStrictXml(deep(24)));
    expect(readPlainXml(deep(25))).toBeUndefined();
    const wide = (count: number): string =>
      `<a ${Array.from({ length: count }, (_, index) => `b${index}="1"`).join(" ")}/>`;
    expect(readPlainXml(wide(64))).toEqual(readStrictXml(wide(64)));
    expect(readPlainXml(wide(65))).toBeUndefined();
    const many = (count: number): string => `<a>${"<b/>".repeat(count - 1)}</a>`;
    expect(readPlainXml(many(16_384))).toEqual(readStrictXml(many(16_384)));
    expect(readPlainXml(many(16_385))).toBeUndefined();
  });
});
