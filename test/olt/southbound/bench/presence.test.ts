/** When the ONT at the end of a road counts as there, and as gone. */
import { describe, expect, it } from "vitest";
import { Presence } from "../../../../olt/southbound/bench/presence.ts";

const S = 1e9;

/** A presence, and what it did; `answers` says whether the ONT answers at a time. */
class Bench {
  readonly did: string[] = [];
  nowNs = 0;
  answers: (nowNs: number) => boolean = () => true;
  readonly presence = new Presence({
    ask: (tci) => {
      const answer = Uint8Array.from([tci >> 8, tci & 0xff, 0x29, 0x0a, 1, 0, 0, 0, 4]);
      if (this.answers(this.nowNs)) this.presence.takeAnswer(this.nowNs, answer);
    },
    onUp: (serial) => this.did.push(`up ${serial} at ${this.nowNs / S}`),
    onDown: () => this.did.push(`down at ${this.nowNs / S}`),
    onAbsent: () => this.did.push(`absent at ${this.nowNs / S}`),
  });

  until(endNs: number): void {
    for (let dueNs = this.presence.nextTimeoutNs(); dueNs <= endNs; dueNs = this.presence.nextTimeoutNs()) {
      this.nowNs = Math.max(this.nowNs, dueNs);
      this.presence.handleTimeout(this.nowNs);
    }
    this.nowNs = endNs;
  }

  activate(result: number): void {
    this.presence.noteRequest(this.nowNs, Uint8Array.from([0, 5, 0x56, 0x0a, 0, 7, 0, 1, 0]));
    const pdu = new Uint8Array(44);
    pdu.set([0, 5, 0x36, 0x0a, 0, 7, 0, 1, result]);
    expect(this.presence.takeAnswer(this.nowNs, pdu)).toBe(false);
  }
}

function up(): Bench {
  const bench = new Bench();
  bench.presence.begin(0);
  bench.until(S);
  expect(bench.did.splice(0)).toEqual(["up NONE00000001 at 0"]);
  return bench;
}

describe("an ONT at the end of a road", () => {
  it("is there once it answers", () => void up());

  it("that never answers is told of", () => {
    const bench = new Bench();
    bench.answers = () => false;
    bench.presence.begin(0);
    bench.until(60 * S);
    expect(bench.did).toEqual(["absent at 10"]);
  });

  it("that restarts is down once it is silent, and up once it answers", () => {
    const bench = up();
    bench.activate(0);
    bench.answers = (nowNs) => nowNs < 2 * S || nowNs > 6 * S;
    bench.until(20 * S);
    expect(bench.did).toEqual(["down at 3", "up NONE00000001 at 6.5"]);
  });

  it("that is back before anybody noticed is down and up at once, after a while", () => {
    const bench = up();
    bench.activate(0);
    bench.until(60 * S);
    expect(bench.did).toEqual(["down at 16", "up NONE00000001 at 16"]);
  });

  it("that refuses to restart is not asked", () => {
    const bench = up();
    bench.activate(6);
    bench.until(60 * S);
    expect(bench.did).toEqual([]);
  });
});
