/** Sealed datagrams: what goes through is what the other end has sent, once; a third sends what he likes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LinkSeal, OltEnd, OntEnd, rangingMessage, SEAL_BYTES, type SEAL_KIND } from "../../pon/index.ts";
import { ReplayWindow } from "../../pon/seal/replay-window.ts";
import { bytes } from "../omci/arbitrary.ts";

const KEY = new Uint8Array(16).fill(7);
const SERIAL = "PCST00000001";
const ASSIGNED = rangingMessage({ kind: "assign", serial: SERIAL, onuId: 0, ontNonce: 11, oltNonce: 901 });

/** An OLT's end and an ONT's, ranged. */
function link(ponKey: Uint8Array | undefined = KEY) {
  const olt = new OltEnd(ponKey, "gem", 900);
  const ont = new OntEnd(ponKey, "gem");
  ont.ranged({ ...ASSIGNED, ...olt.group() });
  olt.ranged(0, { ...ASSIGNED, kind: "alive" });
  const made = (content: Uint8Array, seal: (datagram: Uint8Array) => void): Uint8Array => {
    const datagram = Uint8Array.from([...new Uint8Array(olt.headBytes.frames), ...content]);
    seal(datagram);
    return datagram;
  };
  // The first two were its request and that it has its ONU-ID.
  let sent = 1;
  return {
    olt,
    ont,
    toAll: (content: Uint8Array) => made(content, (it) => olt.sealBroadcast(it, it.length)),
    toOne: (content: Uint8Array) => made(content, (it) => olt.sealUnicast(0, it, it.length)),
    up: (content: Uint8Array) => made(content, (it) => ont.sealUp(it, it.length, 11, sent++)),
  };
}
const content = fc.oneof(bytes(1, 80), bytes(1000, 1500), fc.constant(new Uint8Array(60_000).fill(3)));

