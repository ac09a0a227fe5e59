/** What of a scenario the sizing model leaves out, in words. */
import type { QuirkProfile } from "../../ont/index.ts";
import { recoveryFacts } from "../../olt/index.ts";
import { hasCampaign } from "../../run/campaign/index.ts";
import { type OntPlan, quirkProfileOf } from "../../run/fleet/index.ts";
import type { Fault, Impairment, Scenario } from "../../scenarios/index.ts";
import type { SizingInput } from "./types.ts";

/** Of ONTs whose repairs are no repairs: also the word for it where a curve would be that of another question. */
export const DROPPED =
  "ONTs of a group that drop what they have of a refused window: a run sends many times as much (--check)";

const NEGLECTED_KINDS: Readonly<Partial<Record<Impairment["kind"], string>>> = {
  burstLoss: "bursts of losses that go on through answers and short repairs",
  duplication: "duplicated frames",
  reordering: "reordered frames",
  blackout: "blackouts",
  lossTrace: "losses of a trace (poncast trace fit makes a model of it)",
  latencyTrace: "latencies of a trace",
  slowReceiver: "frames that an ONT's full queue drops",
};

/** Whatever strikes but power cuts at a time. */
const NEGLECTED_ACTIONS: Readonly<Record<Exclude<Fault["action"], "powerCycle">, string>> = {
  killOlt: "a dying OLT",
  pause: "what an operator does",
  abort: "what an operator does",
  skip: "what an operator does",
  rate: "what an operator does",
};

/** What deviates from G.988 and changes copies or times. What the model counts, and what shows in neither, is left out. */
const NEGLECTED_QUIRKS: Readonly<Partial<Record<keyof QuirkProfile, string>>> = {
  countsSectionsBlindly: "ONTs that count sections blindly, and take a window with gaps for whole",
  storesRepeats: "ONTs that store a repeated window again",
  repeatsSpoilNextWindow: "ONTs for which a repeat spoils the next window",
  windowBytesMax: "ONTs that grant windows larger than their buffer",
  neverAnswersSections: "ONTs that never answer a section",
  answersMax: "ONTs that fall silent",
  answerDelayNs: "ONTs that are slow to answer",
  busyEnds: "Ends that are answered busy however fast the flash is",
  crcBytesSwapped: "ONTs that take the image for a bad one",
};

/** Who loses a refused window is counted where all of a group do and where windows are repeated whole. */
function neglectsDropped({ groups, feederLoss, mode, recovery }: DroppingGroups): boolean {
  if (mode === "unicast") return false;
  const repairsParts = recoveryFacts(recovery).usesBitmaps === true;
  return groups.some((kinds) => {
    const isLossless = feederLoss === 0 && kinds.every(({ lossDown }) => lossDown === 0);
    const dropping = kinds.filter(({ keepsSections }) => !keepsSections).length;
    return !isLossless && dropping > 0 && (repairsParts || dropping < kinds.length);
  });
}

type DroppingGroups = Pick<SizingInput, "groups" | "feederLoss" | "mode" | "recovery">;

export function neglectedOf(scenario: Scenario, fleet: readonly OntPlan[], groups: DroppingGroups): string[] {
  const texts = new Set<string>();
  for (const { impairments } of fleet)
    for (const { kind } of impairments) {
      const text = NEGLECTED_KINDS[kind];
      if (text !== undefined) texts.add(text);
    }
  for (const { properties } of fleet) {
    const quirks = quirkProfileOf(properties.quirk, "ont.quirk");
    for (const name of Object.keys(quirks) as (keyof QuirkProfile)[]) {
      const text = NEGLECTED_QUIRKS[name];
      if (text !== undefined) texts.add(text);
    }
    if (quirks.refusesPadding === true && scenario.olt.padLastWindow)
      texts.add("ONTs that refuse a padded last window");
  }
  if (neglectsDropped(groups)) texts.add(DROPPED);
  for (const { action, whenPhase } of scenario.faults) {
    if (action !== "powerCycle") texts.add(NEGLECTED_ACTIONS[action]);
    else if (whenPhase !== undefined) texts.add("power cuts in a phase of the update");
  }
  if (hasCampaign(scenario)) texts.add("a campaign: its waves and hours, and other roads");
  if (scenario.image.fault !== "none") texts.add("the fault in the image");
  return [...texts];
}
