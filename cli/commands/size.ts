/** `poncast size`: asks the sizing model, and prints what it says; with `--check` beside what a simulation measures. */
import type { Command } from "commander";
import { LIMITS, type Scenario } from "../../scenarios/index.ts";
import {
  bestWindow,
  type FittingOnts,
  type Measured,
  measure,
  ontsWithin,
  rateWithin,
  type Sizing,
  sizeScenario,
  type Returns,
  strategies,
  withPowerCuts,
  withReturns,
  withStrategy,
} from "../../study/sizing/index.ts";
import { UsageError } from "../errors.ts";
import { addFieldOptions, overridesOf, presetNames, resolveScenario } from "../run-options.ts";
import { parseCount, parseDuration, parseShare } from "../units.ts";
import {
  type Align,
  alignedText,
  bytesText,
  countText,
  durationText,
  figuresRight,
  markdownTable,
  plural,
  rateText,
} from "../../base/text/index.ts";
import { print as put, tell } from "../print.ts";

const CHECK_SEEDS = "5";
const POWER_OFF_FOR = "200ms";
/** As a fault's `everySeconds` in a scenario. */
const CUTS_EVERY_SECONDS_MIN = 1;

interface SizeFlags {
  off?: string;
  join?: string;
  powerCutsEvery?: string;
  powerOffFor: string;
  within?: string;
  compare?: boolean;
  check?: boolean;
  seeds: string;
  table?: boolean;
  json?: boolean;
  [option: string]: unknown;
}

export function sizeCommand(program: Command): void {
  const command = program
    .command("size")
    .description("what a distribution costs, from a closed-form model: time, bytes, share of the line")
    .argument("[scenario]", "scenario file or preset", "default");
  addFieldOptions(command, "size");
  command
    .option("--off <share>", "share of the ONTs that are off at the beginning and come back, such as 30%")
    .option("--join <time>", "when they come back: evenly over this time, such as 2h, or from..to, such as 1min..2h")
    .option("--power-cuts-every <time>", "mean time between two power cuts of an ONT, such as 1h; they come at random")
    .option("--power-off-for <time>", "how long such a cut lasts", POWER_OFF_FOR)
    .option("--within <time>", "which rate is needed, and how many ONTs fit, to be done in this time, such as 4h")
    .option("--compare", "unicast and every recovery side by side")
    .option("--check", "run it in virtual time as well, and show how far off the model is")
    .option("--seeds <n>", "runs that --check takes the mean of", CHECK_SEEDS)
    .option("--table", "all presets, as a table in Markdown; with --check how far off each is")
    .option("--json", "as JSON")
    .action((name: string, flags: SizeFlags) => size(name, flags));
}

function size(name: string, flags: SizeFlags): void {
  const runs = parseCount("--seeds", flags.seeds);
  if (flags.table === true) return printTable(runs, flags);
  const scenario = scenarioOf(name, flags);
  const withinSeconds = flags.within === undefined ? undefined : parseDuration("--within", flags.within);
  const sizing = sizeScenario(scenario);
  for (const text of sizing.neglected) tell(`not in the model: ${text}\n`);
  if (flags.compare === true || flags.check === true) return compare(scenario, runs, flags);
  const within =
    withinSeconds === undefined
      ? undefined
      : { rateBytesPerSecond: rateWithin(scenario, withinSeconds), ...ontsWithin(scenario, withinSeconds) };
  const best = bestWindow(scenario);
  if (flags.json === true) {
    print(
      JSON.stringify({ sizing, bestWindow: best, ...(within && { within: { seconds: withinSeconds, ...within } }) }),
    );
  } else {
    print(describe(scenario, sizing, best, within && { text: flags.within!, ...within }));
  }
}

function scenarioOf(name: string, flags: SizeFlags): Scenario {
  return awayIn(resolveScenario(name, overridesOf(flags, "size"), "model"), flags);
}

