/** Which world a scenario is simulated in, and what is left of any of them. */
import type { OltCommand, OltCommandOutcome } from "../../olt/core/types.ts";
import { hasCampaign } from "../campaign/plan.ts";
import { CampaignSimulation } from "../campaign/virtual/world.ts";
import type { PullSimulation } from "../pull/virtual/world.ts";
import type { RunImages } from "../images/index.ts";
import type { HostFacts, RunResult } from "../result/index.ts";
import type { OltTotals } from "../result/olt-history.ts";
import type { RunOptions } from "../types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { pullSimulation } from "./pull-simulation.ts";
import { commandAll } from "./command.ts";
import type { Observer } from "./observer.ts";
import { resultOf, totalsOf } from "./outcome.ts";
import type { VirtualOnt } from "./virtual-ont.ts";
import { Simulation, type SimulationOptions } from "./world.ts";

export type SimulatedWorld = Simulation | PullSimulation | CampaignSimulation;

/** By the scenario's road or roads. @throws RunInputError for what cannot be */
export function worldOf(
  scenario: Scenario,
  images: RunImages,
  options: SimulationOptions & { observers?: readonly Observer[] },
): SimulatedWorld {
  if (hasCampaign(scenario)) return new CampaignSimulation(scenario, images, options);
  return pullSimulation(scenario, images, options) ?? new Simulation(scenario, images, options);
}

/** The world of the OLTs, where there is one. */
export function oltsOf(world: SimulatedWorld): Simulation | undefined {
  if (world instanceof CampaignSimulation) return world.world;
  return world instanceof Simulation ? world : undefined;
}

export const totalsIn = (world: SimulatedWorld): OltTotals =>
  world instanceof Simulation ? totalsOf(world) : world.totals();

export const resultIn = (world: SimulatedWorld, options: RunOptions = {}, host?: HostFacts): RunResult =>
  world instanceof Simulation ? resultOf(world, options, host) : world.result(options, host);

/** All ONTs, port by port. */
export const ontsIn = (world: SimulatedWorld): readonly VirtualOnt[] =>
  world instanceof CampaignSimulation ? world.world.onts : world.onts;

/** An operator's command. */
export function commandIn(world: SimulatedWorld, command: OltCommand): Promise<OltCommandOutcome> {
  if (world instanceof Simulation) return Promise.resolve(commandAll(world, command));
  return Promise.resolve(world.command(command));
}
