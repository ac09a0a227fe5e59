/** The OLT's half of ranging on a late machine: who waits for the processor has not lost the light. */
import { describe, expect, it } from "vitest";
import { OltRanging, rangingMessage, type RangingMessage } from "../../pon/index.ts";

const S = 1e9;
const SERIALS = ["PCST00000001", "PCST00000002"];

function bench() {
  const lost: number[] = [];
  const late: number[] = [];
  let oltNonce = 0;
  const ranging = new OltRanging<string>(
    { nonce: 7, samePeer: (one, other) => one === other },
    {
      send: (message) => (oltNonce = message.oltNonce),
      onRanged: () => undefined,
      onLinkLost: (onuId) => lost.push(onuId),
      onLate: (lateNs) => late.push(lateNs / S),
      onRefused: () => undefined,
    },
  );
  const say = (kind: RangingMessage["kind"], nowNs: number, serials = SERIALS): void => {
    for (const serial of serials)
      ranging.handle(nowNs, rangingMessage({ kind, serial, ontNonce: 1, oltNonce }), serial);
  };
  for (const serial of SERIALS) {
    say("request", 0, [serial]);
    say("alive", 0, [serial]);
  }
  return { ranging, lost, late, say };
}

describe("signs of life", () => {
  it("in time are no lateness; an ONT that gives none for 3.5 s has lost the signal", () => {
    const { ranging, lost, late, say } = bench();
    for (let second = 1; second <= 5; second++) {
      say("alive", second * S, SERIALS.slice(0, 1));
      ranging.handleTimeout(second * S);
    }
    expect(late).toEqual([]);
    expect(lost).toEqual([1]);
  });

  it("that come late together give the others as much more time", () => {
    const { ranging, lost, late, say } = bench();
    say("alive", 2.5 * S, SERIALS.slice(0, 1));
    for (let second = 3; second <= 5; second++) ranging.handleTimeout(second * S);
    expect(late[0]).toBe(1.5);
    expect(lost).toEqual([]);
    say("alive", 5.5 * S);
    // And the machine is in time again: silence counts after all, a while later.
    for (let second = 6; second <= 60; second++) {
      say("alive", second * S, SERIALS.slice(0, 1));
      ranging.handleTimeout(second * S);
    }
    expect(lost).toEqual([1]);
  });

  it("are read before an OLT that was late itself takes anybody for gone", () => {
    const { ranging, lost, late, say } = bench();
    ranging.handleTimeout(9 * S);
    expect(late).toEqual([8]);
    expect(lost).toEqual([]);
    say("alive", 9 * S);
    for (let second = 10; second <= 12; second++) ranging.handleTimeout(second * S);
    expect(lost).toEqual([]);
  });
});
