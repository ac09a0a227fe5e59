/** Ranging with everybody at the table: who is there, who comes back, who only says that he is another. */
import { describe, expect, it } from "vitest";
import {
  OltRanging,
  type OltRangingOptions,
  OntRanging,
  rangingMessage,
  type RangingMessage,
} from "../../pon/index.ts";

const MS = 1e6;
const S = 1e9;
const serialOf = (index: number): string => `PCST${index.toString(16).padStart(8, "0").toUpperCase()}`;

/** An OLT and what it says; peers are names. */
function table(options: Partial<OltRangingOptions<string>> = {}) {
  const ranged: string[] = [];
  const lost: number[] = [];
  const refused: string[] = [];
  const said: { message: RangingMessage; peer: string }[] = [];
  const olt = new OltRanging<string>(
    { nonce: 100, samePeer: (one, other) => one === other, ...options },
    {
      send: (message, peer) => said.push({ message, peer }),
      onRanged: (onuId, { serial }) => ranged.push(`${serial} ${onuId}`),
      onLinkLost: (onuId) => lost.push(onuId),
      onLate: () => undefined,
      onRefused: (cause) => refused.push(cause),
    },
  );
  return { olt, ranged, lost, refused, said };
}
type Table = ReturnType<typeof table>;

/** An ONT of its own; what the OLT says to `peer` reaches it unless it is deaf. */
class Ont {
  readonly heard: string[] = [];
  readonly sent: RangingMessage[] = [];
  readonly ranging: OntRanging;
  isDeaf = false;
  readonly at: Table;
  readonly peer: string;
  readonly clock: { nowNs: number };
  #heardOf = 0;

  constructor(at: Table, serial: string, peer: string, clock: { nowNs: number }) {
    this.at = at;
    this.peer = peer;
    this.clock = clock;
    this.ranging = new OntRanging(
      serial,
      (message) => this.sent.push(message),
      ({ onuId }) => this.heard.push(`is ${onuId}`),
    );
    this.#heardOf = at.said.length;
  }

