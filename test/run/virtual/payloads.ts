/** What a run comes to with the payload's bytes and without them. */
import { expect } from "vitest";
import { recordObserver } from "../../../run/virtual/recorder.ts";
import { simulate } from "../../../run/virtual/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";

const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Result, events handled, and the journal; of digests and CRC-32s only which of them are the same: the first that comes is 0, and
 * so on.
 */
function told(scenario: Scenario): string {
  const numbers = new Map<unknown, number>();
  const named = (key: string, value: unknown): unknown => {
    if (key === "payload" && (value === "none" || value === "made")) return "";
    if (!(typeof value === "string" && DIGEST.test(value)) && key !== "crc32") return value;
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return `digest ${numbers.get(value)}`;
  };
  const journal: string[] = [];
  const write = (record: unknown): void => void journal.push(JSON.stringify(record, named));
  const { result, steps, end } = simulate(scenario, { observers: [recordObserver({ write })] });
  return [JSON.stringify(result, named), steps, end, ...journal].join("\n");
}

const withPayload = (scenario: Scenario, payload: "made" | "none"): Scenario => ({
  ...scenario,
  image: { ...scenario.image, payload },
});

export function expectBytesChangeNothing(scenario: Scenario): void {
  const [made, none] = (["made", "none"] as const).map((payload) => told(withPayload(scenario, payload)));
  // Not with toBe, which would show all of both.
  expect(none.length).toBe(made.length);
  expect(none === made).toBe(true);
}
