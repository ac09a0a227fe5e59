/** Puts the rules into a simulation, so that any virtual run can be checked in every step. */
import type { Scenario } from "../../scenarios/index.ts";
import type { FactoryImage, RunImages } from "../../run/index.ts";
import { type Observer, Simulation, type SimulationOptions, type VirtualOnt } from "../../run/virtual/index.ts";
import type { OntEvent } from "../../ont/index.ts";
import { BoundsCheck } from "./bounds-check.ts";
import { ValidContents } from "./content.ts";
import { ActiveCheck, BootableCheck, FlagsCheck, IdenticalCheck, RunningCheck, ValidCheck } from "./image-checks.ts";
import { OperatorCheck } from "./operator-check.ts";
import { PaceCheck } from "./pace-check.ts";

export { type Rule, rules, Violation } from "./violation.ts";

export interface CheckedOptions extends SimulationOptions {
  /** Images that ONTs came with beside those of the scenario's plan. */
  otherImages?: readonly FactoryImage[];
}

/** A virtual run that is looked at after every step. */
export interface CheckedSimulation {
  simulation: Simulation;
  /** The checks that look at the whole once more, when the run is over. @throws Violation */
  finish(): void;
}

/**
 * A simulation in which every rule of `rules` is checked at every step: its `run` throws a Violation as soon as one is
 * broken. `options.observers` see each step before the checks do.
 *
 * @throws RunInputError when the scenario cannot be run
 */
export function checkedSimulation(
  scenario: Scenario,
  images: RunImages,
  options: CheckedOptions = {},
): CheckedSimulation {
  // The checks are handed to the simulation that they look at.
  const simulationOf = (): Simulation => simulation;
  const contents = new ValidContents(images, options.otherImages);
  const operator = new OperatorCheck(simulationOf);
  const identical = new IdenticalCheck(images);
  const checks: Observer[] = [
    new ValidCheck(contents),
    new FlagsCheck(),
    new ActiveCheck(),
    new RunningCheck(),
    new BootableCheck(contents),
    identical,
    operator,
    new PaceCheck(scenario, simulationOf),
    new BoundsCheck(scenario, images.bytes.length, simulationOf),
  ];
  const simulation = new Simulation(scenario, images, {
    // What the rules look at are bytes that ONTs have put together themselves.
    copiesSections: true,
    ...options,
    observers: [...(options.observers ?? []), ...checks],
  });
  return {
    simulation,
    finish: () => {
      identical.finish(simulation.nowNs, simulation.onts);
      operator.finish(simulation.nowNs);
    },
  };
}

/** The rules about images, for whoever turns an ONT by itself. */
export interface ImageChecks {
  /** After whatever was done with the ONT. @throws Violation */
  step(nowNs: number, ont: VirtualOnt): void;
  /** After an operation of its flash, or what a power cut left of one. @throws Violation */
  flash(nowNs: number, ont: VirtualOnt): void;
  /** @throws Violation */
  ont(nowNs: number, ont: VirtualOnt, event: OntEvent): void;
}

/** @param otherImages further images that ONTs came with */
export function imageChecks(images: RunImages, otherImages: readonly FactoryImage[] = []): ImageChecks {
  const contents = new ValidContents(images, otherImages);
  const [valid, bootable, identical] = [
    new ValidCheck(contents),
    new BootableCheck(contents),
    new IdenticalCheck(images),
  ];
  const stepped = [valid, new FlagsCheck(), new ActiveCheck(), bootable];
  return {
    step: (nowNs, ont) => stepped.forEach((check) => check.step(nowNs, ont)),
    flash: (nowNs, ont) => [valid, bootable].forEach((check) => check.flash(nowNs, ont)),
    ont: (nowNs, ont, event) => identical.ont(nowNs, ont, event),
  };
}
