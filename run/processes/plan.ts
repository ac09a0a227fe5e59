/** What the processes of a run are told first, and which ONTs share one. */
import { join, resolve } from "node:path";
import type { OltAddress, OltProcessConfig } from "../../olt/process/index.ts";
import type { OntProcessConfig } from "../../ont/process/index.ts";
import type { FeedServerConfig } from "../../olt/feed/index.ts";
import { LOOPBACK } from "../../pon/index.ts";
import { feederSpecOf } from "../fleet/fibre.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { broadcastTrailerOf, udpTrailerChoiceOf } from "../fleet/keys.ts";
import { toOltConfig } from "../fleet/olt-config.ts";
import { planFleet } from "../fleet/plan.ts";
import type { FleetOnt } from "./fleet.ts";
import type { FilesAsked } from "./open-files.ts";
import type { OntRecord } from "./run-state.ts";
import type { RunOptions } from "../types.ts";

const BITS_PER_BYTE = 8;

/**
 * First message to the OLT process. The scenario's ONTs come first on it; who starts them all can close it to others.
 *
 * @param ponKey that ONTs and OLT have in common; undefined: everybody is believed
 * @param pon number of its port
 */
export function oltProcessConfigOf(
  scenario: Scenario,
  options: RunOptions,
  imagePaths: readonly string[],
  epochNs: bigint,
  ponKey?: Uint8Array,
  pon = 0,
): OltProcessConfig {
  const own = planFleet(scenario).filter((plan) => plan.pon === pon);
  return {
    pon,
    olt: toOltConfig(scenario),
    imagePaths,
    interface: scenario.pon.interface,
    port: 0,
    encapsulation: scenario.pon.encapsulation,
    ...(ponKey && { ponKey }),
    expected: { serials: own.map(({ serial }) => serial), isClosed: false },
    trailer: udpTrailerChoiceOf(scenario, ponKey),
    feeder: { seed: scenario.seed, spec: feederSpecOf(scenario.impairments) },
    epochNs,
    metrics: metricsOf(options.metrics, pon),
    ...(options.pcap !== undefined && { capture: resolve(capturePathOf(options.pcap, scenario.pons, pon)) }),
    promptEvents: scenario.faults.length > 0,
  };
}

/** Of an OLT whose ONTs are started beside it: who starts them says when all are there; an OLT alone counts those that come. */
export const fleetAwaited = (config: OltProcessConfig, port: number): OltProcessConfig => ({
  ...config,
  port,
  awaitsFleet: true,
  expected: { serials: config.expected?.serials ?? [], isClosed: true },
});

/** Each OLT serves its own: that of port 0 where it was asked for, the others behind it. */
export const metricsOf = (metrics: RunOptions["metrics"], pon: number): RunOptions["metrics"] =>
  metrics && { ...metrics, port: metrics.port === 0 ? 0 : metrics.port + pon };

/** The OLTs of several ports write beside each other; when all are gone, what they wrote becomes one file. */
export const capturePathOf = (path: string, ports: number, pon: number): string =>
  ports === 1 ? path : `${path}.port-${pon}`;

/** What the OLTs share; undefined: nothing. */
export function feedConfigOf(scenario: Scenario, epochNs: bigint, key: Uint8Array): FeedServerConfig | undefined {
  const { headendBitsPerSecond } = scenario.pon;
  if (headendBitsPerSecond === undefined) return undefined;
  const bytesPerSecond = headendBitsPerSecond / BITS_PER_BYTE;
  return { bytesPerSecond, ports: scenario.pons, host: LOOPBACK, port: 0, key, epochNs };
}

/** First message to an ONT process. @param ponKey see `oltProcessConfigOf` */
export function ontProcessConfigOf(
  scenario: Scenario,
  onts: readonly Pick<OntRecord, "fleet">[],
  olt: OltAddress,
  epochNs: bigint,
  ponKey?: Uint8Array,
): OntProcessConfig {
  return {
    onts: onts.map(({ fleet }) => fleet.description),
    olt,
    interface: scenario.pon.interface,
    encapsulation: scenario.pon.encapsulation,
    ...(ponKey && { ponKey }),
    broadcastTrailer: broadcastTrailerOf(udpTrailerChoiceOf(scenario, ponKey)),
    seed: scenario.seed,
    // The flash has to outlive the ONT's process, not this machine.
    durability: "none",
    imageHash: false,
    epochNs,
  };
}

/** ONTs that share a process: neighbours on one port that are switched on together. */
export function processGroups<Ont extends Pick<OntRecord, "fleet">>(
  onts: readonly Ont[],
  ontsPerProcess: number,
): Ont[][] {
  const groups: Ont[][] = [];
  for (const ont of onts) {
    const last = groups.at(-1);
    const { pon, joinAtSeconds } = ont.fleet.plan;
    const first = last?.[0].fleet.plan;
    const together = first?.pon === pon && first.joinAtSeconds === joinAtSeconds;
    if (last && together && last.length < ontsPerProcess) last.push(ont);
    else groups.push([ont]);
  }
  return groups;
}

/** Files that the processes of these ONTs, and so many OLTs, are going to have open. */
export function filesAskedOf(
  { ontsPerProcess, pon }: Scenario,
  fleet: readonly FleetOnt[],
  oltProcesses: number,
): FilesAsked {
  const groups = processGroups(
    fleet.map((ont) => ({ fleet: ont })),
    ontsPerProcess,
  );
  const most = Math.max(0, ...groups.map(({ length }) => length));
  return { ontProcesses: groups.length, oltProcesses, ontsPerProcess: most, encapsulation: pon.encapsulation };
}

/** Where what the OLT may send lies while a run lasts. */
export const imagePathsIn = (stateRoot: string, payloads: number): string[] =>
  Array.from({ length: payloads }, (_, index) =>
    join(stateRoot, index === 0 ? "image.bundle" : `image-${index}.bundle`),
  );
