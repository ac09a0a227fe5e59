/** The trailer of an OLT under test: its form is decided once for each peer, and what differs is dropped and counted. */
import { expect, it } from "vitest";
import { FrameForms } from "../../conform/olt/frame-form.ts";
import { crc32Trailer, encodeMessage } from "../../omci/index.ts";

const pdu = new Uint8Array(44);
encodeMessage({ type: "mibResetRequest", tci: 9, messageSet: "baseline", classId: 2, instanceId: 0 }, pdu);

function frame(trailer: "right" | "wrong" | "zero"): Uint8Array {
  const bytes = new Uint8Array(48);
  bytes.set(pdu);
  if (trailer !== "zero") crc32Trailer.seal(bytes, 0, 44);
  if (trailer === "wrong") bytes[47]! ^= 1;
  return bytes;
}

it("an OLT that seals its frames is answered sealed; one frame of a wrong CRC-32 is dropped, as is one without", () => {
  const forms = new FrameForms();
  expect(forms.take("A", frame("right"))).toEqual({ pdu, hasTrailer: true });
  expect(forms.take("A", frame("wrong"))).toBeUndefined();
  expect(forms.take("A", pdu)).toBeUndefined();
  expect(forms.take("A", frame("zero"))).toBeUndefined();
  expect(forms.dropped).toBe(3);
  expect(forms.take("A", frame("right"))).toEqual({ pdu, hasTrailer: true });
});

it("an OLT that leaves the trailer to hardware, as no octets or as zeros, is answered without one", () => {
  const forms = new FrameForms();
  expect(forms.take("B", pdu)).toEqual({ pdu, hasTrailer: false });
  expect(forms.take("B", frame("zero"))).toEqual({ pdu, hasTrailer: false });
  expect(forms.take("B", frame("right"))).toBeUndefined();
  expect(forms.dropped).toBe(1);
});

it("a first frame of a wrong trailer decides nothing", () => {
  const forms = new FrameForms();
  expect(forms.take("C", frame("wrong"))).toBeUndefined();
  expect(forms.take("C", frame("right"))).toEqual({ pdu, hasTrailer: true });
});

it("each peer has its own, and no more than so many are remembered", () => {
  const forms = new FrameForms();
  for (let peer = 0; peer < 100; peer++)
    expect(forms.take(`peer ${peer}`, peer % 2 === 0 ? pdu : frame("right"))).toBeDefined();
  expect(forms.take("peer 99", pdu)).toBeUndefined();
  expect(forms.take("peer 0", frame("right"))).toBeDefined();
});
