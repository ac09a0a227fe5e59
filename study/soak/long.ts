/**
 * A week of a fleet in virtual time: the image goes out again and again, each time by a new OLT and slowly, while ONTs are
 * power-cycled, leave for hours and join. All rules are checked at every step.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { countText } from "../../base/text/index.ts";
import { prepareImages } from "../../run/index.ts";
import { EVENT, type Observer, type Simulation } from "../../run/virtual/index.ts";
import { parseScenario, type Scenario } from "../../scenarios/index.ts";
import { checkedSimulation } from "../rules/index.ts";
import { bootFromFlash } from "../fuzz/seed-run.ts";
import { FlatMemory } from "./memory.ts";
import type { Part, PartContext } from "./types.ts";

const HOURS = { full: 168, short: 12 };
const SECONDS_PER_HOUR = 3600;
/** Events between two looks at the clock. */
const STEPS_A_TURN = 2000;
/** Between the end of one OLT's work and the next one. */
const BETWEEN_OLTS_NS = 600e9;

function scenarioOf(hours: number, seed: number): Scenario {
  const scenario = {
    name: "soak-long",
    seed,
    onts: 32,
    image: { bytes: 64 * 1024 },
    // Two thirds from the start, the rest over six hours.
    fleet: [{ count: 20 }, { joinOverSeconds: 6 * SECONDS_PER_HOUR }],
    ont: { bootMs: 45_000, watchdogMs: 120_000 },
    olt: {
      // Each OLT sends all ONTs the image again, in some ten minutes.
      force: true,
      rateBytesPerSecond: 150,
      windowSections: 32,
      sectionBytes: 200,
      rebootWaitMs: 120_000,
      runSeconds: hours * SECONDS_PER_HOUR,
      restartsMax: 100,
    },
    impairments: [{ kind: "loss", chance: 0.002 }],
    faults: [
      { action: "powerCycle", everySeconds: 16 * SECONDS_PER_HOUR, offSeconds: 5 },
      { action: "powerCycle", everySeconds: 48 * SECONDS_PER_HOUR, offSeconds: 3 * SECONDS_PER_HOUR },
    ],
  };
  return parseScenario(JSON.stringify(scenario), "soak");
}

/** What happened, so that a week in which nothing did shows. */
class Week implements Observer {
  cuts = 0;
  commits = 0;
  windows = 0;
  olts = 1;

  olt: Observer["olt"] = (_nowNs, _pon, _ont, event) => {
    if (event.type === "windowDone") this.windows++;
    if (event.type === "phase" && event.phase === "committed") this.commits++;
  };

  run: Observer["run"] = (_nowNs, event) => {
    if (event.type === "powerCut") this.cuts++;
  };
}

function nextOlt(simulation: Simulation): void {
  const [port] = simulation.ports;
  port.kill();
  simulation.queue.schedule(simulation.nowNs + BETWEEN_OLTS_NS, EVENT.oltStart, port.number);
}

/** From one OLT to the next until the week is over, and then to the end of the one that comes last. */
async function live(
  simulation: Simulation,
  week: Week,
  memory: FlatMemory,
  endNs: number,
  { signal, progress }: PartContext,
): Promise<boolean> {
  let isLast = false;
  for (;;) {
    await nextTurn();
    if (signal.aborted) return false;
    const hours = simulation.nowNs / 1e9 / SECONDS_PER_HOUR;
    progress(`hour ${hours.toFixed(1)}, OLT ${week.olts}, ${countText(week.commits)} updates, ${week.cuts} power cuts`);
    if (simulation.run(STEPS_A_TURN)) {
      memory.look(simulation.nowNs / endNs);
      continue;
    }
    if (simulation.end !== "finished") throw new Error(`the run ended as "${simulation.end}"`);
    if (isLast) return true;
    isLast = simulation.nowNs >= endNs;
    nextOlt(simulation);
    week.olts++;
  }
}

/** At the end all that are there have the image, and boot it. */
function problemsOf(simulation: Simulation): string[] {
  const problems: string[] = [];
  for (const ont of simulation.onts) {
    const { committed, slots } = ont.flash.readRecord();
    const booted = bootFromFlash(ont);
    if (booted !== committed) problems.push(`ONT ${ont.index} boots ${booted}, and has committed ${committed}`);
    if (slots[committed]?.sha256 !== simulation.images.facts.sha256)
      problems.push(`ONT ${ont.index} has not committed the image: ${ont.cause}`);
  }
  return problems;
}

export const longPart: Part = {
  name: "long",
  what: "a week of a fleet in virtual time: updated, power-cycled, ONTs leave and join",
  bound: (isShort) => `${isShort ? HOURS.short : HOURS.full} h of virtual time, all rules hold, memory flat`,
  run: async (context) => {
    const hours = context.isShort ? HOURS.short : HOURS.full;
    const scenario = scenarioOf(hours, context.seed);
    const week = new Week();
    const memory = new FlatMemory();
    const checked = checkedSimulation(scenario, prepareImages(scenario), { observers: [week] });
    const { simulation } = checked;
    const problems: string[] = [];
    try {
      if (await live(simulation, week, memory, hours * SECONDS_PER_HOUR * 1e9, context)) {
        checked.finish();
        problems.push(...problemsOf(simulation));
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problems.push(`${error.name}: ${error.message}`.split("\n")[0]);
    }
    const flat = memory.end();
    return {
      problems: [...problems, ...flat.problems],
      figures: {
        hours: Math.round((simulation.nowNs / 1e9 / SECONDS_PER_HOUR) * 10) / 10,
        olts: week.olts,
        commits: week.commits,
        powerCuts: week.cuts,
        windows: week.windows,
        ...flat.figures,
      },
    };
  },
};
