/** docs/extension.md: its example is what the code makes, and an ONT written from the page alone repairs its window. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fillPage } from "../../docs/extension-example.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/extension.md"), "utf8");

/** Frames of the first example as the page has them: who, and GEM header, OMCI header, contents, trailer. */
const frames = [...page.split("<!-- made: selective -->", 1)[0].matchAll(/^(to .*|from .*)\n {2}([0-9a-f ]+)$/gm)].map(
  ([, text, hex]) => ({ text, parts: hex.split(" ").map((part) => Buffer.from(part, "hex")) }),
);

/** Product in GF(2^8) with 0x11D, as the page says it, bit by bit. */
function product(a: number, b: number): number {
  let sum = 0;
  for (let bit = 7; bit >= 0; bit--) {
    sum = (sum << 1) ^ (sum & 0x80 ? 0x11d : 0);
    if ((b >> bit) & 1) sum ^= a;
  }
  return sum & 0xff;
}

const inverse = (a: number): number => Array.from({ length: 256 }, (_, b) => b).find((b) => product(a, b) === 1)!;

describe("the page on the multicast extension", () => {
  it("is as `npm run docs` makes it", () => expect(fillPage(page)).toBe(page));

  it("tells enough to find a frame in a GEM frame and to check its trailer", () => {
    expect(frames.length).toBeGreaterThan(12);
    for (const { text, parts } of frames) {
      const [gem, header, contents, trailer] = parts;
      const bits = gem.map((byte, at) => byte ^ [0xb6, 0xab, 0x31, 0xe0, 0x55][at]);
      expect((bits[0] << 4) | (bits[1] >> 4), text).toBe(header.length + contents.length + trailer.length);
      const portId = ((bits[1] & 15) << 8) | bits[2];
      expect(portId, text).toBe(text.includes("all ONTs") ? 4095 : Number(/ONT (\d)/.exec(text)![1]));
      expect(bits[3] >> 5, text).toBe(1);
      let register = 0xffffffff;
      for (const byte of Buffer.concat([header, contents, trailer])) {
        register ^= byte << 24;
        for (let bit = 0; bit < 8; bit++) register = (register << 1) ^ (register & 0x80000000 ? 0x04c11db7 : 0);
      }
      // The register behind a frame and its own CRC (docs/reference.md, 8.1).
      expect(register >>> 0, text).toBe(0xc704dd7b);
    }
  });

  it("tells enough to repair the lost section", () => {
    const broadcast = frames.filter(({ text }) => text.startsWith("to all ONTs"));
    const sections = broadcast.filter(({ parts }) => parts[1].readUInt16BE(4) === 7).map(({ parts }) => parts[2]);
    const parity = broadcast.find(({ parts }) => parts[1].readUInt16BE(4) === 65280)!.parts;
    const k = (parity[1][7] ?? 0) + 1;
    const row = parity[2][2];
    const lost = 2;
    expect([k, row, sections.length]).toEqual([4, 0, 4]);
    expect(parity[1].readUInt16BE(0) - k - row, "base").toBe(broadcast[0].parts[1].readUInt16BE(0));
    const repaired = Array.from({ length: 8 }, (_, octet) => {
      let syndrome = parity[2][3 + octet];
      for (let i = 0; i < k; i++)
        if (i !== lost) syndrome ^= product(inverse((k + row) ^ i), sections[i][3 + octet] ?? 0);
      return product(syndrome, (k + row) ^ lost);
    });
    expect(Buffer.from(repaired)).toEqual(sections[lost].subarray(3));
  });

  it("has the worked octet right", () => {
    const weights = [4, 5, 6, 7].map(inverse);
    const hex = weights.map((weight) => `0x${weight.toString(16).toUpperCase()}`);
    expect(page).toContain(`which are ${hex.slice(0, 3).join(", ")} and ${hex[3]}.`);
    const sum = weights.reduce((all, weight, i) => all ^ product(weight, 0x41 + 8 * i), 0);
    expect(page).toContain(`= 0x${sum.toString(16).toUpperCase()}.`);
  });
});
