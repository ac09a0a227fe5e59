/** Ways and presets side by side, with `--check` beside what runs in virtual time measure. */
import type { Scenario } from "../../../scenarios/index.ts";
import {
  type Measured,
  measure,
  runsAlike,
  sizeAllPayloads,
  sizeBeside,
  type Sizing,
  strategies,
  withStrategy,
} from "../../../study/sizing/index.ts";
import {
  type Align,
  alignedText,
  bytesText,
  copiesText,
  countText,
  durationText,
  figuresRight,
  markdownTable,
  rateText,
} from "../../../base/text/index.ts";
import { tell } from "../../print.ts";
import { presetNames, resolveScenario } from "../../run-options.ts";
import { besideRows, besideTable, savedLine } from "./beside.ts";
import type { SizeFlags } from "./asked.ts";
import { percent } from "./describe.ts";
import { Steps } from "./progress.ts";

const signed = (share: number): string => `${share >= 0 ? "+" : ""}${(share * 100).toFixed(1)} %`;

interface Row {
  name: string;
  sizing: Sizing;
  measured?: Measured;
}

function rowOf(name: string, scenario: Scenario, runs: number, steps: Steps): Row {
  const sizing = sizeAllPayloads(scenario);
  steps.step(name);
  if (runs === 0) return { name, sizing };
  return { name, sizing, measured: measure(scenario, runs, { onRun: () => steps.step(`${name}, runs`) }) };
}

function portsNote(scenario: Scenario): string {
  if (runsAlike(scenario))
    return `measured: the ${scenario.pons} ports are alike and independent, so that one is run and counts for all; the slowest of them takes a little longer`;
  return `measured: all ${scenario.pons} ports together, as the feed they share holds them up or a fault names an ONT`;
}

/** @param runs 0 = without a check. @returns what is to be printed */
export function compare(scenario: Scenario, runs: number, flags: SizeFlags): string {
  const { mode, recovery } = scenario.olt;
  const ways = strategies.filter(
    (each) => flags.compare === true || (each.mode === mode && (mode === "unicast" || each.recovery === recovery)),
  );
  const steps = new Steps(ways.length * (runs + 1));
  const rows = ways.map((strategy) => {
    const way = withStrategy(scenario, strategy);
    return rowOf(strategy.name, way, runs, steps);
  });
  steps.end();
  if (runs > 0 && scenario.pons > 1) tell(`${portsNote(scenario)}\n`);
  const beside = flags.compare === true ? besideRows(scenario) : [];
  if (flags.json === true)
    return JSON.stringify([...rows, ...beside.map(({ name, road, sizing }) => ({ name, [road]: sizing }))]);
  const head = ["", "copies", "sections", "time", "downstream", "of the line", "upstream"];
  const checked = ["measured sections", "off by", "measured time", "off by"];
  const names = runs > 0 ? [...head, ...checked] : head;
  const omci = alignedText(
    [
      names,
      ...rows.map(({ name, sizing, measured }) => [
        name,
        sizing.imageCopies.toFixed(3),
        countText(sizing.sections),
        durationText(sizing.seconds),
        bytesText(sizing.downstreamBytes),
        percent(sizing.shareOfLine),
        bytesText(sizing.upstreamBytes),
        ...(measured ? measuredCells(sizing, measured) : []),
      ]),
    ],
    figuresRight(names.length),
  );
  if (beside.length === 0) return omci;
  return [omci, "", besideTable(beside, scenario), savedLine(rows[0].sizing, beside, scenario)].join("\n");
}

const measuredCells = (sizing: Sizing, measured: Measured): string[] => [
  countText(measured.sections),
  signed(sizing.sections / measured.sections - 1),
  durationText(measured.seconds),
  signed(sizing.seconds / measured.seconds - 1),
];

/** The presets, one a line; `*` where a scenario has something that the model leaves out. */
export function presetTable(runsOf: (scenario: Scenario) => number, flags: SizeFlags): string {
  const presets = presetNames();
  const scenarios = presets.map((name) => resolveScenario(name, [], "model"));
  // What is measured are sections.
  const runs = scenarios.map((scenario) => (scenario.road === "omci" ? runsOf(scenario) : 0));
  const steps = new Steps(runs.reduce((sum, each) => sum + each + 1, 0));
  const rows = presets.map((name, at) => rowOf(name, scenarios[at], runs[at], steps));
  steps.end();
  if (flags.json === true) return JSON.stringify(rows);
  const head = ["preset", "ONTs", "ports", "image", "recovery", "copies", "time", "of the line", "feed, mean"];
  const checked = flags.check === true ? ["measured sections", "off by", "measured time", "off by"] : [];
  const names = [...head, ...checked];
  const cells = rows.map(({ name, sizing, measured }, at) =>
    scenarios[at].road !== "omci"
      ? besideOmci(name, scenarios[at], names.length)
      : [
          sizing.neglected.length > 0 ? `${name} \\*` : name,
          String(sizing.onts),
          String(sizing.pons),
          bytesText(sizing.imageBytes),
          sizing.mode === "unicast" ? "unicast" : sizing.recovery,
          copiesText(sizing.imageCopies),
          durationText(sizing.seconds),
          percent(sizing.shareOfLine),
          rateText(sizing.bitsPerSecond * sizing.pons),
          ...(measured ? measuredCells(sizing, measured) : []),
        ],
  );
  const align = names.map((name): Align => (name === "preset" || name === "recovery" ? "left" : "right"));
  return markdownTable(names, cells, { align });
}

function besideOmci(name: string, scenario: Scenario, columns: number): string[] {
  const { onts, copies, seconds100, meanBitsPerSecond } = sizeBeside(scenario)!;
  const image = bytesText(sizeAllPayloads(scenario).imageBytes);
  const row = [name, String(onts), String(scenario.pons), image, scenario.road, copiesText(copies)];
  return [...row, durationText(seconds100), "", rateText(meanBitsPerSecond), ...Array<string>(columns - 9).fill("")];
}
