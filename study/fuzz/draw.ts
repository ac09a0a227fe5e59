/**
 * From a seed to a whole run with what may come of it: the outcomes allowed follow from what was drawn, never from
 * what happened.
 */
import { phasesWith } from "../../olt/index.ts";
import type { OntOutcome } from "../../run/result/types.ts";
import { type OntPlan, planFleet } from "../../run/fleet/index.ts";
import { parseScenario, type Scenario } from "../../scenarios/index.ts";
import type { PowerCut } from "../../run/virtual/index.ts";
import { Dice } from "./dice.ts";
import { drawCuts, drawFaults, drawOperator } from "./draw-faults.ts";
import { drawImpairments, HARMLESS_DELAY_MS } from "./draw-fibre.ts";
import { drawFleet, drawOnts } from "./draw-fleet.ts";
import { drawCatchUp, drawImage, drawOlt, drawPon } from "./draw-olt.ts";

/** One run, drawn from a seed. */
export interface Draw {
  seed: number;
  scenario: Scenario;
  /** From then on nothing is impaired any more, and the run has to come to its end. */
  healAtNs: number;
  /** Power cuts at flash operations, beside the scenario's faults. */
  powerCuts: readonly PowerCut[];
  /** What each ONT may end as. */
  allowed: readonly (readonly OntOutcome[])[];
  /** What is special about it, for the summary. */
  tags: readonly string[];
}

/** Longest fault phase. */
const HEAL_SECONDS_MAX = 15;

/** The run of a seed: always the same, until the drawing itself is changed. */
export function draw(seed: number): Draw {
  const dice = new Dice(seed, "run");
  const healSeconds = dice.fraction(0.5, HEAL_SECONDS_MAX);
  const image = drawImage(new Dice(seed, "image"));
  // The OLT itself would not send an image that is damaged.
  const olt = {
    ...drawOlt(new Dice(seed, "olt"), image.bytes),
    catchUp: drawCatchUp(new Dice(seed, "catchUp")),
    force: image.fault === "flippedByte",
  };
  const counts = drawOnts(new Dice(seed, "size"));
  const fleet = drawFleet(new Dice(seed, "fleet"), { ...counts, olt, image });
  const pon = drawPon(new Dice(seed, "pon"));
  const impairments = drawImpairments(new Dice(seed, "fibre"), { healSeconds, ofWholePort: true });
  const onts = counts.onts * counts.pons;
  // Nothing uncommitted survives a power cut (S4, G.988 9.1.4): such a run has none.
  const keepsPower = !olt.commit && olt.activate;
  const faults = drawFaults(new Dice(seed, "faults"), { onts, healSeconds, keepsPower });
  const input = { name: `seed-${seed}`, seed, ...counts, image, olt, fleet, pon, impairments };
  const operator = drawOperator(new Dice(seed, "operator"), { onts, healSeconds });
  const scenario = parseScenario(JSON.stringify({ ...input, faults: [...faults.faults, ...operator] }), `seed ${seed}`);
  const powerCuts = keepsPower ? [] : drawCuts(new Dice(seed, "cuts"), onts);
  const cutsOf = (ont: number): number => faults.cutsOf(ont) + powerCuts.filter((cut) => cut.ont === ont).length;
  return {
    seed,
    scenario,
    healAtNs: Math.round(healSeconds * 1e9),
    powerCuts,
    allowed: allowedOutcomes(scenario, cutsOf),
    tags: tagsOf(scenario, powerCuts),
  };
}

const anything: readonly OntOutcome[] = phasesWith("isOutcome");
/** Where an abort may find an ONT: before, behind the download, on trial. */
const ABORTED_OUTCOMES: readonly OntOutcome[] = ["failed", "stored", "rolledBack"];
/** Boots of one image on trial before the ONT falls back. */
const TRIAL_BOOTS = 3;

function allowedOutcomes(scenario: Scenario, cutsOf: (ont: number) => number): OntOutcome[][] {
  if (isUntold(scenario)) return planFleet(scenario).map(() => [...anything]);
  const isAborted = scenario.faults.some(({ action }) => action === "abort");
  return planFleet(scenario).map((plan) => {
    const { expect } = plan;
    const others: OntOutcome[] = [];
    if (expect === "committed" && mayFallBack(scenario, plan, cutsOf(plan.index))) others.push("rolledBack");
    if (expect !== "failed" && isMixedUp(plan)) others.push("failed");
    if (isAborted) others.push(...ABORTED_OUTCOMES);
    if (scenario.faults.some(({ action, onts }) => action === "skip" && onts.includes(plan.index)))
      others.push("skipped");
    return [expect, ...others];
  });
}

/** Whether power cuts may use up the boots of a good image, or be taken for boots that failed. */
function mayFallBack({ olt }: Scenario, { boot, properties }: OntPlan, cuts: number): boolean {
  if (cuts === 0) return false;
  const failing = boot.kind === "bootsAt" ? boot.attempt - 1 : 0;
  const tellsWhy = olt.mode === "multicast" && properties.recoveryAware;
  return failing + cuts >= TRIAL_BOOTS || (!tellsWhy && cuts > 1);
}

/** Frames may come so late that they end up in another window. */
const isMixedUp = ({ impairments }: OntPlan): boolean =>
  impairments.some((impairment) => impairment.kind === "reordering" && impairment.delayMs > HARMLESS_DELAY_MS);

/** Frames change on their way and no trailer tells: then nothing holds but what the checks look at. */
function isUntold({ pon, impairments, fleet }: Scenario): boolean {
  const all = [...impairments, ...fleet.flatMap((group) => group.impairments)];
  return pon.trailer === "none" && all.some(({ kind }) => kind === "corruption");
}

function tagsOf(scenario: Scenario, powerCuts: readonly PowerCut[]): string[] {
  const { olt, pon, fleet, faults, image } = scenario;
  const impairments = [...scenario.impairments, ...fleet.flatMap((group) => group.impairments)];
  const tags = new Set([
    `mode ${olt.mode}`,
    ...(olt.mode === "multicast" ? [`recovery ${olt.recovery}`, `instance ${olt.instance}`] : []),
    `messages ${olt.messageSet}`,
    `line ${pon.profile}`,
    `trailer ${pon.trailer}`,
    ...impairments.map(({ kind }) => `impairment ${kind}`),
    ...faults.map(({ action }) => `fault ${action}`),
    ...powerCuts.map(({ point }) => `cut ${point}`),
    ...fleet.flatMap(({ quirk }) => (quirk === undefined ? [] : [`quirk ${quirk}`])),
    ...fleet.flatMap(({ boot }) => (boot === undefined ? [] : [`boot ${boot.kind}`])),
  ]);
  if (image.fault !== "none") tags.add(`image ${image.fault}`);
  if (isUntold(scenario)) tags.add("corruption untold");
  if (planFleet(scenario).some(isMixedUp)) tags.add("reordering late");
  if (impairments.length + faults.length + powerCuts.length === 0) tags.add("fault none");
  return [...tags].toSorted();
}
