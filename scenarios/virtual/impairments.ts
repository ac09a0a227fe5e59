import {
  createDelays,
  createDropFibre,
  createLink,
  type DelaySpec,
  type Fibre,
  type FibreSpec,
  type ImpairmentSpec,
} from "../../pon/index.ts";
import { RunInputError } from "../process/errors.ts";
import type { Impairment, OntPlan, Scenario } from "../schema/index.ts";

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
/** A Pareto delay is cut at so many times its mean. */
const PARETO_CUT = 100;

type Direction = "down" | "up";

/** What an ONT's drop fibre has, from what the scenario says in its own words. */
function dropSpec(impairments: readonly Impairment[]): FibreSpec {
  const of = (direction: Direction): ImpairmentSpec[] =>
    impairments.flatMap((impairment) => specOf(impairment, direction) ?? []);
  return { down: of("down"), up: of("up") };
}

const actsOn = (impairment: { direction: Direction | "both" }, direction: Direction): boolean =>
  impairment.direction === "both" || impairment.direction === direction;

function specOf(impairment: Impairment, direction: Direction): ImpairmentSpec | undefined {
  if ("direction" in impairment && !actsOn(impairment, direction)) return undefined;
  switch (impairment.kind) {
    case "loss":
    case "duplication":
      return { kind: impairment.kind, chance: impairment.chance };
    case "burstLoss": {
      const { goodToBad, badToGood, lossGood, lossBad } = impairment;
      return { kind: "burstLoss", goodToBad, badToGood, lossGood, lossBad };
    }
    case "corruption":
      return { kind: "corruption", chance: impairment.chance, bitFlips: 1 };
    case "reordering": {
      const delayNs = Math.round(impairment.delayMs * NS_PER_MS);
      return {
        kind: "reordering",
        chance: impairment.chance,
        delay: { shape: "constant", delayNs },
      };
    }
    case "latency":
      return { kind: "latency", delay: delayOf(impairment), keepOrder: true };
    case "blackout": {
      const { atSeconds, forSeconds } = impairment;
      return {
        kind: "blackout",
        fromNs: Math.round(atSeconds * NS_PER_SECOND),
        forNs: Math.round(forSeconds * NS_PER_SECOND),
      };
    }
    case "slowReceiver": {
      if (direction === "up") return undefined;
      const { framesPerSecond, queueFrames } = impairment;
      return { kind: "slowReceiver", framesPerSecond, queueFrames };
    }
    case "feederLoss":
      return undefined;
  }
}

/** The scenario gives a mean and a spread; what the spread means depends on the distribution. */
function delayOf(impairment: Extract<Impairment, { kind: "latency" }>): DelaySpec {
  const meanNs = impairment.meanMs * NS_PER_MS;
  const spreadNs = impairment.jitterMs * NS_PER_MS;
  switch (impairment.distribution) {
    case "constant":
      return { shape: "constant", delayNs: meanNs };
    case "uniform":
      return { shape: "uniform", minNs: Math.max(0, meanNs - spreadNs), maxNs: meanNs + spreadNs };
    case "normal":
      return { shape: "normal", meanNs, deviationNs: spreadNs };
    case "exponential": {
      const tailNs = Math.min(spreadNs, meanNs) || meanNs;
      return { shape: "exponential", minNs: meanNs - tailNs, meanNs: tailNs };
    }
    case "pareto": {
      const alpha = impairment.jitterMs;
      if (!(alpha > 1)) {
        throw new RunInputError({
          message: `impairments: latency: jitterMs ${alpha} is the shape of a pareto distribution; more than 1`,
        });
      }
      return { shape: "pareto", minNs: (meanNs * (alpha - 1)) / alpha, alpha, maxNs: meanNs * PARETO_CUT };
    }
  }
}

/** The drop fibre of an ONT. @throws RunInputError */
export function dropFibre(scenario: Scenario, plan: OntPlan): Fibre {
  const own = plan.impairments.slice(scenario.impairments.length);
  if (own.some(({ kind }) => kind === "feederLoss")) {
    throw new RunInputError({
      message: "fleet: feederLoss acts on a whole port; put it under the run's impairments",
    });
  }
  const { seed } = scenario;
  return createDropFibre(seed, plan.serial, { drop: dropSpec(plan.impairments) });
}

/** The feeder fibre of a port: what it loses, all ONTs lose. */
export function feederFibre(scenario: Scenario, pon: number): Fibre {
  const specs = scenario.impairments.flatMap((impairment): ImpairmentSpec[] =>
    impairment.kind === "feederLoss" ? [{ kind: "loss", chance: impairment.chance }] : [],
  );
  const name = `pon/${pon}/feeder`;
  const link = (channel: string): Fibre["up"] =>
    createLink(scenario.seed, `${name}/${channel}`, specs, createDelays(scenario.seed, name, specs));
  const clear = createLink(scenario.seed, `${name}/up`, []);
  return { broadcast: link("broadcast"), unicast: link("unicast"), up: clear };
}
