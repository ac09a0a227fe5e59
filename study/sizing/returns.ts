/** Who comes late and whose power is cut, from a scenario; and scenarios with ONTs that are off and come back. */
import { groupSizes, type OntPlan } from "../../run/fleet/index.ts";
import type { Fault, Scenario } from "../../scenarios/index.ts";
import type { Receivers, SizingInput } from "./types.ts";

const MS_PER_SECOND = 1000;

type Later = Pick<SizingInput, "late" | "cuts" | "cutsPerSecond" | "backSeconds" | "catchUp" | "activationSeconds">;

/** What is known of the first pass: it is from there that later ONTs are counted. */
interface FirstPass {
  /** First Start, after the first ONTs are there. */
  beginSeconds: number;
  groupOf: (plan: OntPlan) => string;
  kindOf: (plan: OntPlan) => Receivers;
}

export function laterOf(
  scenario: Scenario,
  plans: readonly OntPlan[],
  { beginSeconds, groupOf, kindOf }: FirstPass,
): Later {
  const { olt, ont, faults } = scenario;
  const kinds = new Map<string, Receivers>();
  /** One object for those that are alike. */
  const sharedKindOf = (plan: OntPlan): Receivers => {
    const kind = kindOf(plan);
    const key = JSON.stringify(kind);
    const known = kinds.get(key) ?? kind;
    kinds.set(key, known);
    return known;
  };
  const late = plans
    .filter(({ joinAtSeconds }) => joinAtSeconds > beginSeconds)
    .map((plan) => ({
      kind: sharedKindOf(plan),
      group: groupOf(plan),
      atSeconds: plan.joinAtSeconds - beginSeconds,
      isAway: false,
    }));
  const bootSeconds = (plan: OntPlan): number => plan.properties.bootMs / MS_PER_SECOND;
  const cuts = faults.flatMap(({ action, atSeconds, onts, offSeconds }) => {
    if (action !== "powerCycle" || atSeconds === undefined) return [];
    const whom = onts.length === 0 ? plans : plans.filter(({ index }) => onts.includes(index));
    return whom
      .filter(({ joinAtSeconds }) => joinAtSeconds <= beginSeconds)
      .map((plan) => ({
        kind: sharedKindOf(plan),
        group: groupOf(plan),
        atSeconds,
        backSeconds: atSeconds + offSeconds + bootSeconds(plan),
      }));
  });
  const atRandom = faults.filter(({ everySeconds }) => everySeconds !== undefined);
  const meanOff = atRandom.reduce((sum, { offSeconds }) => sum + offSeconds, 0) / Math.max(1, atRandom.length);
  const ofAll = ({ onts }: Fault): number => (onts.length === 0 ? 1 : onts.length / (scenario.onts * scenario.pons));
  return {
    late: late.toSorted((a, b) => a.atSeconds - b.atSeconds),
    cuts,
    cutsPerSecond: atRandom.reduce((sum, fault) => sum + ofAll(fault) / fault.everySeconds!, 0),
    backSeconds: meanOff + ont.bootMs / MS_PER_SECOND,
    catchUp: { when: olt.catchUp.when, waitSeconds: olt.catchUp.waitSeconds, onts: olt.catchUp.onts },
    activationSeconds: olt.activate ? (ont.restartDelayMs + ont.bootMs + olt.soakMs) / MS_PER_SECOND : 0,
  };
}

/** ONTs that are off at the beginning: which share of all, and when they come back, evenly, seconds. */
export interface Returns {
  share: number;
  fromSeconds: number;
  toSeconds: number;
}

/** The scenario with as many of each of its groups off at the beginning. Those that join later anyway count as these. */
export function withReturns(scenario: Scenario, { share, fromSeconds, toSeconds }: Returns): Scenario {
  const sizes = groupSizes(scenario);
  let before = 0;
  const fleet = scenario.fleet.flatMap((group, at) => {
    const { share: _share, ...rest } = group;
    const after = before + sizes[at];
    const off = Math.round(after * share) - Math.round(before * share);
    before = after;
    const there = { ...rest, count: sizes[at] - off, joinAtSeconds: 0, joinOverSeconds: 0 };
    const away = { ...rest, count: off, joinAtSeconds: fromSeconds, joinOverSeconds: toSeconds - fromSeconds };
    return [there, away].filter(({ count }) => count > 0);
  });
  return { ...scenario, fleet };
}

/** The scenario with power cuts at random moments beside its own faults. @param everySeconds mean time between those of one ONT */
export const withPowerCuts = (scenario: Scenario, everySeconds: number, offSeconds: number): Scenario => ({
  ...scenario,
  faults: [...scenario.faults, { action: "powerCycle", everySeconds, onts: [], offSeconds }],
});
