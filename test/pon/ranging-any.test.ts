/** Ranging, told anything in any order and by anybody. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeRanging,
  encodeRanging,
  OltRanging,
  OntRanging,
  rangingMessage,
  type RangingMessage,
} from "../../pon/index.ts";

const MS = 1e6;
const serialOf = (index: number): string => `PCST0000000${index}`;

function table() {
  const ranged: string[] = [];
  const said: RangingMessage[] = [];
  const olt = new OltRanging<string>(
    { nonce: 100, samePeer: (one, other) => one === other },
    {
      send: (message) => said.push(message),
      onRanged: (onuId, { serial }) => ranged.push(`${serial} ${onuId}`),
      onLinkLost: () => undefined,
      onLate: () => undefined,
      onRefused: () => undefined,
    },
  );
  return { olt, ranged, said };
}

const message = fc.record({
  kind: fc.constantFrom("request", "assign", "alive", "unknown", "signalLost", "probe") as fc.Arbitrary<
    RangingMessage["kind"]
  >,
  serial: fc.constantFrom(serialOf(1), serialOf(2), serialOf(3)),
  onuId: fc.nat(300),
  ontNonce: fc.nat(20),
  oltNonce: fc.integer({ min: 95, max: 120 }),
  groupFlow: fc.nat(),
  groupCount: fc.nat(),
});

describe("whatever is said to them", () => {
  it("no half throws, and ONU-IDs belong to one each", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(message, fc.constantFrom("a", "b"), fc.nat(400)), { maxLength: 60 }), (events) => {
        const { olt, said, ranged } = table();
        const ont = new OntRanging(
          serialOf(1),
          () => undefined,
          () => undefined,
        );
        ont.begin(0, 5);
        let nowNs = 0;
        for (const [heard, peer, pauseMs] of events) {
          nowNs += pauseMs * MS;
          olt.handle(nowNs, heard, peer);
          olt.handleTimeout(nowNs);
          ont.handle(nowNs, heard);
          ont.handleTimeout(nowNs);
        }
        expect(said.length).toBeLessThanOrEqual(2 * events.length);
        const owners = new Map<string, string>();
        for (const [serial, onuId] of ranged.map((line) => line.split(" "))) {
          expect(owners.get(onuId) ?? serial).toBe(serial);
          owners.set(onuId, serial);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("any bytes are a message or none, and one of a serial number that can be one", () => {
    const near = message.map((said) => encodeRanging(said));
    const damaged = fc.tuple(near, fc.nat(), fc.nat(255)).map(([bytes, at, byte]) => {
      const out = bytes.slice();
      out[at % out.length] = byte;
      return out;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), near, damaged), (bytes) => {
        const read = decodeRanging(bytes);
        if (read) expect(read.serial).toMatch(/^[\x21-\x7e]{4}[0-9A-Fa-f]{8}$/);
      }),
      { numRuns: 2000 },
    );
  });

  it("no control characters come in as a serial number", () => {
    for (const serial of ["\u001b[2J\u001b[H0000", "PCST0000000\n", "=CMD00000001|", "PCST00000001 "])
      expect(decodeRanging(encodeRanging(rangingMessage({ serial })))).toBeUndefined();
  });
});
