/** `poncast size`: asks the sizing model, and prints what it says; with `--check` beside what a simulation measures. */
import type { Command } from "commander";
import { LIMITS, type Scenario } from "../../../scenarios/index.ts";
import {
  bestWindow,
  hasPayloads,
  ontsWithin,
  rateWithin,
  runsFor,
  sizeScenario,
  WINDOWS,
} from "../../../study/sizing/index.ts";
import { UsageError } from "../../errors.ts";
import { DELTA } from "../../delta-option.ts";
import { addFieldOptions, collected } from "../../run-options.ts";
import { parseCount, parseDuration } from "../../units.ts";
import { bytesText } from "../../../base/text/index.ts";
import { print as put, tell } from "../../print.ts";
import { refuseIdle, scenarioOf, type SizeFlags, windowsOf } from "./asked.ts";
import { compare, presetTable } from "./compare.ts";
import { deadline } from "./deadline.ts";
import { describe } from "./describe.ts";
import { besideText } from "./beside.ts";
import { payloadsTable } from "./payloads.ts";
import { Steps } from "./progress.ts";

const POWER_OFF_FOR = "200ms";

export function sizeCommand(program: Command): void {
  const command = program
    .command("size")
    .description(
      "what a distribution costs, from a closed-form model: time, bytes, share of the line; does it fit the night",
    )
    .argument("[scenario]", "scenario file or preset", "default");
  addFieldOptions(command, "size", ["--window"]);
  command
    .option(DELTA.flags, DELTA.help, collected)
    .option(
      "--window <n or hours>",
      "sections a window, 1 to 256; or hours such as 02:00-05:00: does it fit, by which mode, at what rate of port and feed",
      collected,
    )
    .option("--off <share>", "share of the ONTs that are off at the beginning and come back, such as 30%")
    .option("--join <time>", "when they come back: evenly over this time, such as 2h, or from..to, such as 1min..2h")
    .option("--power-cuts-every <time>", "mean time between two power cuts of an ONT, such as 1h; they come at random")
    .option("--power-off-for <time>", "how long such a cut lasts", POWER_OFF_FOR)
    .option("--within <time>", "which rate is needed, and how many ONTs fit, to be done in this time, such as 4h")
    .option("--compare", "unicast and every recovery side by side")
    .option("--check", "run it in virtual time as well, and show how far off the model is")
    .option("--seeds <n>", "runs that --check takes the mean of (default: so many that five ports are run)")
    .option("--table", "all presets, as a table in Markdown; with --check how far off each is")
    .option("--json", "as JSON")
    .action((name: string, flags: SizeFlags, called: Command) => size(name, flags, called));
}

function size(name: string, flags: SizeFlags, command: Command): void {
  const { sections, hours } = windowsOf(flags.window ?? []);
  refuseIdle(command, flags, hours);
  const seeds = flags.seeds === undefined ? undefined : parseCount("--seeds", flags.seeds);
  const runsOf = (scenario: Scenario): number => (flags.check === true ? (seeds ?? runsFor(scenario)) : 0);
  if (flags.table === true) return print(presetTable(runsOf, flags));
  const within =
    flags.within === undefined ? undefined : { text: flags.within, seconds: parseDuration("--within", flags.within) };
  const scenario = scenarioOf(name, flags, sections);
  const runs = runsOf(scenario);
  if (runs > 0 && scenario.image.bytes > LIMITS.runImageBytes)
    throw new UsageError(
      `--check: runs take images of up to ${bytesText(LIMITS.runImageBytes)}; without it the model takes this one`,
    );
  if (hours !== undefined) return print(deadline(scenario, hours, flags.json === true));
  const { road } = scenario;
  if (road !== "omci" && (runs > 0 || within !== undefined))
    throw new UsageError("--check, --within: for the road omci; beside it see --compare, and `poncast run --virtual`");
  if (flags.compare === true || runs > 0) return print(compare(tellNeglected(scenario), runs, flags));
  if (road !== "omci") return print(besideText(scenario, road, flags.json === true));
  if (hasPayloads(scenario)) {
    if (within !== undefined) throw new UsageError("--within: not for several payloads; ask for one of them");
    return print(payloadsTable(tellNeglected(scenario), flags.json === true));
  }
  print(single(tellNeglected(scenario), within, flags.json === true));
}

function single(scenario: Scenario, within: { text: string; seconds: number } | undefined, isJson: boolean): string {
  const steps = new Steps(WINDOWS.length);
  const sizing = sizeScenario(scenario);
  const best = bestWindow(scenario, () => steps.step("windows tried"));
  steps.end();
  const fits =
    within === undefined
      ? undefined
      : { rateBytesPerSecond: rateWithin(scenario, within.seconds), ...ontsWithin(scenario, within.seconds) };
  if (!isJson) return describe(scenario, sizing, best, fits && { text: within!.text, ...fits });
  return JSON.stringify({ sizing, bestWindow: best, ...(fits && { within: { seconds: within!.seconds, ...fits } }) });
}

function tellNeglected(scenario: Scenario): Scenario {
  for (const text of sizeScenario(scenario).neglected) tell(`not in the model: ${text}\n`);
  return scenario;
}

const print = (text: string): void => void put(`${text}\n`);
