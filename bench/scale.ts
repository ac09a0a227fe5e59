/**
 * How the virtual runner grows: wall time and memory by ONTs, image, loss and message set, each run in a process of its own;
 * and beside ns-3, which delivers as many frames without payload or protocol. `--series TEXT`: only those with it in their name.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseScenario } from "../scenarios/schema/load.ts";
import { simulate } from "../run/virtual/index.ts";
import { argument, environment, environmentText, keep, say, type Summary, summarize, table } from "./harness.ts";
import { Ns3, whyNoNs3 } from "./tools/ns3/ns3.ts";

const RUNS = Number(argument("runs", "5"));
const WANTED = argument("series", "");
const BESIDE_NS3 = "beside ns-3";
/** Of the OMCC's line; without an effect on how long ns-3 takes. */
const NS3_BITS_PER_SECOND = 50e6;
const MIB = 1024 * 1024;

interface Point {
  label: string;
  /** What is varied. */
  size: number;
  scenario: string;
}
interface Measured {
  seconds: number;
  megabytes: number;
  sections: number;
  gemBytes: number;
}

const scenario = (onts: number, bytes: number, loss: number, messageSet: string, pons = 1): string =>
  `onts: ${onts}
pons: ${pons}
image: { bytes: ${bytes} }
olt: { messageSet: ${messageSet}, activate: false }
impairments: ${loss === 0 ? "[]" : `[{ kind: loss, chance: ${loss} }]`}`;

/** Each polls a depot every five minutes until its window opens, in two hours, and fetches its image meanwhile. */
const polling = (onts: number): string =>
  `road: https
onts: ${Math.min(128, onts)}
pons: ${Math.max(1, onts / 128)}
image: { bytes: ${MIB} }
depot: { pollSeconds: 300, rateBytesPerSecond: ${2.5e6 * Math.max(1, onts / 128)}, window: "02:00-05:00 UTC" }
olt: { runSeconds: 21600 }`;

const series: Record<string, Point[]> = {
  "ONTs, 8 MiB, no loss": [1, 8, 32, 128, 512, 2048].map((onts) => ({
    label: `${onts} ONTs`,
    size: onts,
    scenario: scenario(Math.min(128, onts), 8 * MIB, 0, "extended", Math.max(1, onts / 128)),
  })),
  "ONTs, 8 MiB, 1 % loss": [1, 8, 32, 128].map((onts) => ({
    label: `${onts} ONTs`,
    size: onts,
    scenario: scenario(onts, 8 * MIB, 0.01, "extended"),
  })),
  "image, 128 ONTs, 1 % loss": [1, 2, 4, 8, 16].map((mebibytes) => ({
    label: `${mebibytes} MiB`,
    size: mebibytes,
    scenario: scenario(128, mebibytes * MIB, 0.01, "extended"),
  })),
  "baseline image, 128 ONTs, 1 % loss": [1, 4, 16].map((mebibytes) => ({
    label: `${mebibytes} MiB baseline`,
    size: mebibytes,
    scenario: scenario(128, mebibytes * MIB, 0.01, "baseline"),
  })),
  "ONTs that poll for two hours, over HTTPS, 1 MiB": [128, 512, 2048].map((onts) => ({
    label: `${onts} agents`,
    size: onts,
    scenario: polling(onts),
  })),
  "loss, 128 ONTs, 8 MiB": [0.001, 0.01, 0.05].map((loss) => ({
    label: `${loss * 100} % loss`,
    size: loss,
    scenario: scenario(128, 8 * MIB, loss, "extended"),
  })),
};

/** In a process of its own, so that memory is that of this run alone. */
function measure(text: string): Measured {
  const words = ["--import", "tsx", fileURLToPath(import.meta.url), "--one", text];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8", maxBuffer: 1e6 })) as Measured;
}

function one(text: string): void {
  const started = performance.now();
  const { result } = simulate(parseScenario(text, "bench"));
  const measured: Measured = {
    seconds: (performance.now() - started) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
    sections: result.downstream.sections,
    gemBytes: result.downstream.gemBytes,
  };
  process.stdout.write(JSON.stringify(measured));
}

/** Exponent b of y = a · x^b, least squares of the logarithms. */
function exponent(points: readonly { size: number; value: number }[]): number {
  const logs = points.map(({ size, value }) => [Math.log(size), Math.log(value)] as const);
  const meanX = logs.reduce((sum, [x]) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, [, y]) => sum + y, 0) / logs.length;
  const over = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

