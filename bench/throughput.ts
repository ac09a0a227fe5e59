import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProcesses } from "../scenarios/process/runner.ts";
import { parseScenario } from "../scenarios/schema/index.ts";
import { environment, environmentText, keep, type Summary, summarize, table } from "./harness.ts";

/**
 * One image to N ONT processes on the loopback. Times run from the first Start to the last window answered, and to the last good
 * End: CRC, SHA-256, signature, stored.
 */

const MIB = 1024 * 1024;
const argument = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const imageBytes = Number(argument("mib", "16")) * MIB;
const runs = Number(argument("runs", "5"));
const counts = argument("onts", "1,8,32,128").split(",").map(Number);

interface Sample {
  windowsSeconds: number;
  seconds: number;
  copies: number;
  oltCpuSeconds: number;
  ontCpuSeconds: number;
  ontMegabytes: number;
  datagramsMin: number;
}

async function poncast(onts: number, messageSet: string, loss: number, out: string): Promise<Sample> {
  const text = `onts: ${onts}
image: { bytes: ${messageSet === "baseline" ? Math.min(imageBytes, 2 * MIB) : imageBytes} }
olt: { messageSet: ${messageSet}, activate: false }
impairments: ${loss === 0 ? "[]" : `[{ kind: loss, chance: ${loss} }]`}`;
  let windowsNs = -1;
  const { result, exitCode, reasons } = await runProcesses(parseScenario(text, "bench"), {
    out,
    overwrite: true,
    onView: ({ olt }) => {
      if (olt && olt.lastWindowAnsweredNs >= 0) windowsNs = olt.lastWindowAnsweredNs - olt.firstStartNs;
    },
  });
  if (exitCode !== 0) throw new Error(reasons.join("; "));
  const { cpuSeconds, memory } = result.host!;
  return {
    windowsSeconds: windowsNs / 1e9,
    seconds: result.timing.downloadSeconds!,
    copies: result.downstream.imageCopies,
    oltCpuSeconds: cpuSeconds.olt,
    ontCpuSeconds: cpuSeconds.onts,
    ontMegabytes: memory!.ontBytesMean / 1e6,
    datagramsMin: Math.ceil(result.downstream.gemBytes / 60_000),
  };
}

const text = ({ median, min, max }: Summary): string => `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;

async function main(): Promise<void> {
  const folder = mkdtempSync("/dev/shm/poncast-bench-");
  const results: Record<string, unknown>[] = [];
  const head = ["", "to last window", "to last End", "copies", "CPU OLT/ONTs s", "MB an ONT"];
  const rows: string[][] = [];
  const where = environment();
  try {
    for (const onts of counts) {
      for (const [messageSet, loss] of [
        ["extended", 0],
        ["extended", 0.01],
        ["baseline", 0],
      ] as const) {
        const samples: Sample[] = [];
        for (let run = 0; run < runs; run++) samples.push(await poncast(onts, messageSet, loss, join(folder, "run")));
        const of = (key: keyof Sample): Summary => summarize(samples.map((sample) => sample[key]));
        const name = `poncast ${onts} ${messageSet} ${loss * 100} %`;
        results.push({ name, onts, messageSet, loss, samples });
        const cpu = `${of("oltCpuSeconds").median.toFixed(1)}/${of("ontCpuSeconds").median.toFixed(1)}`;
        rows.push([
          name,
          text(of("windowsSeconds")),
          text(of("seconds")),
          of("copies").median.toFixed(3),
          cpu,
          of("ontMegabytes").median.toFixed(1),
        ]);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(
    `${imageBytes / MIB} MiB (baseline: at most 2), seconds as median (min to max) of ${runs} runs\n`,
  );
  process.stdout.write(`${table(head, rows)}\n`);
  process.stdout.write(`${environmentText(where)}\n${keep("throughput", where, { imageBytes, runs, results })}\n`);
}

await main();