/** The scenario with the ONTs that are off, come back, or lose their power, as the options say. */
function awayIn(scenario: Scenario, { off, join, powerCutsEvery, powerOffFor }: SizeFlags): Scenario {
  if ((off === undefined) !== (join === undefined))
    throw new UsageError("--off and --join: which share is off, and when it comes back, go together");
  const share = off === undefined ? 0 : parseShare("--off", off);
  const returning = join === undefined ? scenario : withReturns(scenario, { share, ...joinTimes(join) });
  if (powerCutsEvery === undefined) return returning;
  const everySeconds = parseDuration("--power-cuts-every", powerCutsEvery);
  if (everySeconds < CUTS_EVERY_SECONDS_MIN)
    throw new UsageError(`--power-cuts-every: ${powerCutsEvery} is not allowed; ${CUTS_EVERY_SECONDS_MIN} s at least`);
  return withPowerCuts(returning, everySeconds, parseDuration("--power-off-for", powerOffFor));
}

function joinTimes(text: string): Pick<Returns, "fromSeconds" | "toSeconds"> {
  const times = text.split("..").map((each) => parseDuration("--join", each));
  const [fromSeconds, toSeconds] = times.length === 1 ? [0, times[0]] : times;
  if (times.length > 2 || toSeconds < fromSeconds || toSeconds <= 0)
    throw new UsageError(`--join: ${text} is not allowed; a time above 0, such as 2h, or from..to, such as 1min..2h`);
  return { fromSeconds, toSeconds };
}

const print = (text: string): void => void put(`${text}\n`);
const percent = (share: number): string => `${(share * 100).toFixed(Math.abs(share) < 0.1 ? 2 : 1)} %`;
const signed = (share: number): string => `${share >= 0 ? "+" : ""}${(share * 100).toFixed(1)} %`;
const bits = (bytesPerSecond: number): string => rateText(bytesPerSecond * 8);
const howOf = ({ mode, recovery }: Sizing): string =>
  mode === "unicast" ? "unicast" : `multicast, recovery ${recovery}`;

type Within = FittingOnts & { text: string; rateBytesPerSecond: number | null };

function describe(scenario: Scenario, sizing: Sizing, best: Sizing, within: Within | undefined): string {
  const { pons, answerBurst } = sizing;
  const lines: [string, string][] = [
    ["ONTs", `${countText(sizing.onts)} on ${plural(pons, "PON port")}, ${howOf(sizing)}`],
    [
      "Image",
      `${bytesText(sizing.imageBytes)}, ${sizing.messageSet}, windows of up to ${sizing.windowSections} sections`,
    ],
    ["Time", `${durationText(sizing.seconds)} from the first Start to the last good End`],
    ["Copies sent", `${sizing.imageCopies.toFixed(3)} of the image a port`],
    [
      "Sections",
      `${countText(sizing.sections)} in ${countText(sizing.windows)} windows, ${countText(sizing.repairSections)} of them repairs`,
    ],
    ["Downstream", `${bytesText(sizing.downstreamBytes)}, ${percent(sizing.shareOfLine)} of each port's line`],
    [
      "Upstream",
      `${bytesText(sizing.upstreamBytes)}, bursts of up to ${plural(answerBurst.frames, "answer")} (${bytesText(answerBurst.bytes)}) a port`,
    ],
    ["Feed", `${rateText(sizing.bitsPerSecond * pons)} for ${plural(pons, "port")}`],
    [
      "Best window",
      `${plural(best.windowSections, "section")}: ${durationText(best.seconds)}, ${bytesText(best.downstreamBytes)}`,
    ],
  ];
  const { passes, leftOut } = sizing;
  if (passes.catchUp + passes.alone > 0) lines.splice(4, 0, ["Passes", passesText(sizing)]);
  if (leftOut > 0)
    lines.push([
      "Left out",
      `${plural(leftOut, "ONT")} come when the run is over: nobody waits, and none is on its way`,
    ]);
  if (sizing.stragglers > 0.005)
    lines.push(["Stragglers", `${sizing.stragglers.toFixed(2)} ONTs leave the group and go on alone, in the mean`]);
  if (within !== undefined) lines.push([`Within ${within.text}`, withinText(scenario, within)]);
  return alignedText(lines);
}

