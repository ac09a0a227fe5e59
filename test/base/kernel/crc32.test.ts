/** The CRC-32 of I.363.5, held to a shift register bit by bit, with WebAssembly and without. */
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { crc32, CRC32_INIT, crc32Finish, crc32Update } from "../../../base/kernel/crc32.ts";

/** Bit by bit, as I.363.5 describes it. */
function reference(bytes: Uint8Array): number {
  let register = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const feedback = ((register >>> 31) ^ (byte >> bit)) & 1;
      register = ((register << 1) ^ (feedback ? 0x04c11db7 : 0)) >>> 0;
    }
  }
  return ~register >>> 0;
}

/** Lengths around every change of method, beside short ones. */
const lengths = fc.oneof(
  fc.integer({ min: 0, max: 64 }),
  fc.integer({ min: 80, max: 112 }),
  fc.integer({ min: 1000, max: 2000 }),
  fc.constantFrom(32_767, 32_768, 32_769, 33_799, 65_536, 140_001),
);
const content = fc
  .tuple(lengths, fc.integer())
  .map(([length, seed]) => Uint8Array.from({ length }, (_, at) => (Math.imul(at + seed, 0x9e3779b1) >>> 17) & 0xff));

describe("CRC-32 of I.363.5", () => {
  it("is what the shift register gives, at any length and place", () => {
    fc.assert(
      fc.property(content, fc.integer({ min: 0, max: 40 }), (bytes, before) => {
        const padded = new Uint8Array(before + bytes.length + 3).fill(0xa5);
        padded.set(bytes, before);
        expect(crc32(padded, before, before + bytes.length)).toBe(reference(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it("goes on over any parts", () => {
    fc.assert(
      fc.property(content, fc.array(fc.nat(), { maxLength: 5 }), (bytes, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        let register = CRC32_INIT;
        for (let index = 1; index < places.length; index++)
          register = crc32Update(register, bytes, places[index - 1], places[index]);
        expect(crc32Finish(register)).toBe(crc32(bytes));
      }),
      { numRuns: 100 },
    );
  });

  it("leaves a fixed remainder behind bytes and their own CRC", () => {
    const bytes = Uint8Array.from({ length: 2000 }, (_, at) => at & 0xff);
    const sealed = new Uint8Array(2004);
    sealed.set(bytes);
    new DataView(sealed.buffer).setUint32(2000, crc32(bytes));
    expect(crc32Update(CRC32_INIT, sealed)).toBe(0xc704dd7b);
  });

  it("is the same where the engine has no WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const plain = await import("../../../base/kernel/crc32.ts");
    expect(plain.crc32).not.toBe(crc32);
    fc.assert(
      fc.property(content, (bytes) => {
        expect(plain.crc32(bytes)).toBe(reference(bytes));
      }),
      { numRuns: 30 },
    );
    vi.unstubAllGlobals();
    // Files that come later in this worker get modules that saw the engine as it is.
    vi.resetModules();
  });
});
