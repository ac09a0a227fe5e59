/** Every message comes back as it was written; every deviation and every refusal is named. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Decoded,
  decodeMessage,
  type Deviation,
  type DropCause,
  encodeMessage,
  type Message,
  OmciEncodeError,
} from "../../omci/index.ts";
import { anyMessage, bytes, messageOfType, messageSets, messageTypes } from "./arbitrary.ts";

const GUARD = 0xa5;

/** The PDU of a message, written into the middle of a buffer of which nothing else may change. */
function encoded(message: Message): Uint8Array {
  const out = new Uint8Array(2000).fill(GUARD);
  const end = 9 + encodeMessage(message, out, 9);
  expect(out.subarray(0, 9).every((byte) => byte === GUARD) && out.subarray(end).every((byte) => byte === GUARD)).toBe(
    true,
  );
  return out.slice(9, end);
}

function messageIn(decoded: Decoded): Message {
  if (!decoded.ok) throw new Error(`${decoded.cause}: ${decoded.detail}`);
  if (decoded.message.type === "other") throw new Error(`message type ${decoded.message.messageType}`);
  return decoded.message;
}

describe("every message comes back as it was", () => {
  for (const type of messageTypes)
    for (const messageSet of messageSets)
      it(`${type}, ${messageSet}`, () => {
        fc.assert(
          fc.property(messageOfType(type, messageSet), bytes(4), (message, trailer) => {
            const pdu = encoded(message);
            const decoded = decodeMessage(pdu);
            expect(messageIn(decoded)).toEqual(message);
            expect(decoded).toMatchObject({ deviations: [] });
            // The trailer is the link's affair: with or without it the message is the same.
            expect(decodeMessage(Uint8Array.from([...pdu, ...trailer]))).toEqual(decoded);
          }),
          { numRuns: 60 },
        );
      });
});

describe("any bytes", () => {
  /** Random bytes, and bytes that begin like a frame. */
  const frame = fc.oneof(
    bytes(0, 60),
    fc
      .tuple(bytes(2), fc.nat(255), fc.constantFrom(0x0a, 0x0b), bytes(4), bytes(0, 60))
      .map(([tci, type, device, me, rest]) => Uint8Array.from([...tci, type, device, ...me, ...rest])),
    fc
      .tuple(bytes(2), fc.nat(255), bytes(4), bytes(0, 60))
      .map(([tci, type, me, rest]) => Uint8Array.from([...tci, type, 0x0b, ...me, 0, rest.length, ...rest])),
    fc
      .tuple(bytes(2), fc.nat(255), bytes(4), bytes(32, 36))
      .map(([tci, type, me, rest]) => Uint8Array.from([...tci, type, 0x0a, ...me, ...rest])),
  );

  it("are read or refused with a cause; what is read can be written, and is then without deviations", () => {
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(frame, (some) => {
        const decoded = decodeMessage(some);
        if (!decoded.ok) {
          seen.refused++;
          expect(decoded.detail).not.toBe("");
          return;
        }
        seen.read++;
        if (decoded.message.type === "other") return;
        const again = decodeMessage(encoded(decoded.message));
        if (!again.ok) throw new Error(`${again.cause}: ${again.detail}`);
        // TCI 0 and AR are kept, and bytes behind the attributes are among the values.
        const kept: readonly Deviation[] = ["tci-zero-on-non-notification", "nonzero-padding", "ar-unexpected"];
        expect(again.deviations.filter((deviation) => !kept.includes(deviation))).toEqual([]);
        expect(again.message).toEqual(decoded.message);
        expect(encoded(decoded.message)[2]).toBe(some[2] & 0x7f);
      }),
      { numRuns: 5000, seed: 20_988 },
    );
    // Neither branch is idle.
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(500);
  });

  it("cut off anywhere, a frame is refused or shorter, never invented", () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (message, cut) => {
        const pdu = encoded(message);
        const decoded = decodeMessage(pdu.subarray(0, cut % pdu.length));
        // 40 bytes of a baseline frame are the frame without its last part.
        if (decoded.ok) expect([cut % pdu.length, messageIn(decoded)]).toEqual([40, message]);
        else expect(["too-short", "bad-length", "contents-length-mismatch"]).toContain(decoded.cause);
      }),
      { numRuns: 500 },
    );
  });
});

const header = { tci: 5, classId: 7, instanceId: 1 };
const start: Message = {
  ...header,
  messageSet: "baseline",
  type: "startDownloadRequest",
  windowSections: 32,
  imageBytes: 1000,
  instances: [1],
};
const answer: Message = {
  ...header,
  messageSet: "extended",
  type: "startDownloadResponse",
  result: 0,
  windowSections: 32,
  instanceResults: [],
};

