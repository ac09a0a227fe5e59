/** Traces that a scenario names, read once for all ONTs that have them. */
import { readFileSync, statSync } from "node:fs";
import { placed } from "../../base/errors/index.ts";
import { type LossTrace, parseLatencyTrace, parseLossTrace } from "../../pon/index.ts";
import { RunInputError } from "../errors.ts";

const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** @throws InputError naming the file */
export const lossTraceIn = readOnce((text): LossTrace => parseLossTrace(text));
/** Nanoseconds, one for each frame. @throws InputError naming the file */
export const latencyTraceIn = readOnce((text): readonly number[] => parseLatencyTrace(text));

/** By file, until it is another one. */
function readOnce<Trace>(parse: (text: string) => Trace): (file: string) => Trace {
  const known = new Map<string, { stamp: string; trace: Trace }>();
  return (file) => {
    const stamp = stampOf(file);
    const before = known.get(file);
    if (before?.stamp === stamp) return before.trace;
    const trace = placed(file, () => parse(readFileSync(file, "utf8")));
    known.set(file, { stamp, trace });
    return trace;
  };
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile())
    throw new RunInputError(`${file}: no trace is there (a file of an impairment)`);
  if (found.size > FILE_BYTES_MAX)
    throw new RunInputError(`${file}: ${found.size} bytes; a trace has at most ${FILE_BYTES_MAX}`);
  return `${found.mtimeMs}/${found.size}`;
}
