/** The model of updates over HTTPS, and over TR-069, beside runs in virtual time: within 5 %. */
import { expect, it } from "vitest";
import { prepareImages } from "../../../run/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { sizeCwmp, sizeHttps } from "../../../study/sizing/index.ts";
import { pullSimulation } from "../../../run/virtual/pull-simulation.ts";

const NS_PER_SECOND = 1e9;
const scenario = (more: object) =>
  parseScenario(JSON.stringify({ road: "https", onts: 128, pons: 4, ...more }), "https.yaml");
const ONTS = 512;
/** Off by so much at most; where polls are few, chance alone is more. */
const TOLERANCE = 0.05;

it.each([
  ["a depot with room", { image: { bytes: 1_000_000 }, depot: { pollSeconds: 300, downloadBytesPerSecond: 500_000 } }],
  [
    "a depot that is the narrow part",
    { image: { bytes: 1_000_000 }, depot: { pollSeconds: 60, rateBytesPerSecond: 2_000_000 } },
  ],
  [
    "deltas for most",
    {
      image: { bytes: 1_000_000, deltas: [{ base: "PONCAST-1.0.0", changed: 0.1 }] },
      fleet: [{ share: 0.75 }, { version: "PONCAST-0.9.0" }],
      depot: { pollSeconds: 60, rateBytesPerSecond: 1_200_000 },
    },
  ],
  [
    "an ACS that is the narrow part",
    { road: "cwmp", image: { bytes: 1_000_000 }, acs: { informSeconds: 3600, rateBytesPerSecond: 20_000_000 } },
  ],
])("%s", (_name, more) => {
  const asked = scenario(more);
  const images = prepareImages(asked);
  const model = (asked.road === "cwmp" ? sizeCwmp : sizeHttps)(asked, images.plan);
  const stored: number[] = [];
  let firstNs = Infinity;
  const simulation = pullSimulation(asked, images, {
    observers: [
      {
        olt: (nowNs, _pon, _ont, event) => {
          if (event.type !== "phase") return;
          if (event.phase === "downloading") firstNs = Math.min(firstNs, nowNs);
          if (event.phase === "stored" && event.cause === "") stored.push(nowNs);
        },
      },
    ],
  })!;
  simulation.run();
  const result = simulation.result();
  expect(result.onts.committed).toBe(ONTS);
  expect(Math.abs(model.sentBytes / result.downstream.gemBytes - 1)).toBeLessThan(0.001);
  const ends = stored.toSorted((one, other) => one - other).map((ns) => (ns - firstNs) / NS_PER_SECOND);
  const at = (share: number): number => ends[Math.ceil(share * ONTS) - 1];
  const off = [model.seconds50 / at(0.5), model.seconds95 / at(0.95), model.seconds100 / at(1)].map(
    (ratio) => ratio - 1,
  );
  for (const each of off) expect(Math.abs(each)).toBeLessThan(TOLERANCE);
});
