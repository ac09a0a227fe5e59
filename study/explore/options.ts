/** Options of `npm run explore`: what is explored, how far, and which path is shown. */
import { InputError } from "../../base/errors/index.ts";
import type { MessageSet } from "../../omci/index.ts";
import type { Mode, Recovery } from "../../olt/index.ts";
import { pathOf } from "./actions.ts";

/** What `npm run explore` is asked for. */
export interface ExploreOptions {
  kind: "help" | "search" | "replay";
  mode: Mode;
  recovery: Recovery;
  messageSet: MessageSet;
  onts: number;
  faults: number;
  statesMax: number;
  seconds: number;
  /** Tells a path to each kind of end. */
  showsEnds: boolean;
  /** To be replayed. */
  path: readonly number[];
}

/** Wrong options: one line that names the option and what is allowed. */
export class ExploreOptionError extends InputError {
  override readonly name = "ExploreOptionError";
}

const DEFAULTS: ExploreOptions = {
  kind: "search",
  mode: "multicast",
  recovery: "parity",
  messageSet: "extended",
  onts: 2,
  faults: 3,
  statesMax: 20_000_000,
  seconds: 600,
  showsEnds: false,
  path: [],
};

export const USAGE = `npm run explore -- [options]

  --mode <m>          multicast, unicast (${DEFAULTS.mode})
  --recovery <r>      window, selective, parity, unicast (${DEFAULTS.recovery})
  --message-set <s>   baseline, extended (${DEFAULTS.messageSet})
  --onts <n>          1 to 4, all alike (${DEFAULTS.onts})
  --faults <n>        at most so many losses, frames that come twice or late, and power cuts on a path, 0 to 9 (${DEFAULTS.faults})
  --states-max <n>    so many states at most; one takes about 70 bytes (${DEFAULTS.statesMax})
  --seconds <n>       and so long at most (${DEFAULTS.seconds})
  --ends              a path to each kind of end as well
  --replay <path>     shows a path step by step, with the mode, recovery, message set and ONTs that it was found with
  --help

Exit code 0: no rule broken on any path; 1: one was, with the shortest path to it; 2: wrong options.`;

const CHOICES = {
  "--mode": ["multicast", "unicast"],
  "--recovery": ["window", "selective", "parity", "unicast"],
  "--message-set": ["baseline", "extended"],
} as const;
const NUMBERS = {
  "--onts": [1, 4],
  "--faults": [0, 9],
  "--states-max": [1, 100_000_000],
  "--seconds": [1, 1_000_000],
} as const;
const FLAGS = ["--ends", "--help"];
const KNOWN = [...Object.keys(CHOICES), ...Object.keys(NUMBERS), "--replay", ...FLAGS];

/** @throws ExploreOptionError */
export function parseExploreOptions(args: readonly string[]): ExploreOptions {
  const given = readOptions(args);
  if (given.has("--help")) return { ...DEFAULTS, kind: "help" };
  const choice = <Name extends keyof typeof CHOICES, Value extends (typeof CHOICES)[Name][number]>(
    name: Name,
    otherwise: Value,
  ): Value => (given.get(name) as Value | undefined) ?? otherwise;
  const number = (name: keyof typeof NUMBERS, otherwise: number): number => Number(given.get(name) ?? otherwise);
  const replay = given.get("--replay");
  const stray = ["--faults", "--states-max", "--seconds", "--ends"].find((name) => given.has(name));
  if (replay !== undefined && stray !== undefined) throw new ExploreOptionError(`${stray}: does not go with --replay`);
  return {
    kind: replay === undefined ? "search" : "replay",
    mode: choice("--mode", DEFAULTS.mode),
    recovery: choice("--recovery", DEFAULTS.recovery),
    messageSet: choice("--message-set", DEFAULTS.messageSet),
    onts: number("--onts", DEFAULTS.onts),
    faults: number("--faults", DEFAULTS.faults),
    statesMax: number("--states-max", DEFAULTS.statesMax),
    seconds: number("--seconds", DEFAULTS.seconds),
    showsEnds: given.has("--ends"),
    path: replay === undefined ? [] : pathIn(replay),
  };
}

function pathIn(text: string): number[] {
  const read = pathOf(text);
  if ("path" in read) return read.path;
  throw new ExploreOptionError(
    `--replay: ${JSON.stringify(read.word)} is no step; a path is what a search has printed`,
  );
}

function readOptions(args: readonly string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const [name, attached] = args[at].split("=", 2);
    if (!KNOWN.includes(name))
      throw new ExploreOptionError(`${args[at]}: no such option; there are: ${KNOWN.join(", ")}`);
    if (given.has(name)) throw new ExploreOptionError(`${name}: given twice`);
    if (FLAGS.includes(name)) {
      if (attached !== undefined) throw new ExploreOptionError(`${name}: takes no value`);
      given.set(name, "");
      continue;
    }
    const value = attached ?? args[++at];
    const problem = problemOf(name, value);
    if (problem !== "") throw new ExploreOptionError(`${name}: ${value ?? "nothing"} is not allowed; ${problem}`);
    given.set(name, value);
  }
  return given;
}

/** What would be allowed; empty where the value is. */
function problemOf(name: string, value: string | undefined): string {
  if (name in CHOICES) {
    const choices: readonly string[] = CHOICES[name as keyof typeof CHOICES];
    return value !== undefined && choices.includes(value) ? "" : choices.join(", ");
  }
  if (name in NUMBERS) {
    const [least, most] = NUMBERS[name as keyof typeof NUMBERS];
    const isGood = value !== undefined && /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
    return isGood ? "" : `a whole number from ${least} to ${most}`;
  }
  return value === undefined ? "a path" : "";
}
