/** Ten thousand small runs in one process: all end well, and leave neither memory nor open files behind. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runVirtual, simulate } from "../../run/virtual/index.ts";
import { parseScenario, type Scenario } from "../../scenarios/index.ts";
import { Dice } from "../fuzz/dice.ts";
import { FlatMemory } from "./memory.ts";
import { eachInTurn } from "./turns.ts";
import type { Part } from "./types.ts";

const RUNS = { full: 10_000, short: 500 };
/** Every so many runs one with journal and folder. */
const RECORDED_EVERY = 20;

function scenarioOf(seed: number): Scenario {
  const dice = new Dice(seed, "soak/runs");
  const scenario = {
    name: "soak",
    seed,
    onts: dice.between(1, 4),
    image: { bytes: dice.spread(1024, 16_384) },
    impairments: dice.chance(0.5) ? [{ kind: "loss", chance: 0.02 }] : [],
    olt: {
      mode: dice.among(["multicast", "multicast", "unicast"]),
      recovery: dice.among(["window", "selective", "parity"]),
      messageSet: dice.among(["baseline", "extended"]),
      windowSections: dice.spread(2, 64),
      soakMs: 100,
    },
  };
  return parseScenario(JSON.stringify(scenario), "soak");
}

const openFiles = (): number => readdirSync("/proc/self/fd").length;

export const runsPart: Part = {
  name: "runs",
  what: "small runs in virtual time, one after the other in one process, every twentieth with its folder",
  bound: (isShort) => `${isShort ? RUNS.short : RUNS.full} runs, 0 fail, memory flat`,
  run: async (context) => {
    const problems: string[] = [];
    const memory = new FlatMemory();
    const count = context.isShort ? RUNS.short : RUNS.full;
    const folder = mkdtempSync(join(tmpdir(), "poncast-soak-"));
    let filesAtThird = 0;
    try {
      const runs = await eachInTurn(
        count,
        context,
        problems,
        async (number) => {
          const scenario = scenarioOf(context.seed + number);
          const isRecorded = number % RECORDED_EVERY === 0;
          const { reasons } = isRecorded
            ? await runVirtual(scenario, { out: folder, overwrite: true })
            : simulate(scenario);
          memory.look((number + 1) / count);
          if (number === Math.ceil(count / 3)) filesAtThird = openFiles();
          return reasons.length === 0 ? undefined : `run of seed ${scenario.seed}: ${reasons.join("; ")}`;
        },
        "runs",
      );
      const flat = memory.end();
      const files = openFiles();
      if (filesAtThird > 0 && files > filesAtThird)
        problems.push(`${filesAtThird} files were open at a third, ${files} at the end`);
      return { problems: [...problems, ...flat.problems], figures: { runs, ...flat.figures, openFiles: files } };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