/** Whole numbers where nothing is left to chance. */
const meanText = (count: number): string => (Number.isInteger(count) ? String(count) : count.toFixed(2));

function passesText({ passes: { first, catchUp, alone } }: Sizing): string {
  const texts = [
    `${meanText(first)} first`,
    catchUp > 0 ? `${meanText(catchUp)} catch-up ${catchUp === 1 ? "group" : "groups"}` : "",
    alone > 0 ? `${meanText(alone)} times an ONT alone` : "",
  ];
  return `${texts.filter((text) => text !== "").join(", ")} a port, in the mean`;
}

function withinText({ pons }: Scenario, { rateBytesPerSecond, onts, ports }: Within): string {
  const rate =
    rateBytesPerSecond === null ? "not at any rate with all ONTs" : `${bits(rateBytesPerSecond)} a port are enough`;
  if (onts < LIMITS.ontsPerPon) return `${rate}; ${plural(onts, "ONT")} a port fit as it is`;
  return `${rate}; full ports fit as it is, ${countText(ports)} of them${ports > pons ? " one after the other" : ""}`;
}

interface Row {
  name: string;
  sizing: Sizing;
  measured?: Measured;
}

function compare(scenario: Scenario, runs: number, flags: SizeFlags): void {
  const { mode, recovery } = scenario.olt;
  const all = flags.compare === true;
  const rows = strategies
    .filter((each) => all || (each.mode === mode && (mode === "unicast" || each.recovery === recovery)))
    .map((strategy): Row => {
      const way = withStrategy(scenario, strategy);
      const measured = flags.check === true ? { measured: measure(way, runs) } : {};
      return { name: strategy.name, sizing: sizeScenario(way), ...measured };
    });
  if (flags.json === true) return print(JSON.stringify(rows));
  const head = ["", "copies", "sections", "time", "downstream", "of the line", "upstream"];
  const checked = ["measured sections", "off by", "measured time", "off by"];
  const names = flags.check === true ? [...head, ...checked] : head;
  print(
    alignedText(
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
    ),
  );
}

const measuredCells = (sizing: Sizing, measured: Measured): string[] => [
  countText(measured.sections),
  signed(sizing.sections / measured.sections - 1),
  durationText(measured.seconds),
  signed(sizing.seconds / measured.seconds - 1),
];

/** The presets, one a line; `*` where a scenario has something that the model leaves out. */
function printTable(runs: number, flags: SizeFlags): void {
  const rows = presetNames().map((name): Row => {
    const scenario = resolveScenario(name, []);
    const measured = flags.check === true ? { measured: measure(scenario, runs) } : {};
    return { name, sizing: sizeScenario(scenario), ...measured };
  });
  if (flags.json === true) return print(JSON.stringify(rows));
  const head = ["preset", "ONTs", "ports", "image", "recovery", "copies", "time", "of the line", "feed"];
  const checked = flags.check === true ? ["measured sections", "off by", "measured time", "off by"] : [];
  const cells = rows.map(({ name, sizing, measured }) => [
    sizing.neglected.length > 0 ? `${name} \\*` : name,
    String(sizing.onts),
    String(sizing.pons),
    bytesText(sizing.imageBytes),
    sizing.mode === "unicast" ? "unicast" : sizing.recovery,
    sizing.imageCopies.toFixed(2),
    durationText(sizing.seconds),
    percent(sizing.shareOfLine),
    rateText(sizing.bitsPerSecond * sizing.pons),
    ...(measured ? measuredCells(sizing, measured) : []),
  ]);
  const names = [...head, ...checked];
  const align = names.map((name): Align => (name === "preset" || name === "recovery" ? "left" : "right"));
  print(markdownTable(names, cells, { align }));
}
