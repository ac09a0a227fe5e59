/** What a hostile neighbour costs a run: the same run with and without a third process that sends to its group and ports. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { planFleet } from "../run/fleet/plan.ts";
import { runProcesses } from "../run/processes/runner.ts";
import { parseScenario } from "../scenarios/schema/load.ts";
import { childrenOf } from "../test/support/children.ts";
import { Attack, arsenalFor, type Targets, targetsOf } from "../test/support/attack.ts";
import { argument, environment, environmentText, keep, say, type Summary, summarize, table } from "./harness.ts";

const runs = Number(argument("runs", "3"));
const onts = Number(argument("onts", "32"));
const ratePerSecond = Number(argument("rate", "10000"));
const mebibytes = Number(argument("mib", "8"));
/** Looks for the sockets of processes that have started meanwhile. */
const LOOK_MS = 300;

const scenario = parseScenario(
  `onts: ${onts}\nimage: { bytes: ${mebibytes * 1024 * 1024} }\nont: { bootMs: 500 }\nolt: { soakMs: 100 }\nimpairments: []`,
  "bench",
);
const arsenal = arsenalFor(planFleet(scenario).map(({ serial }) => serial));

interface Sample {
  runSeconds: number;
  downloadSeconds: number;
  committed: number;
  cpuSeconds: number;
  hostile: number;
}

function look(): Targets | undefined {
  const [olt] = childrenOf(process.pid, "olt");
  return olt === undefined ? undefined : targetsOf(olt, childrenOf(process.pid, "ont"));
}

async function sample(folder: string, isAttacked: boolean): Promise<Sample> {
  const ending = runProcesses(scenario, { out: folder, overwrite: true });
  let attack: Attack | undefined;
  const looking = setInterval(() => {
    const targets = isAttacked ? look() : undefined;
    if (targets === undefined) return;
    attack ??= new Attack(targets, arsenal, ratePerSecond);
    attack.aim(targets);
  }, LOOK_MS);
  const { result } = await ending;
  clearInterval(looking);
  const sent = await attack?.stop();
  const { cpuSeconds } = result.host!;
  return {
    runSeconds: result.timing.totalSeconds,
    downloadSeconds: result.timing.downloadSeconds ?? Number.NaN,
    committed: result.onts.committed,
    cpuSeconds: cpuSeconds.olt + cpuSeconds.onts,
    hostile: sent?.datagrams ?? 0,
  };
}

const text = ({ median, min, max }: Summary): string => `${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;

const where = environment();
const folder = mkdtempSync("/dev/shm/poncast-bench-");
const samples: Record<"alone" | "attacked", Sample[]> = { alone: [], attacked: [] };
try {
  // In turn: what else the machine does falls on both.
  for (let run = 0; run < runs; run++) {
    for (const how of ["alone", "attacked"] as const) {
      samples[how].push(await sample(join(folder, "run"), how === "attacked"));
      process.stderr.write(`${how}: ${JSON.stringify(samples[how].at(-1))}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const over = (how: keyof typeof samples, of: keyof Sample): Summary => summarize(samples[how].map((each) => each[of]));
const ratioOf = (of: keyof Sample): string => (over("attacked", of).median / over("alone", of).median).toFixed(2);
say(`${environmentText(where)}\n`);
say(`${onts} ONTs, ${mebibytes} MiB, ${ratePerSecond} hostile datagrams a second; medians of ${runs} runs:\n`);
say(
  table(
    ["", "whole run, s", "download, s", "CPU of OLT and ONTs, s", "committed", "hostile datagrams"],
    [
      ...(["alone", "attacked"] as const).map((how) => [
        how,
        text(over(how, "runSeconds")),
        text(over(how, "downloadSeconds")),
        text(over(how, "cpuSeconds")),
        String(over(how, "committed").min),
        over(how, "hostile").median.toFixed(0),
      ]),
      ["ratio", ratioOf("runSeconds"), ratioOf("downloadSeconds"), ratioOf("cpuSeconds"), "", ""],
    ],
  ),
);
process.stdout.write(`${keep("hostile", where, { runs, onts, ratePerSecond, mebibytes, samples })}\n`);
