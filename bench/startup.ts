/** From `poncast run` to all ONTs ranged, and where the time goes: read from the journals of real runs. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type JournalRecord, JournalReader } from "../run/journal/index.ts";
import { runProcesses } from "../run/processes/runner.ts";
import { RUN_FILES } from "../run/recorder/run-folder.ts";
import { parseScenario } from "../scenarios/schema/load.ts";
import { argument, environment, environmentText, keep, say, type Summary, summarize, table } from "./harness.ts";

const runs = Number(argument("runs", "5"));
const counts = argument("onts", "1,8,32,128").split(",").map(Number);
/** Simulated: an ONT is silent for so long when it boots. */
const BOOT_MS = 500;
const MS_PER_SECOND = 1000;
const NS_PER_MS = 1e6;

const scenarioText = (onts: number): string => `onts: ${onts}
image: { bytes: 65536 }
ont: { bootMs: ${BOOT_MS} }
olt: { activate: false }
impairments: []`;

/** Milliseconds, each from the end of the one before it. */
interface Phases {
  /** Node, the command's modules. */
  command: number;
  /** Images made, flash of every ONT laid out. */
  state: number;
  /** The OLT process, until it listens. */
  olt: number;
  /** The ONT processes, a few at a time, until the last has its power on. */
  onts: number;
  /** The last one's boot, simulated. */
  boot: number;
  /** Until the OLT has ranged the last one. */
  ranging: number;
}

interface Sample extends Phases {
  total: number;
  /** Processor time of an ONT process from its start to its end, this small download included, milliseconds. */
  cpuPerOnt: number;
  /** Proportional set size, mean, megabytes. */
  megabytesPerOnt: number;
}

function commandMs(): number {
  const startedMs = performance.now();
  const { status } = spawnSync(process.execPath, ["cli/poncast.mjs", "--version"], { stdio: "ignore" });
  if (status !== 0) throw new Error("poncast --version fails");
  return performance.now() - startedMs;
}

async function recordsOf(folder: string): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  const reader = await JournalReader.open(join(folder, RUN_FILES.journal));
  for await (const record of reader) records.push(record);
  return records;
}

/** When the first or last event of a kind came. */
function timeMs(records: readonly JournalRecord[], which: "first" | "last", from: string, type: string): number {
  const times = records.filter((record) => record.from === from && record.event.type === type).map((one) => one.timeNs);
  if (times.length === 0) throw new Error(`no event ${type} in the journal`);
  return (which === "first" ? Math.min(...times) : Math.max(...times)) / NS_PER_MS;
}

async function sample(onts: number, folder: string): Promise<Sample> {
  const command = commandMs();
  const { result } = await runProcesses(parseScenario(scenarioText(onts), "bench"), { out: folder, overwrite: true });
  const { memory, cpuSeconds } = result.host!;
  const records = await recordsOf(folder);
  const ends = [
    timeMs(records, "first", "run", "oltStarted"),
    timeMs(records, "first", "run", "ontStarted"),
    timeMs(records, "last", "ont", "bootAttempt"),
    timeMs(records, "last", "ont", "online"),
    timeMs(records, "last", "olt", "ranged"),
  ];
  const [state, olt, started, boot, ranging] = ends.map((end, index) => end - (ends[index - 1] ?? 0));
  return {
    command,
    state,
    olt,
    onts: started,
    boot,
    ranging,
    total: command + ends[ends.length - 1],
    cpuPerOnt: (cpuSeconds.onts / onts) * MS_PER_SECOND,
    megabytesPerOnt: (memory?.ontBytesMean ?? Number.NaN) / 1e6,
  };
}

const COLUMNS: readonly [title: string, of: keyof Sample][] = [
  ["all ranged, ms", "total"],
  ["command", "command"],
  ["images, flash", "state"],
  ["OLT process", "olt"],
  ["ONT processes", "onts"],
  ["boot (simulated)", "boot"],
  ["ranging", "ranging"],
  ["CPU an ONT, ms", "cpuPerOnt"],
  ["MB an ONT", "megabytesPerOnt"],
];

const text = ({ median, min, max }: Summary): string => `${median.toFixed(0)} (${min.toFixed(0)} to ${max.toFixed(0)})`;

const where = environment();
const folder = mkdtempSync("/dev/shm/poncast-bench-");
const points: { onts: number; samples: Sample[] }[] = [];
try {
  for (const onts of counts) {
    const samples: Sample[] = [];
    for (let run = 0; run < runs; run++) samples.push(await sample(onts, join(folder, "run")));
    points.push({ onts, samples });
    process.stderr.write(`${onts} ONTs done\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const rows = points.map(({ onts, samples }) => {
  const over = (of: keyof Sample): Summary => summarize(samples.map((each) => each[of]));
  return [String(onts), ...COLUMNS.map(([, of]) => (of === "total" ? text(over(of)) : over(of).median.toFixed(0)))];
});
say(`${environmentText(where)}\n`);
say(`From the command to the last ONT ranged; medians of ${runs} runs, milliseconds:\n`);
say(table(["ONTs", ...COLUMNS.map(([title]) => title)], rows));
const path = keep("startup", where, { runs, bootMs: BOOT_MS, points });
process.stdout.write(`${path}\n`);
