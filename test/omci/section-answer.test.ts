/** The hand-written reader and writer of answers to sections, held to the table codec. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeByTable } from "../../omci/decode.ts";
import { decodeMessage, encodeBody, type MessageHeader } from "../../omci/index.ts";
import { encodeByTable, OmciEncodeError } from "../../omci/encode.ts";
import { encodeSectionAnswer, readSectionAnswer, type SectionAnswer } from "../../omci/section-answer.ts";

const counts = fc.oneof(fc.constant(0), fc.nat(256));
const answer: fc.Arbitrary<SectionAnswer> = fc.record({
  type: fc.constant("downloadSectionResponse" as const),
  result: fc.nat(255),
  sectionNumber: fc.nat(255),
  missingSections: counts,
  lostSections: counts,
});
const header: fc.Arbitrary<MessageHeader> = fc.record({
  tci: fc.nat(0xffff),
  messageSet: fc.constantFrom("baseline" as const, "extended" as const),
  classId: fc.constantFrom(7, 65_280, 400),
  instanceId: fc.nat(0xffff),
});
const ROOM = 64;
const AT = 3;

describe("an answer to a section", () => {
  it("is written as the table has it", () => {
    fc.assert(
      fc.property(header, answer, (head, body) => {
        const [one, other] = [new Uint8Array(ROOM).fill(0xa5), new Uint8Array(ROOM).fill(0xa5)];
        expect(encodeSectionAnswer(head, body, one, AT)).toBe(encodeByTable(head, body, other, AT));
        expect(one).toEqual(other);
      }),
    );
  });

  it("is read as the table has it, whatever has become of it; those that are as they should be by hand", () => {
    const trailer = fc.constantFrom(0, 4);
    const flips = fc.array(fc.tuple(fc.nat(47), fc.nat(7)), { maxLength: 2 });
    fc.assert(
      fc.property(header, answer, trailer, flips, fc.nat(3), (head, body, trailerBytes, flipped, cut) => {
        const out = new Uint8Array(ROOM);
        const pdu = out.slice(0, encodeByTable(head, body, out, 0) + trailerBytes);
        if (flipped.length === 0 && cut === 0 && head.tci > 0) expect(readSectionAnswer(pdu)).toBeDefined();
        for (const [at, bit] of flipped) if (at < pdu.length) pdu[at] ^= 1 << bit;
        const bytes = pdu.subarray(0, pdu.length - cut);
        const read = decodeMessage(bytes);
        expect(read).toEqual(decodeByTable(bytes));
        // Fields in the order of the layout, as whoever prints them shows them.
        expect(JSON.stringify(read)).toBe(JSON.stringify(decodeByTable(bytes)));
      }),
      { numRuns: 1000 },
    );
  });

  it("is refused by the table where a value has no room", () => {
    const head: MessageHeader = { tci: 1, messageSet: "baseline", classId: 7, instanceId: 0 };
    const good: SectionAnswer = {
      type: "downloadSectionResponse",
      result: 0,
      sectionNumber: 0,
      missingSections: 0,
      lostSections: 0,
    };
    for (const [name, value] of [
      ["result", 256],
      ["sectionNumber", -1],
      ["missingSections", 257],
      ["lostSections", 0.5],
    ] as const)
      expect(() => encodeBody(head, { ...good, [name]: value }, new Uint8Array(ROOM))).toThrow(OmciEncodeError);
    expect(() => encodeBody({ ...head, tci: 0x1_0000 }, good, new Uint8Array(ROOM))).toThrow("tci is 65536");
  });
});
