/** Who there is: every ONT of a scenario's fleet, one by one. */
import type { BootPlan, OntTiming, Slot } from "../../ont/core/types.ts";
import { createStream } from "../../pon/index.ts";
import type { Impairment, FleetGroup, OntProperties, ImageRoad, Scenario } from "../../scenarios/index.ts";

const NS_PER_MS = 1e6;
/** Milliseconds of a scenario as nanoseconds. */
export const nsOf = (ms: number): number => Math.round(ms * NS_PER_MS);

/** One ONT of the fleet, as every driver builds it. */
export interface OntPlan {
  /** Number over all PON ports, from 0. */
  index: number;
  pon: number;
  serial: string;
  slot: Slot;
  properties: OntProperties;
  timing: OntTiming;
  boot: BootPlan;
  /** Those of the run, then those of its group. */
  impairments: readonly Impairment[];
  distanceKm: number;
  joinAtSeconds: number;
  expect: NonNullable<FleetGroup["expect"]>;
  /** The only road to it; absent: any. */
  road?: ImageRoad;
  label?: string;
}

export const serialOf = (index: number): string => `PCST${(index + 1).toString(16).toUpperCase().padStart(8, "0")}`;

/** The whole fleet, in order; the same scenario and seed give the same fleet. */
export function planFleet(scenario: Scenario): OntPlan[] {
  const plans: OntPlan[] = [];
  for (let pon = 0; pon < scenario.pons; pon++) {
    const groups = groupsInOrder(scenario);
    groups.forEach((place, number) => plans.push(planOnt(scenario, place, pon, number, pon * scenario.onts + number)));
  }
  return plans;
}

/** Where an ONT stands in its group: the how manieth it is, from 1, and how many these are. */
interface Place {
  group: FleetGroup;
  place: number;
  size: number;
}

/** The group of each ONT of one port, in order. */
function groupsInOrder(scenario: Scenario): Place[] {
  const sizes = groupSizes(scenario);
  const ordered = scenario.fleet.flatMap((group, index) =>
    Array.from({ length: sizes[index] }, (_, before) => ({ group, place: before + 1, size: sizes[index] })),
  );
  return ordered.slice(0, scenario.onts);
}

/** ONTs of each group of one port: counts and shares in order, the rest to the last group that has neither. */
export function groupSizes(scenario: Pick<Scenario, "fleet" | "onts">): number[] {
  const sizes = scenario.fleet.map(
    (group) => group.count ?? (group.share === undefined ? 0 : Math.round(group.share * scenario.onts)),
  );
  const open = scenario.fleet.findLastIndex((group) => group.count === undefined && group.share === undefined);
  const rest = scenario.onts - sizes.reduce((sum, size) => sum + size, 0);
  const taker = open >= 0 ? open : sizes.length - 1;
  sizes[taker] = Math.max(0, sizes[taker] + rest);
  return sizes;
}

function planOnt(
  scenario: Scenario,
  { group, place, size }: Place,
  pon: number,
  number: number,
  index: number,
): OntPlan {
  const named = Object.keys(scenario.ont).filter((name) => name in group);
  const own = Object.fromEntries(named.map((name) => [name, group[name as keyof FleetGroup]]));
  const properties = { ...scenario.ont, ...own } as OntProperties;
  const { least, most } = scenario.pon.distanceKm;
  const serial = serialOf(index);
  return {
    index,
    pon,
    serial,
    slot: group.slot === "alternate" ? ((number % 2) as Slot) : group.slot,
    properties,
    timing: {
      restartDelayNs: nsOf(properties.restartDelayMs),
      bootNs: nsOf(properties.bootMs),
      watchdogNs: nsOf(properties.watchdogMs),
      imageCheckNs: nsOf(properties.imageCheckMs),
    },
    boot: properties.boot,
    impairments: [...scenario.impairments, ...group.impairments],
    distanceKm:
      group.distanceKm ?? least + createStream(scenario.seed, `ont/${serial}/distance`).nextFloat() * (most - least),
    joinAtSeconds: group.joinAtSeconds + (group.joinOverSeconds * place) / size,
    expect: group.expect ?? plannedOutcome(scenario, properties.boot),
    ...(group.road !== undefined && { road: group.road }),
    ...(group.label !== undefined && { label: group.label }),
  };
}

/** How an ONT should end when nobody says otherwise. */
function plannedOutcome(scenario: Scenario, boot: BootPlan): OntPlan["expect"] {
  if (!scenario.olt.activate) return "stored";
  const fails = boot.kind === "hangs" || boot.kind === "crashes" || (boot.kind === "bootsAt" && boot.attempt > 3);
  if (fails) return "rolledBack";
  return scenario.olt.commit ? "committed" : "trial";
}
