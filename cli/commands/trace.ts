/** `poncast trace`: recorded losses and latencies, and models fitted to them. */
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { orRefused, placed } from "../../base/errors/index.ts";
import { writeWhole } from "../../base/files/index.ts";
import { alignedText, countText } from "../../base/text/index.ts";
import { CaptureReader, looksLikeCapture } from "../../pon/capture/index.ts";
import { parseLatencyTrace, parseLossTrace, stretchesOf } from "../../pon/index.ts";
import {
  type BurstFit,
  type Estimate,
  fitLatency,
  fitTrace,
  type GapTrace,
  type LatencyFit,
  lossesOfGaps,
  type TraceFit,
} from "../../study/traces/index.ts";
import { UsageError } from "../errors.ts";
import { print, tell } from "../print.ts";

export function traceCommand(program: Command): void {
  const trace = program.command("trace").description("recorded losses and latencies, and models fitted to them");
  trace
    .command("fit")
    .description("fit burst models (Gilbert-Elliott) or distributions of latency to a trace, by maximum likelihood")
    .argument("<file>", "0 and 1 for each frame, CSV, or a capture of a steady stream, whose gaps are losses")
    .option("--latency", "it has latencies: milliseconds of a frame each")
    .option("--json", "on stdout as JSON")
    .action((file: string, flags: { latency?: boolean; json?: boolean }) => fit(file, flags));
  trace
    .command("convert")
    .description("make a trace that scenarios take of the gaps in a capture of a steady stream")
    .argument("<capture>", "pcap, pcapng or snoop")
    .requiredOption("--out <file>", "0 and 1 for each frame, for an impairment lossTrace")
    .action((capture: string, { out }: { out: string }) => convert(capture, out));
}

function fit(file: string, { latency, json }: { latency?: boolean; json?: boolean }): void {
  const bytes = bytesOf(file);
  if (latency === true) {
    const delaysMs = placed(file, () => parseLatencyTrace(bytes.toString("utf8"))).map((ns) => ns / 1e6);
    const fits = fitLatency(delaysMs);
    print(json ? `${JSON.stringify(fits)}\n` : `${latencyText(fits, delaysMs.length)}\n`);
    return;
  }
  const found = placed(file, () => fitTrace(stretchesIn(bytes)));
  if (found === undefined)
    throw new UsageError(`${file}: nothing was lost in it, or everything; there is nothing to fit`);
  print(json ? `${JSON.stringify(found)}\n` : `${lossText(found)}\n`);
}

function convert(capture: string, out: string): void {
  const gaps = gapsOf(capture, bytesOf(capture));
  orRefused(
    ({ message }) => ({ place: out, problem: `cannot be written: ${message}` }),
    () =>
      writeWhole(
        out,
        `# ${gaps.packets} packets, ${gaps.lost} lost, one each ${+gaps.spacingMs.toPrecision(4)} ms\n${gaps.bits.replaceAll(/.{1,100}/g, "$&\n")}`,
      ),
  );
  print(`${gapText(gaps)}\n${out}\n`);
}

const bytesOf = (file: string): Buffer =>
  orRefused(
    ({ message }) => ({ place: file, problem: `cannot be read: ${message}` }),
    () => readFileSync(file),
  );

/** Lengths of what passed and what was lost, in frames. @throws InputError */
function stretchesIn(bytes: Buffer): readonly number[] {
  if (looksLikeCapture(bytes)) {
    const gaps = gapsOf("capture", bytes);
    tell(`${gapText(gaps)}\n`);
    return stretchesOf(gaps.bits);
  }
  const trace = parseLossTrace(bytes.toString("utf8"));
  if (trace.by === "frames") return trace.stretches;
  throw new UsageError("times without light say nothing of frames; a model of frames takes 0 and 1, or passed,lost");
}

