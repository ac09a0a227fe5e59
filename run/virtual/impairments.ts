/** The fibres of a scenario with their impairments, each drawing from a random stream of its own. */
import { createDropFibre, createFeederFibre, type Fibre } from "../../pon/index.ts";
import { dropSpecOf, feederSpecOf } from "../fleet/fibre.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { Scenario } from "../../scenarios/index.ts";

/** The drop fibre of an ONT. */
export const dropFibre = (scenario: Scenario, plan: OntPlan): Fibre =>
  createDropFibre(scenario.seed, plan.serial, { drop: dropSpecOf(plan.impairments) });

/** The feeder fibre of a port: what it loses, all ONTs lose. */
export const feederFibre = (scenario: Scenario, pon: number): Fibre =>
  createFeederFibre(scenario.seed, pon, feederSpecOf(scenario.impairments));
