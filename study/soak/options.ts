/** Options of `npm run soak`: which parts, in which form, told how. */
import { parseArgs } from "node:util";
import { InputError } from "../../base/errors/index.ts";

export interface SoakOptions {
  help: boolean;
  json: boolean;
  isShort: boolean;
  seed: number;
  /** In the order in which they run. */
  only: readonly string[];
}

/** Wrong options: one line that names the option and what is allowed. */
export class SoakOptionError extends InputError {
  override readonly name = "SoakOptionError";
}

export const usageOf = (parts: readonly { name: string; what: string }[]): string => `npm run soak -- [options]

  --only <parts>  these alone, by commas; else all, one after the other
  --short         a couple of minutes instead of an hour
  --seed <seed>   what is drawn follows from it (1)
  --json          on stdout as JSON, and nothing else there
  --help

${parts.map(({ name, what }) => `  ${name.padEnd(16)}${what}`).join("\n")}

Exit code 0: all as it has to be; 1: not, with a line for each reason; 2: wrong options; 130: interrupted, with what was done.`;

/** @param names of all parts @throws SoakOptionError */
export function parseSoakOptions(args: readonly string[], names: readonly string[]): SoakOptions {
  const values = valuesOf(args);
  const asked = (values.only ?? names).flatMap((list) => list.split(","));
  const stray = asked.find((name) => !names.includes(name));
  if (stray !== undefined)
    throw new SoakOptionError(`--only: there is no part "${stray}"; there are: ${names.join(", ")}`);
  const text = values.seed ?? "1";
  const seed = /^\d+$/.test(text) ? Number(text) : -1;
  if (seed < 0 || seed > Number.MAX_SAFE_INTEGER)
    throw new SoakOptionError(`--seed: ${text} is not allowed; a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  const { help = false, json = false, short = false } = values;
  return { help, json, isShort: short, seed, only: names.filter((name) => asked.includes(name)) };
}

interface Values {
  only?: string[];
  short?: boolean;
  seed?: string;
  json?: boolean;
  help?: boolean;
}

function valuesOf(args: readonly string[]): Values {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string", multiple: true },
        short: { type: "boolean" },
        seed: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SoakOptionError(error.message.split("\n")[0]);
  }
}