function gapsOf(place: string, bytes: Buffer): GapTrace {
  const times: bigint[] = [];
  const reader = new CaptureReader(() => undefined);
  reader.onPacketTime = (timeNs) => void times.push(timeNs);
  reader.add(bytes);
  reader.end();
  const gaps = lossesOfGaps(times);
  if (gaps === undefined)
    throw new UsageError(`${place}: fewer than three packets, or all at one time; gaps need a steady stream`);
  if (!gaps.isSteady)
    throw new UsageError(
      `${place}: the distances of its packets spread by ±${+(gaps.spread * 100).toFixed(0)} %; gaps say something of a steady stream only`,
    );
  return gaps;
}

const gapText = ({ packets, lost, spacingMs }: GapTrace): string =>
  `${countText(packets)} packets, one each ${+spacingMs.toPrecision(4)} ms; ${countText(lost)} are missing`;

function lossText({ frames, lost, bursts, fits }: TraceFit): string {
  const [best] = fits;
  const head = ["model", "parameters", "ln L", "AIC", "BIC", "bursts fit, p", "gaps fit, p"];
  const rows = fits.map(({ model, estimates, logLikelihood, aic, bic, goodness }) => [
    model.name,
    Object.entries(estimates)
      .map(([name, estimate]) => `${name} ${short(estimate.value)}`)
      .join(", "),
    logLikelihood.toFixed(1),
    aic.toFixed(1),
    bic.toFixed(1),
    ...goodness.map(({ p }) => (p === null ? "–" : chance(p))),
  ]);
  return [
    `${countText(frames)} frames, ${countText(lost)} lost (${short((lost / frames) * 100)} %) in ${countText(bursts)} bursts, ${short(lost / bursts)} long in the mean`,
    "",
    alignedText([head, ...rows]),
    "",
    `least BIC: ${best.model.name}, ${best.model.about}`,
    alignedText(
      Object.entries(best.estimates).map(([name, estimate]) => [
        `  ${name}`,
        short(estimate.value),
        intervalText(estimate),
      ]),
    ),
    "",
    "in a scenario:",
    `  ${impairmentText(best)}`,
    ...warningsOf(best),
  ].join("\n");
}

const intervalText = ({ low, high }: Estimate): string =>
  low === null || high === null
    ? "no interval: at the edge, or too little in the trace"
    : `95 %: ${short(low)} to ${short(high)}`;

function impairmentText({ model, parameters }: BurstFit): string {
  const { goodToBad, badToGood, lossGood, lossBad } = parameters;
  if (model.name === "independent") return `impairments: [{ kind: loss, chance: ${short(lossGood)}, direction: down }]`;
  return `impairments: [{ kind: burstLoss, goodToBad: ${short(goodToBad)}, badToGood: ${short(badToGood)}, lossGood: ${short(lossGood)}, lossBad: ${short(lossBad)} }]`;
}

/** A p so small is no chance. */
const P_MIN = 0.001;

const warningsOf = ({ goodness }: TraceFit["fits"][number]): string[] =>
  goodness.flatMap(({ of, p, count }) =>
    p !== null && p < P_MIN
      ? [
          `warning: lengths of ${of} (${count}) are not as this model has them (p ${chance(p)}); the trace itself, as lossTrace, is the better input`,
        ]
      : [],
  );

function latencyText(fits: readonly LatencyFit[], count: number): string {
  const rows = fits.map(({ distribution, meanMs, jitterMs, aic, distance, p }) => [
    distribution,
    short(meanMs),
    short(jitterMs),
    aic.toFixed(1),
    short(distance),
    chance(p),
  ]);
  const [{ distribution, meanMs, jitterMs }] = fits;
  return [
    `${countText(count)} latencies`,
    "",
    alignedText([["distribution", "meanMs", "jitterMs", "AIC", "distance", "p"], ...rows]),
    "",
    "in a scenario:",
    `  impairments: [{ kind: latency, distribution: ${distribution}, meanMs: ${short(meanMs)}, jitterMs: ${short(jitterMs)} }]`,
    "distance: Kolmogorov and Smirnov's; its p is too kind, as the parameters come from the same values",
  ].join("\n");
}

const short = (value: number): string => String(+value.toPrecision(4));
const chance = (p: number): string => (p < 1e-6 ? "< 10⁻⁶" : short(p));
