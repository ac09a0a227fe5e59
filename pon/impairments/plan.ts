/** Which links a fibre has and how their random streams are named; one more ONT changes nothing for others. */
import { createDelays, createLink, type Link } from "./link.ts";
import type { FibreSpec, ImpairmentKind, ImpairmentSpec, PonSpec } from "./spec.ts";

/** The links of one fibre. The two downstream channels have marks of their own and share their delays. */
export interface Fibre {
  broadcast: Link;
  unicast: Link;
  up: Link;
}

function createFibre(seed: number | bigint, name: string, spec: FibreSpec): Fibre {
  const down = spec.down ?? [];
  const downDelays = createDelays(seed, `${name}/down`, down);
  return {
    broadcast: createLink(seed, `${name}/down/broadcast`, down, downDelays),
    unicast: createLink(seed, `${name}/down/unicast`, down, downDelays),
    up: createLink(seed, `${name}/up`, spec.up ?? []),
  };
}

/**
 * The drop fibre of an ONT; its random streams are `ont/<serial>/down/broadcast/<kind>`, `…/down/unicast/<kind>`,
 * `…/up/<kind>`, so that no other ONT changes anything about it.
 *
 * @throws ImpairmentError.
 */
export const createDropFibre = (seed: number | bigint, serial: string, spec: PonSpec): Fibre =>
  createFibre(seed, `ont/${serial}`, dropSpec(serial, spec));

/**
 * The feeder fibre of a port; streams `pon/<port>/feeder/down/broadcast/<kind>` and so on. What it loses, all ONTs lose.
 *
 * @throws ImpairmentError.
 */
export const createFeederFibre = (seed: number | bigint, port: number, spec: FibreSpec): Fibre =>
  createFibre(seed, `pon/${port}/feeder`, spec);

/** What an ONT's drop fibre has: its own entry, or that of all. */
export const dropSpec = (serial: string, spec: PonSpec): FibreSpec => spec.onts?.[serial] ?? spec.drop ?? {};

const holdsBack: Record<ImpairmentKind, boolean> = {
  loss: false,
  burstLoss: false,
  corruption: false,
  bitErrors: false,
  duplication: false,
  blackout: false,
  lossTrace: false,
  reordering: true,
  latency: true,
  latencyTrace: true,
  rateLimit: true,
  slowReceiver: true,
};

const limitLines = (direction: string, specs: readonly ImpairmentSpec[] = []): string[] =>
  specs
    .filter(({ kind }) => holdsBack[kind])
    .map(({ kind }) => `feeder ${direction}: ${kind} works in virtual time only; put it on the drop fibres`);

/**
 * What of a plan the process driver cannot do: impairments of the feeder that hold frames back, since the OLT's end of a
 * socket sends at once.
 *
 * @returns a line each, empty when all of it works.
 */
export const processLimits = (spec: PonSpec): string[] => [
  ...limitLines("down", spec.feeder?.down),
  ...limitLines("up", spec.feeder?.up),
];
