/** What a run comes to where ONTs leave the image where it lies, and where each copies what it gets. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { Scenario } from "../../../scenarios/index.ts";
import { simulate } from "../../../run/virtual/index.ts";

/** Result, events handled, and all that OLTs and ONTs did, as a digest. */
function told(scenario: Scenario, copiesSections: boolean): unknown {
  const journal = createHash("sha256");
  let events = 0;
  const tell = (...what: unknown[]): void => {
    events++;
    journal.update(JSON.stringify(what));
  };
  const observer = {
    olt: (nowNs: number, pon: number, ont: { index: number } | undefined, event: unknown) =>
      tell(nowNs, "olt", pon, ont?.index, event),
    ont: (nowNs: number, ont: { index: number }, event: unknown) => tell(nowNs, "ont", ont.index, event),
    run: (nowNs: number, event: unknown) => tell(nowNs, "run", event),
    upstream: (nowNs: number, ont: { index: number }, pdu: Uint8Array) => tell(nowNs, ont.index, [...pdu]),
  };
  const { result, steps, end } = simulate(scenario, { copiesSections, observers: [observer] });
  return { result, steps, end, events, journal: journal.digest("hex") };
}

export function expectViewsChangeNothing(scenario: Scenario): void {
  expect(told(scenario, false)).toEqual(told(scenario, true));
}
