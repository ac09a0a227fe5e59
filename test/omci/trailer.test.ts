/** Trailers of frames, and the keys of their MIC. */
import { cmac } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32Trailer, deriveOmciKeys, micTrailer, noTrailer, type Trailer } from "../../omci/index.ts";
import { bytes } from "./arbitrary.ts";

const key = bytes(16);

describe("keys of a session", () => {
  it("are those of G.987.3", () => {
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

  it("MIC: is the beginning of AES-CMAC over direction and PDU, 1 down and 2 up (G.987.3 clause 15)", () => {
    const pdu = Uint8Array.from({ length: 44 }, (_, at) => at);
    const directions = [
      ["downstream", 1],
      ["upstream", 2],
    ] as const;
    for (const [direction, byte] of directions) {
      const { buffer, end } = sealed(micTrailer(omciIk, direction), pdu, 0);
      expect(buffer.subarray(44, end)).toEqual(cmac(Uint8Array.from([byte, ...pdu]), omciIk).subarray(0, 4));
    }
  });

  it.each(Object.entries(trailers))("%s: breaks with each bit of its own", (_name, trailer) => {
    const { buffer, end } = sealed(trailer, new Uint8Array(44).fill(9), 0);
    for (let bit = 0; bit < 32; bit++) {
      buffer[end - 4 + (bit >> 3)] ^= 1 << (bit & 7);
      expect(trailer.check(buffer, 0, end)).toBe(false);
      buffer[end - 4 + (bit >> 3)] ^= 1 << (bit & 7);
    }
    expect(trailer.check(buffer, 0, end)).toBe(true);
  });

  it("none: always holds, writes nothing", () => {
    const buffer = new Uint8Array(4).fill(7);
    noTrailer.seal(buffer, 0, 2);
    expect(buffer).toEqual(new Uint8Array(4).fill(7));
    expect(noTrailer.check(buffer, 0, 2)).toBe(true);
    expect(noTrailer.bytes).toBe(0);
  });
});
