/** What `poncast size` is asked: the scenario with all that options change of it, and which options go together. */
import type { Command } from "commander";
import type { Scenario } from "../../../scenarios/index.ts";
import { lossFaultOf, type Returns, withPowerCuts, withReturns } from "../../../study/sizing/index.ts";
import { UsageError } from "../../errors.ts";
import { deltaOverrides } from "../../delta-option.ts";
import { overridesOf, resolveScenario } from "../../run-options.ts";
import { parseDuration, parseShare } from "../../units.ts";
import { type Hours, hoursOf } from "./hours.ts";

/** As a fault's `everySeconds` in a scenario. */
const CUTS_EVERY_SECONDS_MIN = 1;

export interface SizeFlags {
  off?: string;
  join?: string;
  powerCutsEvery?: string;
  powerOffFor: string;
  within?: string;
  /** Sections, or hours. */
  window?: readonly string[];
  compare?: boolean;
  delta?: string[];
  check?: boolean;
  seeds?: string;
  table?: boolean;
  json?: boolean;
  [option: string]: unknown;
}

/** Options of which only one answers, in the order of their rank. */
const QUESTIONS = ["--table", "--window", "--compare", "--check", "--within"] as const;
/** Pairs of them that belong together. */
const TOGETHER: ReadonlySet<string> = new Set(["--table --check", "--compare --check"]);

/** Refuses what would change nothing. @throws UsageError */
export function refuseIdle(command: Command, flags: SizeFlags, hours: Hours | undefined): void {
  const isSaid = (name: string): boolean => command.getOptionValueSource(name) === "cli";
  const asked = {
    "--table": flags.table === true,
    "--window": hours !== undefined,
    "--compare": flags.compare === true,
    "--check": flags.check === true,
    "--within": flags.within !== undefined,
  };
  const said = QUESTIONS.filter((name) => asked[name]);
  for (const [rank, first] of said.entries())
    for (const other of said.slice(rank + 1))
      if (!TOGETHER.has(`${first} ${other}`))
        throw new UsageError(
          `${other}: changes nothing with ${first}${first === "--window" ? " and hours" : ""}; ask one after the other`,
        );
  for (const [name, option] of [
    ["seeds", "--seeds"],
    ["seed", "--seed"],
  ])
    if (isSaid(name) && !asked["--check"])
      throw new UsageError(`${option}: changes nothing without --check; the model draws no random number`);
  if (isSaid("powerOffFor") && flags.powerCutsEvery === undefined)
    throw new UsageError("--power-off-for: changes nothing without --power-cuts-every");
  if (flags.table === true) refuseBesideTable(command, isSaid);
}

function refuseBesideTable(command: Command, isSaid: (name: string) => boolean): void {
  const kept = new Set(["--table", "--check", "--seeds", "--seed", "--json"]);
  const idle = command.options.find((option) => !kept.has(option.long ?? "") && isSaid(option.attributeName()));
  const what = idle?.long ?? command.args[0];
  if (what !== undefined)
    throw new UsageError(`${what}: changes nothing with --table, which has all presets as they are`);
}

/** Sections a window and hours by one option: what it was given for each. @throws UsageError */
export function windowsOf(said: readonly string[]): { sections: string | undefined; hours: Hours | undefined } {
  const hours = said.filter((text) => text.includes(":"));
  const sections = said.filter((text) => !text.includes(":"));
  if (hours.length > 1 || sections.length > 1)
    throw new UsageError(
      "--window: once for sections and once for hours at most, such as --window 240 --window 02:00-05:00",
    );
  return { sections: sections[0], hours: hours[0] === undefined ? undefined : hoursOf("--window", hours[0]) };
}

/** @throws UsageError, ScenarioError */
export function scenarioOf(name: string, flags: SizeFlags, sections: string | undefined): Scenario {
  const { window: _window, ...others } = flags;
  const fields = sections === undefined ? others : { ...others, window: sections };
  const scenario = awayIn(
    resolveScenario(name, [...overridesOf(fields, "size"), ...deltaOverrides(flags.delta ?? [])], "model"),
    flags,
  );
  const fault = lossFaultOf(scenario);
  if (fault !== undefined) {
    const place = flags.loss === undefined ? `${name}: impairments` : `--loss: ${flags.loss as string}`;
    throw new UsageError(`${place}: ${fault}`);
  }
  return scenario;
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
