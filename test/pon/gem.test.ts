/** GEM headers against the examples of G.984.3, and a reader that stays inside any burst. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStream, encodeGemHeader, GemReader, PTI_FRAME_END } from "../../pon/index.ts";

const PATTERN = 0xb6ab31e055n;

const headerOf = (portId: number, payloadBytes: number, pti?: number): Uint8Array => {
  const out = new Uint8Array(5);
  expect(encodeGemHeader(out, 0, portId, payloadBytes, pti)).toBe(5);
  return out;
};
const asNumber = (bytes: Uint8Array): bigint => bytes.reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);
const plain = (bytes: Uint8Array): bigint => asNumber(bytes) ^ PATTERN;

/** Division by the generator, as the definition has it. */
function slowHec(protectedBits: bigint): bigint {
  let rest = protectedBits << 12n;
  for (let bit = 38n; bit >= 12n; bit--) if ((rest >> bit) & 1n) rest ^= 0x1539n << (bit - 12n);
  let ones = 0n;
  for (let all = (protectedBits << 12n) | rest; all > 0n; all >>= 1n) ones ^= all & 1n;
  return (rest << 1n) | ones;
}

const frame = (portId: number, payload: Uint8Array): number[] => [...headerOf(portId, payload.length), ...payload];

describe("GEM header", () => {
  it.each([
    ["bedb7532fa", 3053, 2933, 1],
    ["528a739f79", 1320, 2675, 4],
  ])("is the one of G.984.3's examples: %s", (hex, payloadBytes, portId, pti) => {
    expect(plain(headerOf(portId, payloadBytes, pti)).toString(16)).toBe(hex);
  });

  it("is the pattern itself where all fields are zero", () => {
    expect(asNumber(headerOf(0, 0, 0))).toBe(PATTERN);
  });

  it("has the HEC of the polynomial for any fields", () => {
    const field = (bits: number) => fc.nat(2 ** bits - 1);
    fc.assert(
      fc.property(field(12), field(12), field(3), (payloadBytes, portId, pti) => {
        const sent = plain(headerOf(portId, payloadBytes, pti));
        const fields = (BigInt(payloadBytes) << 15n) | (BigInt(portId) << 3n) | BigInt(pti);
        expect(sent).toBe((fields << 13n) | slowHec(fields));
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses a payload longer than its field", () => {
    expect(() => headerOf(1, 4096)).toThrow(RangeError);
  });

  it("with up to three wrong bits is not taken for a header", () => {
    // The code's distance is 6 with parity: all patterns of up to five wrong bits are noticed.
    const reader = new GemReader();
    const good = headerOf(17, 0);
    for (let a = 0; a < 40; a++)
      for (let b = a; b < 40; b++)
        for (let c = b; c < 40; c++) {
          const bad = good.slice();
          for (const bit of new Set([a, b, c])) bad[bit >> 3] ^= 0x80 >> (bit & 7);
          reader.start(bad);
          expect(reader.next()).toBe(false);
          if (reader.fault !== "bad-hec") expect.fail(`bits ${a} ${b} ${c}: ${reader.fault}`);
        }
  });
});

describe("GEM reader", () => {
  it("walks the frames of a burst, idle ones passed over", () => {
    const burst = Uint8Array.from([
      ...headerOf(0, 0, 0),
      ...frame(4095, Uint8Array.of(1, 2, 3)),
      ...headerOf(0, 0, 0),
      ...frame(7, Uint8Array.of(4)),
    ]);
    const reader = new GemReader();
    reader.start(burst);
    expect(reader.next()).toBe(true);
    expect([reader.portId, reader.pti, reader.payloadStart, reader.payloadEnd]).toEqual([4095, PTI_FRAME_END, 10, 13]);
    expect(reader.next()).toBe(true);
    expect([reader.portId, reader.payloadStart, reader.payloadEnd]).toEqual([7, 23, 24]);
    expect(reader.next()).toBe(false);
    expect(reader.fault).toBe("none");
  });

  it("gives up the rest behind a broken header, and says why a burst ended early", () => {
    const good = frame(7, Uint8Array.of(4, 5));
    const broken = frame(8, Uint8Array.of(6));
    broken[2] ^= 1;
    const reader = new GemReader();
    reader.start(Uint8Array.from([...good, ...broken, ...good]));
    expect([reader.next(), reader.next(), reader.fault, reader.next()]).toEqual([true, false, "bad-hec", false]);
    for (const cut of [1, 4, 5, 6]) {
      reader.start(Uint8Array.from([...good, ...good.slice(0, cut)]));
      expect([reader.next(), reader.next(), reader.fault]).toEqual([true, false, "cut-off"]);
    }
  });

  it("finds again what was written", () => {
    const frames = fc.array(fc.tuple(fc.nat(4095), fc.uint8Array({ minLength: 1, maxLength: 300 })), { maxLength: 30 });
    fc.assert(
      fc.property(frames, (sent) => {
        const burst = Uint8Array.from(sent.flatMap(([port, payload]) => frame(port, payload)));
        const reader = new GemReader();
        const found: [number, Uint8Array][] = [];
        reader.start(burst);
        while (reader.next()) found.push([reader.portId, burst.slice(reader.payloadStart, reader.payloadEnd)]);
        expect(found).toEqual(sent);
        expect(reader.fault).toBe("none");
      }),
    );
  });

  it("survives 100,000 bursts of any bytes, and stays inside them", () => {
    const stream = createStream(1, "any bytes");
    const reader = new GemReader();
    let read = 0;
    let faults = 0;
    for (let n = 0; n < 100_000; n++) {
      const bytes = Uint8Array.from({ length: stream.nextBelow(64) }, () => stream.nextU32());
      // Every other burst begins with a sound header, so that more than the first check is reached.
      if (n % 2 === 0 && bytes.length >= 5) encodeGemHeader(bytes, 0, stream.nextBelow(4096), stream.nextBelow(32));
      reader.start(bytes);
      let end = 0;
      while (reader.next()) {
        read++;
        if (reader.payloadStart < end + 5) expect.fail("overlapping frames");
        if (reader.payloadEnd > bytes.length || reader.payloadEnd <= reader.payloadStart)
          expect.fail("outside of the burst");
        end = reader.payloadEnd;
      }
      if (reader.fault !== "none") faults++;
    }
    expect(read).toBeGreaterThan(10_000);
    expect(faults).toBeGreaterThan(50_000);
  });
});
