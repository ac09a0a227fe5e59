/** Frames in a stream of octets, whatever the pieces they come in. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slipEncode, SlipDecoder } from "../../../pon/bench/slip.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What comes out of pieces. */
function decoded(pieces: readonly Uint8Array[]): { frames: string[]; dropped: string[] } {
  const result: { frames: string[]; dropped: string[] } = { frames: [], dropped: [] };
  const decoder = new SlipDecoder(
    (frame) => result.frames.push(hex(frame)),
    (cause) => result.dropped.push(cause),
  );
  for (const piece of pieces) decoder.push(piece);
  return result;
}

describe("SLIP", () => {
  it("has the octets of RFC 1055", () => {
    expect(hex(slipEncode(Uint8Array.of(1, 0xc0, 2, 0xdb, 3)))).toBe("c001dbdc02dbdd03c0");
  });

  it("brings back any frames, in any pieces, with any noise between them that has no frame in it", () => {
    const frame = fc.uint8Array({ minLength: 1, maxLength: 1984 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.integer({ min: 1, max: 700 }), (frames, pieceBytes) => {
        const octets = Buffer.concat(frames.map(slipEncode));
        const pieces = Array.from({ length: Math.ceil(octets.length / pieceBytes) }, (_, at) =>
          octets.subarray(at * pieceBytes, (at + 1) * pieceBytes),
        );
        expect(decoded(pieces)).toEqual({ frames: frames.map(hex), dropped: [] });
      }),
    );
  });

  it("keeps noise in front of a frame apart from it", () => {
    const noise = Buffer.from("login: ");
    expect(decoded([noise, slipEncode(Uint8Array.of(7, 8))]).frames).toEqual([hex(noise), "0708"]);
  });

  it("counts what is no frame, and goes on behind it", () => {
    const next = slipEncode(Uint8Array.of(9));
    expect(decoded([Uint8Array.of(0xc0, 0xdb, 1, 0xc0), next])).toEqual({ frames: ["09"], dropped: ["bad-escape"] });
    expect(decoded([Uint8Array.of(0xc0, 0xdb, 0xc0), next])).toEqual({ frames: ["09"], dropped: ["bad-escape"] });
    expect(decoded([new Uint8Array(5000), next])).toEqual({ frames: ["09"], dropped: ["too-long"] });
  });
});