/** A frame with some bytes other than they should be. */
const changed = (message: Message, change: (pdu: Uint8Array) => Uint8Array | undefined): Uint8Array => {
  const pdu = encoded(message);
  return change(pdu) ?? pdu;
};
const put = (at: number, value: number) => (pdu: Uint8Array) => {
  pdu[at] = value;
  return undefined;
};
/** Contents cut or lengthened, with a contents length to match. */
const contentsOf = (length: number) => (pdu: Uint8Array) => {
  const resized = new Uint8Array(10 + length);
  resized.set(pdu.subarray(0, resized.length));
  resized[8] = length >> 8;
  resized[9] = length;
  return resized;
};

describe("a lenient reading is named", () => {
  const frames: Record<Deviation, Uint8Array> = {
    "nonzero-padding": changed(start, put(39, 1)),
    "sdu-length-not-40": changed(start, put(43, 0)),
    "tci-zero-on-non-notification": changed({ ...start, tci: 0 }, () => undefined),
    "no-instance-count": changed(answer, contentsOf(2)),
    "reserved-bit": changed(start, (pdu) => put(2, pdu[2] | 0x80)(pdu)),
    "ar-unexpected": changed(start, (pdu) => put(2, pdu[2] & ~0x40)(pdu)),
    "trailing-bytes": changed(answer, contentsOf(4)),
  };
  for (const [deviation, frame] of Object.entries(frames)) {
    it(deviation, () => {
      const decoded = decodeMessage(frame);
      const base = deviation === "no-instance-count" || deviation === "trailing-bytes" ? answer : start;
      const tci = deviation === "tci-zero-on-non-notification" ? 0 : header.tci;
      const kept = deviation === "ar-unexpected" ? { deviantAr: false } : {};
      expect(decoded).toEqual({ ok: true, message: { ...base, tci, ...kept }, deviations: [deviation] });
    });
  }

  it("an End that asks for no answer, or to another class, is written again as it was", () => {
    const end: Message = { ...start, type: "endDownloadRequest", classId: 256, crc32: 1, imageBytes: 2, instances: [] };
    for (const typeByte of [0x15, 0x55]) {
      const frame = changed(end, put(2, typeByte));
      expect(encoded(messageIn(decodeMessage(frame)))).toEqual(frame);
    }
    expect(encoded(messageIn(decodeMessage(changed(answer, put(2, 0x73)))))[2]).toBe(0x73);
  });

  it("a notification may have TCI 0", () => {
    const avc: Message = {
      ...header,
      tci: 0,
      messageSet: "baseline",
      type: "avc",
      attributeMask: 0x2000,
      values: new Uint8Array(30),
    };
    expect(decodeMessage(encoded(avc))).toMatchObject({ ok: true, deviations: [] });
  });
});

describe("a refusal names its cause", () => {
  const frames: Record<DropCause, Uint8Array> = {
    "too-short": new Uint8Array(7),
    "unknown-device": changed(start, put(3, 0x0c)),
    "bad-length": new Uint8Array([0, 5, 0x53, 0x0a, ...new Uint8Array(37)]),
    "contents-length-mismatch": changed(answer, put(9, 60)),
    "contents-truncated": changed(answer, contentsOf(1)),
    "too-many-instances": changed(answer, put(12, 10)),
  };
  for (const [cause, frame] of Object.entries(frames))
    it(cause, () => expect(decodeMessage(frame)).toMatchObject({ ok: false, cause }));
});

describe("our own mistakes are thrown, not sent", () => {
  const mistakes: Record<string, Message> = {
    "a TCI of 17 bits": { ...start, tci: 0x10000 },
    "an instance that is no number": { ...start, instanceId: Number.NaN },
    "an empty window": { ...start, windowSections: 0 },
    "a window of 257": { ...start, windowSections: 257 },
    "an image of 4 GiB": { ...start, imageBytes: 2 ** 32 },
    "ten instances": { ...start, instances: Array.from({ length: 10 }, () => 1) },
    "a half section": { ...start, imageBytes: 0.5 },
    "a section without data": {
      ...header,
      messageSet: "extended",
      type: "downloadSectionRequest",
      ackRequested: false,
      sectionNumber: 0,
      data: new Uint8Array(0),
    },
    "a section of 32 bytes in baseline": {
      ...header,
      messageSet: "baseline",
      type: "downloadSectionRequest",
      ackRequested: false,
      sectionNumber: 0,
      data: new Uint8Array(32),
    },
    "a section of 1966 bytes": {
      ...header,
      messageSet: "extended",
      type: "downloadSectionRequest",
      ackRequested: false,
      sectionNumber: 0,
      data: new Uint8Array(1966),
    },
  };
  for (const [mistake, message] of Object.entries(mistakes))
    it(mistake, () => expect(() => encodeMessage(message, new Uint8Array(2100))).toThrow(OmciEncodeError));
});
