/** The cases of `bench:catch-up`: ONTs that are late, that lose their power, or that lose much. Whatever is random follows the seed. */
import { createStream } from "../pon/index.ts";
import { parseScenario, type Scenario } from "../scenarios/index.ts";

export const ONTS = 128;
const LATE_TOGETHER = 32;
const CUT = 20;
const OFF_SECONDS = 0.2;
/** Share of the ONTs that come while the run goes on. */
const LATE_SHARE = 0.3;

/** How long a run takes in which all are there, seconds: what "while it goes on" means. */
export interface RunTimes {
  download: number;
  total: number;
}

export interface CatchUpCase {
  name: string;
  /** Copies of the image that it may take at most. */
  most: number;
  scenario: (seed: number, times: RunTimes) => Scenario;
}

const BASE = `onts: ${ONTS}, image: { bytes: 4194304 }`;
const lossText = (chance: number): string => `{ kind: loss, chance: ${chance} }`;
const scenarioOf = (seed: number, more: string): Scenario =>
  parseScenario(`{ ${BASE}, seed: ${seed}, ${more} }`, "bench.yaml");

/** All there from the beginning. */
export const allAtOnce = (seed: number, loss = 0): Scenario =>
  scenarioOf(seed, loss === 0 ? "name: plain" : `impairments: [${lossText(loss)}]`);

/** A pace at which the download takes three minutes: power cuts are short against that. */
const SLOW_BYTES_PER_SECOND = 23_300;
const SLOW_SECONDS = 180;
const SLOW = `olt: { messageSet: baseline, rateBytesPerSecond: ${SLOW_BYTES_PER_SECOND} }`;

const killedAtHalf = (seed: number): Scenario =>
  scenarioOf(
    seed,
    `olt: { rateBytesPerSecond: ${SLOW_BYTES_PER_SECOND} }, faults: [{ atSeconds: ${SLOW_SECONDS / 2}, action: killOlt, offSeconds: 5 }]`,
  );

function cutAtRandom(seed: number, { download }: RunTimes, olt = "name: cuts"): Scenario {
  const stream = createStream(seed, "bench/cuts");
  const onts = new Set<number>();
  while (onts.size < CUT) onts.add(Math.floor(stream.nextFloat() * ONTS));
  const cuts = [...onts].map((ont) => {
    const atSeconds = (stream.nextFloat() * download).toFixed(6);
    return `{ atSeconds: ${atSeconds}, action: powerCycle, onts: [${ont}], offSeconds: ${OFF_SECONDS} }`;
  });
  return scenarioOf(seed, `${olt}, faults: [${cuts.join(", ")}]`);
}

function lateAtRandom(seed: number, { total }: RunTimes): Scenario {
  const stream = createStream(seed, "bench/joins");
  const late = Math.round(LATE_SHARE * ONTS);
  const groups = Array.from(
    { length: late },
    () => `{ count: 1, joinAtSeconds: ${(stream.nextFloat() * total).toFixed(6)} }`,
  );
  return scenarioOf(seed, `impairments: [${lossText(0.01)}], fleet: [{ count: ${ONTS - late} }, ${groups.join(", ")}]`);
}

const withBad = (bad: number, seed: number, direction: "both" | "down"): Scenario =>
  scenarioOf(
    seed,
    `fleet: [{ count: ${ONTS - bad}, impairments: [${lossText(0.01)}] }, { count: ${bad}, impairments: [{ kind: loss, chance: 0.6, direction: ${direction} }] }]`,
  );

export const CASES: readonly CatchUpCase[] = [
  {
    name: `${LATE_TOGETHER} come 0.4 s late, at one instant, no loss`,
    most: 2.0,
    scenario: (seed) =>
      scenarioOf(seed, `fleet: [{ count: ${ONTS - LATE_TOGETHER} }, { count: ${LATE_TOGETHER}, joinAtSeconds: 0.4 }]`),
  },
  { name: `${CUT} lose their power for 0.2 s at random moments, no loss`, most: 2.1, scenario: cutAtRandom },
  { name: "1 % loss, 30 % come at random moments of the whole run", most: 2.3, scenario: lateAtRandom },
  { name: "all at once, 1 % loss", most: 1.04, scenario: (seed) => allAtOnce(seed, 0.01) },
  { name: "all at once, 5 % loss", most: 1.107, scenario: (seed) => allAtOnce(seed, 0.05) },
  {
    name: `${CUT} lose their power for 0.2 s in a download of three minutes, baseline`,
    most: 1.15,
    scenario: (seed, times) => cutAtRandom(seed, { ...times, download: SLOW_SECONDS }, SLOW),
  },
  { name: "the OLT is killed at half of the image, no loss", most: 1.05, scenario: killedAtHalf },
  { name: "one with 60 % loss among 128 with 1 %", most: Infinity, scenario: (seed) => withBad(1, seed, "both") },
  { name: "three with 60 % loss", most: Infinity, scenario: (seed) => withBad(3, seed, "both") },
  { name: "one with 60 % loss downstream only", most: Infinity, scenario: (seed) => withBad(1, seed, "down") },
  { name: "three with 60 % loss downstream only", most: Infinity, scenario: (seed) => withBad(3, seed, "down") },
];
