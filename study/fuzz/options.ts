/** Options of `npm run fuzz`: what they select, and which of them go together. */
import { InputError } from "../../base/errors/index.ts";

/** What `npm run fuzz` is asked for. */
export type FuzzOptions =
  | { kind: "help" }
  /** Seeds `from` to `from + seeds - 1`. */
  | { kind: "seeds"; from: number; seeds: number }
  /** One seed, with all that was drawn. */
  | { kind: "seed"; seed: number }
  | { kind: "powerCuts" }
  | { kind: "frames"; frames: number; seed: number }
  /** Changed captures and logs into decode. */
  | { kind: "decode"; inputs: number; seed: number };

/** Wrong options: one line that names the option and what is allowed. */
export class FuzzOptionError extends InputError {
  override readonly name = "FuzzOptionError";
}

const SEEDS_DEFAULT = 100;
const SEEDS_MAX = 10_000_000;
const FRAMES_MAX = 100_000_000;
const INPUTS_DEFAULT = 100_000;

export const USAGE = `npm run fuzz -- [options]

  --seeds <n>     so many runs, each with faults drawn from its seed (${SEEDS_DEFAULT})
  --from <seed>   first seed (1)
  --seed <seed>   this one alone, with what was drawn
  --power-cuts    one update, the power cut at every flash operation: before it, in the middle of it, after it
  --frames <n>    so many random, cut off and mutated OMCI frames into ONTs and OLTs in the middle of runs
  --decode        changed captures and logs into decode, ${INPUTS_DEFAULT} of them or as many as --inputs says
  --inputs <n>
  --help

Exit code 0: all as it has to be; 1: not, with the command that replays it; 2: wrong options.`;

const withNumber = new Map([
  ["--seeds", { least: 1, most: SEEDS_MAX }],
  ["--from", { least: 0, most: Number.MAX_SAFE_INTEGER }],
  ["--seed", { least: 0, most: Number.MAX_SAFE_INTEGER }],
  ["--frames", { least: 1, most: FRAMES_MAX }],
  ["--inputs", { least: 1, most: FRAMES_MAX }],
]);
const alone = new Set(["--power-cuts", "--decode", "--help"]);
const known = [...withNumber.keys(), ...alone].join(", ");

/** @throws FuzzOptionError */
export function parseFuzzOptions(args: readonly string[]): FuzzOptions {
  const given = readOptions(args);
  const number = (name: string, otherwise: number): number => given.get(name) ?? otherwise;
  const seed = given.get("--seed");
  if (given.has("--help")) return { kind: "help" };
  const allowOnly = (name: string, ...others: string[]): void => {
    const stray = [...given.keys()].find((option) => option !== name && !others.includes(option));
    if (stray !== undefined) throw new FuzzOptionError(`${stray}: does not go with ${name}`);
  };
  if (given.has("--power-cuts")) {
    allowOnly("--power-cuts");
    return { kind: "powerCuts" };
  }
  if (given.has("--decode")) {
    allowOnly("--decode", "--seed", "--inputs");
    return { kind: "decode", inputs: number("--inputs", INPUTS_DEFAULT), seed: seed ?? 1 };
  }
  if (given.has("--inputs")) throw new FuzzOptionError("--inputs: goes with --decode");
  const frames = given.get("--frames");
  if (frames !== undefined) {
    allowOnly("--frames", "--seed");
    return { kind: "frames", frames, seed: seed ?? 1 };
  }
  if (seed === undefined) return { kind: "seeds", from: number("--from", 1), seeds: number("--seeds", SEEDS_DEFAULT) };
  allowOnly("--seed");
  return { kind: "seed", seed };
}

function readOptions(args: readonly string[]): Map<string, number> {
  const given = new Map<string, number>();
  for (let at = 0; at < args.length; at++) {
    const [name, attached] = args[at].split("=", 2);
    const range = withNumber.get(name);
    if (range === undefined && !alone.has(name))
      throw new FuzzOptionError(`${args[at]}: no such option; there are: ${known}`);
    if (given.has(name)) throw new FuzzOptionError(`${name}: given twice`);
    if (range === undefined) {
      if (attached !== undefined) throw new FuzzOptionError(`${name}: takes no value`);
      given.set(name, 1);
      continue;
    }
    const text = attached ?? args[++at];
    const value = /^\d+$/.test(text ?? "") ? Number(text) : -1;
    if (value < range.least || value > range.most)
      throw new FuzzOptionError(
        `${name}: ${text ?? "nothing"} is not allowed; a whole number from ${range.least} to ${range.most}`,
      );
    given.set(name, value);
  }
  return given;
}