  /** Messages go to and fro until nobody has anything to say. */
  settle(): void {
    for (let more = true; more;) {
      more = false;
      for (const message of this.sent.splice(0)) {
        more = true;
        this.at.olt.handle(this.clock.nowNs, message, this.peer);
      }
      for (const { message, peer } of this.at.said.slice(this.#heardOf)) {
        if (peer === this.peer && !this.isDeaf) this.ranging.handle(this.clock.nowNs, message);
      }
      this.#heardOf = this.at.said.length;
      more ||= this.sent.length > 0;
    }
  }

  begin(nonce: number): this {
    this.ranging.begin(this.clock.nowNs, nonce);
    this.settle();
    return this;
  }

  /** Time passes for it, and for the OLT. */
  live(forNs: number, stepNs = 50 * MS): void {
    for (const endNs = this.clock.nowNs + forNs; this.clock.nowNs < endNs;) {
      this.clock.nowNs += stepNs;
      this.ranging.handleTimeout(this.clock.nowNs);
      this.settle();
      this.at.olt.handleTimeout(this.clock.nowNs);
    }
  }
}

function pon(options: Partial<OltRangingOptions<string>> = {}) {
  const clock = { nowNs: 0 };
  const at = table(options);
  const ont = (index: number, peer: string, nonce: number): Ont =>
    new Ont(at, serialOf(index), peer, clock).begin(nonce);
  return { ...at, clock, ont };
}

describe("ranging", () => {
  it("is done when the ONT has said that it has its ONU-ID", () => {
    const { ranged, ont } = pon();
    const first = ont(1, "a", 10);
    expect(first.heard).toEqual(["is 0"]);
    expect(ranged).toEqual([`${serialOf(1)} 0`]);
  });

  it("of a deaf address comes to nothing: whoever asks has to hear there", () => {
    const { olt, ranged, said, clock } = pon();
    olt.handle(0, rangingMessage({ serial: serialOf(1), ontNonce: 5 }), "spoofed");
    expect(said).toHaveLength(1);
    olt.handle(0, rangingMessage({ kind: "alive", serial: serialOf(1), ontNonce: 5, oltNonce: 1 }), "spoofed");
    olt.handle(0, rangingMessage({ kind: "alive", serial: serialOf(1), ontNonce: 5, oltNonce: 101 }), "elsewhere");
    clock.nowNs = 10 * S;
    olt.handleTimeout(clock.nowNs);
    expect(ranged).toEqual([]);
  });

  it("is told again when the OLT has not heard that the ONT has its ONU-ID", () => {
    const { ranged, ont, said } = pon();
    const one = ont(1, "a", 10);
    const assigned = said[0].message;
    one.ranging.handle(0, assigned);
    expect(one.sent.map(({ kind }) => kind)).toEqual(["alive"]);
    one.settle();
    expect(ranged).toHaveLength(1);
  });

  it("takes nothing that was said before: each message of a whole life, again, in any order", () => {
    const { olt, ranged, lost, clock, ont } = pon();
    const recorded: RangingMessage[] = [];
    const tapped = ont(1, "a", 10);
    const tap = (): void => void recorded.push(...tapped.sent);
    for (let life = 0; life < 3; life++) {
      tapped.ranging.end();
      tap();
      tapped.settle();
      tapped.ranging.begin(clock.nowNs, 1000 * life);
      tap();
      tapped.settle();
      // What it says once it has its ONU-ID.
      recorded.push(
        rangingMessage({
          kind: "alive",
          serial: serialOf(1),
          ontNonce: tapped.ranging.nonce - 1,
          oltNonce: 101 + life,
        }),
      );
    }
    // The present life's own signal-lost and alive have not been said; all others have.
    const before = { ranged: ranged.length, lost: lost.length };
    const current = tapped.ranging.nonce;
    for (const message of recorded.filter(({ ontNonce }) => ontNonce !== current)) {
      for (const peer of ["a", "b"]) olt.handle(clock.nowNs, message, peer);
    }
    tapped.settle();
    expect({ ranged: ranged.length, lost: lost.length }).toEqual(before);
    expect(olt.peerOf(0)).toBe("a");
  });

  it("of an OLT that has restarted begins anew, and an old OLT's answer says nothing", () => {
    const { ont, clock, said } = pon();
    const one = ont(1, "a", 10);
    const oldAnswers = said.map(({ message }) => message);
    const second = table({ nonce: 900 });
    const moved = new Ont(second, serialOf(1), "a", clock);
    // The same ONT, in front of another OLT.
    moved.ranging.begin(0, 10);
    moved.settle();
    expect(moved.heard).toEqual(["is 0"]);
    second.olt.handle(0, rangingMessage({ kind: "alive", serial: serialOf(1), ontNonce: 77 }), "a");
    const unknown = second.said.at(-1)!.message;
    expect(unknown.kind).toBe("unknown");
    for (const answer of [...oldAnswers, unknown]) one.ranging.handle(0, { ...answer, ontNonce: answer.ontNonce - 1 });
    expect(one.sent).toEqual([]);
    one.ranging.handle(0, rangingMessage({ kind: "unknown", serial: serialOf(1), ontNonce: one.ranging.nonce }));
    expect(one.sent.map(({ kind }) => kind)).toEqual(["request"]);
    // The answer to the question before this one.
    for (const answer of oldAnswers) one.ranging.handle(0, answer);
    expect(one.ranging.onuId).toBe(-1);
  });
});

describe("a serial number in use", () => {
  it("is refused to whoever else claims it, and counted, while its ONT answers", () => {
    const { ranged, refused, lost, ont } = pon();
    const real = ont(1, "a", 10);
    const rival = ont(1, "b", 99);
    for (let turn = 0; turn < 100; turn++) {
      real.live(50 * MS);
      rival.ranging.handleTimeout(rival.clock.nowNs);
      rival.settle();
      real.settle();
    }
    expect(ranged).toEqual([`${serialOf(1)} 0`]);
    expect(lost).toEqual([]);
    expect(refused.length).toBeGreaterThan(3);
    expect(new Set(refused)).toEqual(new Set(["serial-in-use"]));
  });

  it("goes to the ONT's next life soon after it lost its power without a word", () => {
    const { ranged, lost, ont } = pon();
    const before = ont(1, "a", 10);
    before.isDeaf = true;
    const next = ont(1, "b", 99);
    next.live(500 * MS);
    expect(ranged).toEqual([`${serialOf(1)} 0`, `${serialOf(1)} 0`]);
    expect(lost).toEqual([0]);
  });

  it("goes to the same socket's next life at once", () => {
    const { ranged, ont } = pon();
    ont(1, "a", 10);
    ont(1, "a", 99);
    expect(ranged).toHaveLength(2);
  });
});

describe("ONU-IDs", () => {
  it("that were assigned to inventions come back: 1,000 of them, and the port has room", () => {
    const { olt, ranged, clock, ont } = pon();
    for (let invented = 0; invented < 1000; invented++)
      olt.handle(0, rangingMessage({ serial: serialOf(0x1000 + invented), ontNonce: 1 }), "x");
    for (let second = 1; second <= 3; second++) olt.handleTimeout((clock.nowNs = second * S));
    for (let index = 0; index < 128; index++) ont(index, `ont ${index}`, 10);
    expect(ranged).toHaveLength(128);
  });

  it("of the silent go to others once there is no other left, the longest silent first", () => {
    const { olt, clock, ranged, refused, ont } = pon();
    for (let index = 0; index < 128; index++) {
      clock.nowNs += MS;
      ont(index, `ont ${index}`, 10);
    }
    ont(500, "new", 10);
    expect(refused).toEqual(["no-onu-id-left"]);
    for (const index of [7, 3]) {
      const nonce = 11;
      olt.handle(
        clock.nowNs,
        rangingMessage({ kind: "signalLost", serial: serialOf(index), ontNonce: nonce }),
        `ont ${index}`,
      );
    }
    ont(501, "new", 10);
    expect(ranged.at(-1)).toBe(`${serialOf(501)} 3`);
    // Who was silent gets another when he comes back.
    ont(3, "back", 20);
    expect(ranged.at(-1)).toBe(`${serialOf(3)} 7`);
  });

  it("are kept for those that are expected, whoever comes before them", () => {
    const expected = Array.from({ length: 100 }, (_, index) => serialOf(index));
    const { ranged, refused, ont } = pon({ expected });
    for (let foreign = 0; foreign < 128; foreign++) ont(0x1000 + foreign, `x${foreign}`, 10);
    expect(ranged).toHaveLength(28);
    expect(refused).toHaveLength(100);
    for (let index = 0; index < 100; index++) ont(index, `ont ${index}`, 10);
    expect(ranged).toHaveLength(128);
  });

  it("are for nobody else where only the expected may come", () => {
    const { ranged, refused, ont } = pon({ expected: [serialOf(1)], isClosed: true });
    ont(2, "x", 10);
    expect(ranged).toEqual([]);
    expect(refused).toEqual(["unexpected-serial"]);
    ont(1, "a", 10);
    expect(ranged).toHaveLength(1);
  });
});
