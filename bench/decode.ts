/** How many frames of each form `poncast decode` reads in a second of processor time: the whole command, its start included. */
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conversation } from "./decode/conversation.ts";
import { type DecodeForm, FORMS } from "./decode/forms.ts";
import { argument, environment, environmentText, keep, say, summarize, table } from "./harness.ts";

const frames = Number(argument("frames", "500000"));
const runs = Number(argument("runs", "5"));
/** Of a form's name; empty: all forms. */
const only = argument("only", "");
/** Another build's command, measured in turn with this one. */
const other = argument("other", "");
const COMMAND = "cli/poncast.mjs";

/** Where Linux has the time of children that have ended, user and system, in ticks of 10 ms. */
const CHILDREN_AT = 15 - 2;
const TICK_SECONDS = 0.01;
const PIECE_BYTES = 1 << 20;

function childSeconds(): number {
  const fields = readFileSync("/proc/self/stat", "latin1")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[CHILDREN_AT]) + Number(fields[CHILDREN_AT + 1])) * TICK_SECONDS;
}

function writeForm({ begin, write }: DecodeForm, path: string): number {
  const file = openSync(path, "w");
  let bytes = 0;
  const put = (piece: Buffer): void => void (bytes += writeSync(file, piece));
  let pieces = [Buffer.from(begin)];
  let pending = 0;
  for (const spoken of conversation(frames)) {
    const piece = Buffer.from(write(spoken));
    pieces.push(piece);
    pending += piece.length;
    if (pending < PIECE_BYTES) continue;
    put(Buffer.concat(pieces));
    pieces = [];
    pending = 0;
  }
  put(Buffer.concat(pieces));
  closeSync(file);
  return bytes;
}

/** @returns processor seconds, all threads */
function decodeOnce(program: string, path: string): number {
  const before = childSeconds();
  const { status, stderr } = spawnSync(process.execPath, [program, "decode", path], {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  const seconds = childSeconds() - before;
  if (status !== 0 || !stderr.includes(`${frames} frames, `)) throw new Error(`${program} decode ${path}: ${stderr}`);
  return seconds;
}

const where = environment();
const programs = other === "" ? [COMMAND] : [other, COMMAND];
const folder = mkdtempSync(join(tmpdir(), "poncast-bench-"));
const points: { form: string; bytes: number; seconds: number[][] }[] = [];
try {
  for (const form of FORMS.filter(({ name }) => name.includes(only))) {
    const path = join(folder, "input");
    const bytes = writeForm(form, path);
    const seconds: number[][] = programs.map(() => []);
    for (let run = 0; run < runs; run++)
      programs.forEach((program, index) => seconds[index].push(decodeOnce(program, path)));
    points.push({ form: form.name, bytes, seconds });
    process.stderr.write(`${form.name} done\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const perSecond = (seconds: number): string => Math.round(frames / seconds).toLocaleString("en-US");
const rows = points.map(({ form, bytes, seconds }) => {
  const all = seconds.map(summarize);
  const { median, min, max } = all.at(-1)!;
  const before = all.length > 1 ? [perSecond(all[0].median), (median / all[0].median).toFixed(2)] : [];
  const figures = [perSecond(median), `${perSecond(max)} to ${perSecond(min)}`, ((median / frames) * 1e6).toFixed(2)];
  return [form, String(Math.round(bytes / frames)), ...figures, ...before];
});
const head = ["form", "bytes a frame", "frames/s", "least to most", "µs a frame"];
say(`${environmentText(where)}\n`);
say(
  `${frames.toLocaleString("en-US")} frames of each form, by processor time of the whole command; medians of ${runs} runs:\n`,
);
say(table(other === "" ? head : [...head, "the other's frames/s", "time to the other's"], rows));
const path = keep("decode", where, { frames, runs, points });
process.stdout.write(`${path}\n`);