describe("a sealed datagram", () => {
  it("comes through once each way", () => {
    fc.assert(
      fc.property(content, (sent) => {
        const { olt, ont, toAll, toOne, up } = link();
        const [all, one, answer] = [toAll(sent), toOne(sent), up(sent)];
        expect(ont.openBroadcast(all)).toBe(SEAL_BYTES);
        expect(ont.openOwn(one)).toBe(SEAL_BYTES);
        expect(olt.open(answer)).toEqual({ start: SEAL_BYTES, onuId: 0 });
        expect(ont.openBroadcast(all)).toBe(-1);
        expect(ont.openOwn(one)).toBe(-1);
        expect(olt.open(answer)).toBe("replayed");
        expect(ont.dropped).toEqual(new Map([["replayed", 2]]));
      }),
      { numRuns: 30 },
    );
  });

  it("with any bit changed is none", () => {
    fc.assert(
      fc.property(bytes(1, 3000), fc.nat(), fc.nat(7), (sent, where, bit) => {
        const { olt, ont, toAll, up } = link();
        for (const [datagram, open] of [
          [toAll(sent), (it: Uint8Array) => ont.openBroadcast(it) >= 0],
          [up(sent), (it: Uint8Array) => typeof olt.open(it) !== "string"],
        ] as const) {
          const changed = datagram.slice();
          changed[where % changed.length] ^= 1 << bit;
          // The octet that says nothing is under the tag as well.
          expect(open(changed)).toBe(false);
          expect(open(datagram.subarray(0, datagram.length - 1))).toBe(false);
          expect(open(Uint8Array.from([...datagram, 0]))).toBe(false);
          expect(open(datagram)).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("of another key, another way, another ONT or another life of the OLT is none", () => {
    const { ont, olt, toAll, toOne, up } = link();
    const frame = new Uint8Array(48);
    const other = link(new Uint8Array(16).fill(8));
    for (const forged of [other.toAll(frame), other.toOne(frame), other.up(frame)]) {
      expect(ont.openBroadcast(forged)).toBe(-1);
      expect(ont.openOwn(forged)).toBe(-1);
      expect(olt.open(forged)).toBe("bad-seal");
    }
    const [all, one, answer] = [toAll(frame), toOne(frame), up(frame)];
    for (const turned of [one, answer]) expect(ont.openBroadcast(turned)).toBe(-1);
    for (const turned of [all, answer]) expect(ont.openOwn(turned)).toBe(-1);
    for (const turned of [all, one]) expect(olt.open(turned)).toBe("other-flow");
    const neighbour = new OntEnd(KEY, "gem");
    neighbour.ranged({ ...ASSIGNED, serial: "PCST00000002", oltNonce: 902, ...olt.group() });
    expect(neighbour.openOwn(one)).toBe(-1);
    const next = new OntEnd(KEY, "gem");
    next.ranged({ ...ASSIGNED, groupFlow: 950 });
    expect(next.openBroadcast(all)).toBe(-1);
  });

  it("that was sent before an ONT was ranged is nothing to it", () => {
    const { olt, toAll } = link();
    const before = [toAll(new Uint8Array(48)), toAll(new Uint8Array(48))];
    const late = new OntEnd(KEY, "gem");
    late.ranged({ ...ASSIGNED, ...olt.group() });
    for (const datagram of before) expect(late.openBroadcast(datagram)).toBe(-1);
    expect(late.openBroadcast(toAll(new Uint8Array(48)))).toBe(SEAL_BYTES);
  });

  it("of an ONT's earlier ranging is not its present one's", () => {
    const { olt, up } = link();
    const before = up(new Uint8Array(48));
    olt.ranged(0, { ...ASSIGNED, ontNonce: 12, oltNonce: 902 });
    expect(olt.open(before)).toEqual({ start: SEAL_BYTES, onuId: -1 });
  });

  it("is asked for: without a seal nothing comes through, ranging neither", () => {
    for (const encapsulation of ["gem", "plain"] as const) {
      const [ont, olt] = [new OntEnd(KEY, encapsulation), new OltEnd(KEY, encapsulation, 1)];
      const ranging = Buffer.from("PONR\u0008\u0001");
      expect(ont.openOwn(ranging)).toBe(-1);
      expect(olt.open(ranging)).toBe("not-sealed");
    }
  });
});

describe("any datagram", () => {
  it("is survived by both ends, with a key and without", () => {
    const sealed = fc
      .tuple(bytes(0, 100), fc.nat(6), fc.nat(2 ** 32 - 1), fc.nat(2 ** 47))
      .map(([sent, kind, flow, count]) => {
        const datagram = Uint8Array.from([...new Uint8Array(SEAL_BYTES), ...sent]);
        new LinkSeal(KEY).seal(datagram, datagram.length, kind as typeof SEAL_KIND.up, flow, count);
        return datagram;
      });
    const { olt, ont } = link();
    const open = { olt: new OltEnd(undefined, "gem", 1), ont: new OntEnd(undefined, "gem") };
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 3000 }), sealed), (datagram) => {
        for (const each of [ont, open.ont]) {
          each.openBroadcast(datagram);
          each.openOwn(datagram);
        }
        for (const each of [olt, open.olt]) each.open(datagram);
      }),
      { numRuns: 500 },
    );
  });
});

describe("numbers of a flow", () => {
  it("are taken once each, in any order within 32", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 300 }), (numbers) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        let newest = -1;
        for (const number of numbers) {
          const isTaken = window.take(number);
          expect(isTaken).toBe(!seen.has(number) && number > newest - 32);
          if (isTaken) seen.add(number);
          newest = Math.max(newest, number);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("up to one that is known count as seen", () => {
    const window = new ReplayWindow(1000);
    expect([990, 1000, 1001, 1001, 2 ** 40, 2 ** 40 - 31, 2 ** 40 - 32].map((number) => window.take(number))).toEqual([
      false,
      false,
      true,
      false,
      true,
      true,
      false,
    ]);
  });
});
