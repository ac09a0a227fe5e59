import { cmac } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  aesCmac,
  AesCmac,
  crc32Trailer,
  deriveOmciKeys,
  micTrailer,
  noTrailer,
  type Trailer,
} from "../../omci/index.ts";
import { bytes } from "./arbitrary.ts";

const key = bytes(16);
const message = fc.oneof(bytes(0, 70), bytes(240, 272), bytes(1970, 1990), bytes(16), bytes(48));

describe("AES-CMAC", () => {
  it("is what another implementation makes of it", () => {
    fc.assert(
      fc.property(key, message, (k, m) => {
        expect(aesCmac(k, m)).toEqual(cmac(m, k));
      }),
    );
  });

  it("of one message says nothing of the messages before it", () => {
    fc.assert(
      fc.property(key, fc.array(fc.tuple(message, fc.nat(255), fc.nat(9)), { maxLength: 12 }), (k, messages) => {
        const reused = new AesCmac(k);
        for (const [m, first, before] of messages) {
          const padded = Uint8Array.from([...new Uint8Array(before), ...m, 7]);
          const wanted = cmac(Uint8Array.from([first, ...m]), k);
          expect(reused.shortMac(first, padded, before, before + m.length)).toBe(
            new DataView(wanted.buffer, wanted.byteOffset).getUint32(0),
          );
          expect(reused.mac(m)).toEqual(cmac(m, k));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is the same where the engine has no WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const plain = await import("../../omci/cmac.ts");
    expect(plain.AesCmac).not.toBe(AesCmac);
    fc.assert(
      fc.property(key, fc.array(message, { minLength: 1, maxLength: 6 }), (k, messages) => {
        const reused = new plain.AesCmac(k);
        for (const m of messages) expect(reused.mac(m)).toEqual(cmac(m, k));
      }),
      { numRuns: 40 },
    );
    vi.unstubAllGlobals();
  });

  it("of several keys in turn is that of each", () => {
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 2, maxLength: 4 }),
        fc.array(message, { maxLength: 8 }),
        (keys, messages) => {
          const macs = keys.map((k) => new AesCmac(k));
          messages.forEach((m, turn) => {
            const which = turn % keys.length;
            expect(macs[which].mac(m)).toEqual(cmac(m, keys[which]));
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("wants a key of 16 bytes", () => {
    expect(() => new AesCmac(new Uint8Array(15))).toThrow("15 bytes");
  });

  it("makes the keys of a session as G.987.3 has it", () => {
    fc.assert(
      fc.property(key, bytes(8), bytes(8), bytes(36), (msk, serial, ponTag, registrationId) => {
        const text = (value: string): Uint8Array => new TextEncoder().encode(value);
        const sessionKey = cmac(Uint8Array.from([...serial, ...ponTag, ...text("SessionK")]), msk);
        const omciIk = cmac(text("OMCIIntegrityKey"), sessionKey);
        expect(deriveOmciKeys({ msk, serial, ponTag })).toEqual({ sessionKey, omciIk });
        const byId = { msk: cmac(registrationId, new Uint8Array(16).fill(0x55)), serial, ponTag };
        expect(deriveOmciKeys({ registrationId, serial, ponTag })).toEqual(deriveOmciKeys(byId));
      }),
      { numRuns: 30 },
    );
  });
});

const omciIk = Uint8Array.from({ length: 16 }, (_, at) => at * 3);
const trailers: Record<string, Trailer> = {
  "CRC-32": crc32Trailer,
  "MIC downstream": micTrailer(omciIk, "downstream"),
  "MIC upstream": micTrailer(omciIk, "upstream"),
};

describe("a trailer", () => {
  /** A PDU somewhere in a buffer, sealed. */
  const sealed = (trailer: Trailer, pdu: Uint8Array, before: number): { buffer: Uint8Array; end: number } => {
    const buffer = new Uint8Array(before + pdu.length + 10).fill(0x11);
    buffer.set(pdu, before);
    trailer.seal(buffer, before, before + pdu.length);
    return { buffer, end: before + pdu.length + 4 };
  };
  const pdu = fc.oneof(bytes(44), bytes(10, 120), bytes(1976));

  for (const [name, trailer] of Object.entries(trailers)) {
    it(`${name}: holds when nothing changed, and breaks with any bit`, () => {
      fc.assert(
        fc.property(pdu, fc.nat(20), fc.nat(), (content, before, where) => {
          const { buffer, end } = sealed(trailer, content, before);
          expect(buffer.subarray(0, before).every((byte) => byte === 0x11)).toBe(true);
          expect(buffer.subarray(end).every((byte) => byte === 0x11)).toBe(true);
          expect(trailer.check(buffer, before, end)).toBe(true);
          const bit = where % (8 * (end - before));
          buffer[before + (bit >> 3)] ^= 1 << (bit & 7);
          expect(trailer.check(buffer, before, end)).toBe(false);
        }),
        { numRuns: 150 },
      );
    });

    it(`${name}: is not that of another kind or direction`, () => {
      const { buffer, end } = sealed(trailer, new Uint8Array(44).fill(9), 0);
      const holds = Object.entries(trailers).filter(([, other]) => other.check(buffer, 0, end));
      expect(holds.map(([holding]) => holding)).toEqual([name]);
    });

    it(`${name}: does not hold for what is shorter than itself`, () => {
      for (let length = 0; length < 4; length++) expect(trailer.check(new Uint8Array(8), 2, 2 + length)).toBe(false);
    });
  }

  it("none: always holds, writes nothing", () => {
    const buffer = new Uint8Array(4).fill(7);
    noTrailer.seal(buffer, 0, 2);
    expect(buffer).toEqual(new Uint8Array(4).fill(7));
    expect(noTrailer.check(buffer, 0, 2)).toBe(true);
    expect(noTrailer.bytes).toBe(0);
  });
});
