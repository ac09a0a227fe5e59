import type { Command } from "commander";
import type { Scenario } from "../../scenarios/schema/index.ts";
import {
  bestWindow,
  inputOf,
  ontsWithin,
  rateWithin,
  type Sizing,
  type SizingInput,
  sizeOf,
  strategies,
} from "../../scenarios/sizing/index.ts";
import { simulate } from "../../scenarios/virtual/index.ts";
import { addFieldOptions, overridesOf, presetNames, resolveScenario } from "../run-options.ts";
import { parseCount, parseDuration } from "../units.ts";
import { bytesText, countText, durationText, rateText } from "../view/format.ts";

/** Manifest, signature and seal around the payload of a generated image. */
const BUNDLE_BYTES = 213;
const CHECK_SEEDS = "3";

interface SizeFlags {
  within?: string;
  compare?: boolean;
  check?: boolean;
  seeds: string;
  table?: boolean;
  json?: boolean;
  [option: string]: unknown;
}

/** `poncast size`: time and traffic from a closed-form model. */
export function sizeCommand(program: Command): void {
  const command = program
    .command("size")
    .description("what a distribution costs, from a closed-form model: time, bytes, share of the line")
    .argument("[scenario]", "scenario file or preset", "default");
  addFieldOptions(command);
  command
    .option("--within <time>", "which rate is needed, and how many ONTs fit, to be done in this time, such as 4h")
    .option("--compare", "unicast and every recovery side by side")
    .option("--check", "run it in virtual time as well, and show how far off the model is")
    .option("--seeds <n>", "runs that --check takes the mean of", CHECK_SEEDS)
    .option("--table", "all presets, as a table in Markdown")
    .option("--json", "as JSON")
    .action((name: string, flags: SizeFlags) => run(name, flags));
}

function run(name: string, flags: SizeFlags): void {
  if (flags.table) return print(tableOf(presetNames().map((preset) => resolveScenario(preset, []))));
  const scenario = resolveScenario(name, overridesOf(flags));
  const input = inputOf(scenario, BUNDLE_BYTES);
  for (const text of input.leftOut) process.stderr.write(`not in the model: ${text}\n`);
  if (flags.compare || flags.check) return compare(scenario, input, flags);
  const sizing = sizeOf(input);
  const withinSeconds = flags.within === undefined ? undefined : parseDuration("--within", flags.within);
  const answers =
    withinSeconds === undefined
      ? {}
      : { rateBytesPerSecond: rateWithin(input, withinSeconds), onts: ontsWithin(input, withinSeconds) };
  if (flags.json) return print(JSON.stringify({ input, sizing, within: answers, bestWindow: bestWindow(input) }));
  print(describe(input, sizing, flags.within, answers));
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;

function describe(
  input: SizingInput,
  sizing: Sizing,
  within: string | undefined,
  answers: { rateBytesPerSecond?: number | null; onts?: number },
): string {
  const { total } = sizing;
  const best = bestWindow(input);
  const bits = (bytesPerSecond: number): string => rateText(bytesPerSecond * 8);
  const how = input.mode === "unicast" ? "unicast" : `multicast, recovery ${input.recovery}`;
  const lines = [
    [
      "ONTs",
      `${countText(total.onts)} on ${input.pons} PON ports, ${how}, ${input.messageSet}, window ${input.windowSections}`,
    ],
    ["Image", `${bytesText(input.imageBytes)} in ${countText(input.sections)} sections`],
    ["Time", `${durationText(sizing.seconds)} from the first Start to the last good End`],
    ["Copies sent", `${sizing.imageCopies.toFixed(3)} of the image a port`],
    [
      "Sections",
      `${countText(sizing.sections)} in ${countText(sizing.windows)} windows, ${countText(sizing.rounds)} repair rounds`,
    ],
    ["Downstream", `${bytesText(sizing.downstreamBytes)} a port, ${percent(sizing.lineShare)} of its line`],
    ["Upstream", `${bytesText(sizing.upstreamBytes)} a port, bursts of up to ${sizing.answerBurst} answers`],
    ["Feed", `${rateText(total.bitsPerSecond)} for ${input.pons} ports, ${bytesText(total.downstreamBytes)}`],
    ["Best window", `${best.windowSections} sections: ${durationText(best.sizing.seconds)}`],
  ];
  if (within !== undefined) {
    const { rateBytesPerSecond: needed, onts = 0 } = answers;
    lines.push([
      `Within ${within} `,
      needed === null || needed === undefined
        ? "not on this line at any rate"
        : `${bits(needed)} a port are enough; ${onts} ONTs a port fit as it is`,
    ]);
  }
  return lines.map(([label, text]) => `${label.padEnd(13)}${text}`).join("\n");
}

interface Row {
  name: string;
  sizing: Sizing;
  measured?: { sections: number; seconds: number };
}

function compare(scenario: Scenario, input: SizingInput, flags: SizeFlags): void {
  const all = flags.compare === true;
  const seeds = parseCount("--seeds", flags.seeds);
  const rows = strategies
    .filter(({ mode, recovery }) => all || (mode === input.mode && (mode === "unicast" || recovery === input.recovery)))
    .map(({ name, mode, recovery }): Row => {
      const olt = { ...scenario.olt, mode, recovery };
      const sizing = sizeOf({ ...input, mode, recovery });
      return { name, sizing, ...(flags.check && { measured: measure({ ...scenario, olt }, seeds) }) };
    });
  if (flags.json) return print(JSON.stringify(rows));
  const head = ["", "copies", "sections", "time", "downstream", "of the line"];
  const table = [
    flags.check ? [...head, "measured sections", "off by", "measured time", "off by"] : head,
    ...rows.map(({ name, sizing, measured }) => [
      name,
      sizing.imageCopies.toFixed(3),
      countText(sizing.sections),
      durationText(sizing.seconds),
      bytesText(sizing.downstreamBytes),
      percent(sizing.lineShare),
      ...(measured
        ? [
            countText(measured.sections),
            percent(sizing.sections / measured.sections - 1),
            durationText(measured.seconds),
            percent(sizing.seconds / measured.seconds - 1),
          ]
        : []),
    ]),
  ];
  print(aligned(table));
}

/** Mean of a few runs in virtual time, up to the last good End. */
function measure(scenario: Scenario, seeds: number): { sections: number; seconds: number } {
  let [sections, seconds] = [0, 0];
  for (let seed = 1; seed <= seeds; seed++) {
    const { result } = simulate({ ...scenario, seed, olt: { ...scenario.olt, activate: false } });
    sections += result.downstream.sections / scenario.pons / seeds;
    seconds += (result.timing.downloadSeconds ?? NaN) / seeds;
  }
  return { sections, seconds };
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "),
    )
    .join("\n");
}

function tableOf(scenarios: readonly Scenario[]): string {
  const rows = scenarios.map((scenario) => {
    const input = inputOf(scenario, BUNDLE_BYTES);
    const { total, seconds, lineShare, imageCopies } = sizeOf(input);
    const note = input.leftOut.length > 0 ? " \\*" : "";
    const recovery = input.mode === "unicast" ? "unicast" : input.recovery;
    const cells = [
      total.onts,
      input.pons,
      bytesText(input.imageBytes),
      recovery,
      imageCopies.toFixed(2),
      durationText(seconds),
    ];
    return `| ${scenario.name}${note} | ${cells.join(" | ")} | ${percent(lineShare)} | ${rateText(total.bitsPerSecond)} |`;
  });
  const head = "| preset | ONTs | ports | image | recovery | copies | time | of the line | feed |";
  return [head, "| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |", ...rows].join("\n");
}