interface Beside {
  label: string;
  deliveries: number;
  ours: Summary;
  ns3: Summary;
  ratio: Summary;
  samples: { ours: Measured; ns3Seconds: number }[];
}

/** In pairs, one after the other, as many frames for ns-3 as ours took: with its repeats. */
function besideNs3(): Beside[] {
  const ns3 = new Ns3();
  const points: [label: string, mebibytes: number, loss: number, messageSet: string][] = [
    ["extended, 8 MiB, no loss", 8, 0, "extended"],
    ["extended, 8 MiB, 1 % loss", 8, 0.01, "extended"],
    ["baseline, 4 MiB, 1 % loss", 4, 0.01, "baseline"],
  ];
  return points.map(([label, mebibytes, loss, messageSet]) => {
    const samples = Array.from({ length: RUNS }, () => {
      const ours = measure(scenario(128, mebibytes * MIB, loss, messageSet));
      const { sections: frames, gemBytes } = ours;
      const { runSeconds } = ns3.run({
        frames,
        receivers: 128,
        loss,
        frameBytes: Math.round(gemBytes / frames),
        bitsPerSecond: NS3_BITS_PER_SECOND,
      });
      return { ours, ns3Seconds: runSeconds };
    });
    return {
      label,
      deliveries: 128 * samples[0].ours.sections,
      ours: summarize(samples.map(({ ours }) => ours.seconds)),
      ns3: summarize(samples.map(({ ns3Seconds }) => ns3Seconds)),
      ratio: summarize(samples.map(({ ours, ns3Seconds }) => ours.seconds / ns3Seconds)),
      samples,
    };
  });
}

function sayBesideNs3(measured: readonly Beside[]): void {
  const spread = ({ median, min, max }: Summary): string =>
    `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
  const rows = measured.map(({ label, deliveries, ours, ns3, ratio }) => [
    label,
    deliveries.toLocaleString("en-US"),
    spread(ours),
    spread(ns3),
    spread(ratio),
  ]);
  say(
    "Beside ns-3 (SimpleChannel, a RateErrorModel at each of 128 receivers; as many frames, no payload, no protocol)\n",
  );
  say(`${table(["", "deliveries", "poncast, seconds", "ns-3, seconds", "ratio"], rows)}\n`);
}

/** @returns undefined where it was not asked for, or cannot be made here */
function measureBesideNs3(): Beside[] | undefined {
  if (!BESIDE_NS3.includes(WANTED)) return undefined;
  const why = whyNoNs3();
  if (why !== "") {
    say(`Beside ns-3: left out, ${why}\n`);
    return undefined;
  }
  const measured = besideNs3();
  sayBesideNs3(measured);
  return measured;
}

function main(): void {
  const where = environment();
  say(`${environmentText(where)}\n`);
  const measured = measureSeries();
  const ns3 = measureBesideNs3();
  // A part alone does not take the place of the whole.
  if (WANTED === "") process.stdout.write(`${keep("scale", where, { series: measured, ...(ns3 && { ns3 }) })}\n`);
}

function measureSeries(): object {
  const results: Record<
    string,
    { label: string; seconds: Summary; megabytes: Summary; samples: Measured[]; sections: number }[]
  > = {};
  for (const [name, points] of Object.entries(series).filter(([each]) => each.includes(WANTED))) {
    const measured = points.map(({ label, scenario: text }) => {
      const runs = Array.from({ length: RUNS }, () => measure(text));
      return {
        label,
        seconds: summarize(runs.map(({ seconds }) => seconds)),
        megabytes: summarize(runs.map(({ megabytes }) => megabytes)),
        sections: runs[0].sections,
        samples: runs,
      };
    });
    results[name] = measured;
    const rows = measured.map(({ label, seconds, megabytes, sections }) => [
      label,
      seconds.median.toFixed(2),
      `${seconds.min.toFixed(2)} to ${seconds.max.toFixed(2)}`,
      megabytes.median.toFixed(0),
      sections.toLocaleString("en-US"),
    ]);
    const growth = exponent(points.map(({ size }, index) => ({ size, value: measured[index].seconds.median })));
    say(`${name}: time grows with exponent ${growth.toFixed(2)}\n`);
    say(`${table(["", "seconds", "min to max", "MB", "sections"], rows)}\n`);
  }
  return results;
}

if (process.argv[2] === "--one") one(process.argv[3]);
else main();
