/** Runs what a seed draws, and says what broke. */
import { ABORTED } from "../../olt/index.ts";
import { createOnt, type OntSinks, turnOnt } from "../../ont/index.ts";
import { checkedSimulation } from "../rules/index.ts";
import { resultOf, EVENT, type VirtualOnt, type Simulation } from "../../run/virtual/index.ts";
import { prepareImages } from "../../run/index.ts";
import { Counted } from "./counted.ts";
import { type Draw, draw } from "./draw.ts";

/** How the run of one seed ended. */
export interface SeedRun {
  draw: Draw;
  /** One line; undefined: it converged, and no rule was broken. */
  problem: string | undefined;
  /** Where an exception came from, if one did. */
  stack: string | undefined;
  steps: number;
  virtualSeconds: number;
  /** What happened, by name. */
  counts: ReadonlyMap<string, number>;
}

/** Runs what a seed draws: the fault phase, then to the end. Never throws for what the run does. */
export function runSeed(seed: number): SeedRun {
  return runDraw(draw(seed));
}

export function runDraw(drawn: Draw): SeedRun {
  const { scenario, healAtNs, powerCuts } = drawn;
  const counted = new Counted();
  const checked = checkedSimulation(scenario, prepareImages(scenario), {
    observers: [counted],
    healAtNs,
    powerCuts,
  });
  const { simulation } = checked;
  const ended = (problem: string | undefined, stack?: string): SeedRun => ({
    draw: drawn,
    problem,
    stack,
    steps: simulation.steps,
    virtualSeconds: simulation.nowNs / 1e9,
    counts: counted.counts,
  });
  try {
    simulation.run();
    serveLatecomers(simulation);
    checked.finish();
    return ended(problemOf(drawn, simulation));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return ended(`${error.name}: ${error.message}`.split("\n")[0], error.stack);
  }
}

/** OLTs that come one after the other for ONTs that were away when the one before was done. */
const OLTS_MAX = 16;
const BETWEEN_OLTS_NS = 1e9;

/** An ONT that came after the OLT was done is the next OLT's: as with two maintenance windows. */
function serveLatecomers(simulation: Simulation): void {
  const { ports, onts, queue } = simulation;
  const isUnseen = (ont: VirtualOnt): boolean =>
    !ports[ont.plan.pon].status?.onts.some(({ serial }) => serial === ont.config.serial);
  for (let olts = 1; olts < OLTS_MAX && simulation.end === "finished" && onts.some(isUnseen); olts++) {
    for (const port of ports) {
      port.kill();
      queue.schedule(queue.nowNs + BETWEEN_OLTS_NS, EVENT.oltStart, port.number);
    }
    simulation.run();
  }
}

/** What keeps a run that has ended from being as it has to be. */
function problemOf({ allowed }: Draw, simulation: Simulation): string | undefined {
  const result = resultOf(simulation);
  for (const { id, outcome, cause } of result.ontResults) {
    if (allowed[id].includes(outcome)) continue;
    const told = cause === "" ? "" : `: ${cause}`;
    return `ONT ${id}: ${outcome}, expected ${allowed[id].join(" or ")}${told}`;
  }
  for (const { number, status } of simulation.ports)
    if (status !== undefined && status.stopReason !== "" && status.stopReason !== ABORTED)
      return `the OLT of port ${number} stopped: ${status.stopReason}`;
  if (simulation.end !== "finished") return `the run ended as "${simulation.end}" at ${simulation.nowNs / 1e9} s`;
  for (const ont of simulation.onts) {
    const booted = bootFromFlash(ont);
    const { committed, trial } = ont.flash.readRecord();
    const expected = trial?.slot ?? committed;
    if (booted !== expected) return `ONT ${ont.index}: after a power cut it boots ${booted}, not image ${expected}`;
  }
  return undefined;
}

/** Deadlines until an ONT is up, whatever its boots come to. */
const BOOT_TURNS_MAX = 32;

/**
 * Powers a second ONT on from what the flash of this one holds.
 *
 * @returns the image that runs; -1 when none does
 */
export function bootFromFlash(ont: VirtualOnt): number {
  let running = -1;
  const sinks: OntSinks = {
    name: `ONT ${ont.index}, powered on again`,
    takesFlash: true,
    frame: () => undefined,
    flash: () => undefined,
    event: (_nowNs, event) => {
      if (event.type === "online") running = event.activeSlot;
    },
  };
  const core = createOnt({ ...ont.config, boot: { kind: "boots" } }, ont.flash.readRecord(), 0);
  let nowNs = turnOnt(core, sinks, 0);
  for (let turn = 0; turn < BOOT_TURNS_MAX && running < 0 && nowNs < Infinity; turn++) {
    core.handleTimeout(nowNs);
    nowNs = turnOnt(core, sinks, nowNs);
  }
  return running;
}
