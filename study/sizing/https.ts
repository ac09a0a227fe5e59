/**
 * What an update over HTTPS, or over TR-069, costs: each device fetches its own copy, when its poll or its session comes. They share
 * the headend's rate evenly, as a fluid; what is drawn by chance in a run is at its mean here.
 */
import type { PayloadPlan } from "../../run/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { sizingInputOf } from "./input.ts";
import { classesOf, type TakerClass } from "./takers.ts";

const BITS_PER_BYTE = 8;
/** What no scenario says; docs/sizing.md has them in its table. */
export const HTTPS_ASSUMPTIONS = {
  /** A port of 1 Gbit/s: what a device takes at most. */
  accessBytesPerSecond: 125_000_000,
  /**
   * Before the first byte of a file: TCP and TLS (3), poll, attributes, deployment; then the file's own connection (3), its
   * header, and the request for the rest.
   */
  roundTrips: 11,
  /** A server's certificates with their staple, and the rest of a handshake, downstream. */
  handshakeBytes: 3_000,
  /** Connections an update. */
  handshakes: 4,
  /** Polls, deployments and answers to reports of one update, downstream. */
  documentBytes: 4_000,
} as const;

/** The same of an update by TR-069. */
export const CWMP_ASSUMPTIONS = {
  /** All go to their ACS after their boot, evenly within so long. */
  bootSpreadSeconds: 5,
  /** TCP and TLS (3), Inform, GetRPCMethods, the empty POST, the answer to Download; then the file as over HTTPS (5). */
  roundTrips: 12,
  handshakes: 3,
  /** Envelopes of the sessions of one update, downstream. */
  documentBytes: 10_000,
} as const;

export interface HttpsSizing {
  onts: number;
  /** Of files, in all. */
  sentBytes: number;
  /** Files, handshakes and documents, in the mean. */
  bytesPerDevice: number;
  /** Copies of the image that leave the headend. */
  copies: number;
  /** From the first request for a file until so many hold their image. */
  seconds50: number;
  seconds95: number;
  seconds100: number;
  meanBitsPerSecond: number;
  peakBitsPerSecond: number;
}

interface Costs {
  roundTrips: number;
  handshakes: number;
  documentBytes: number;
}

type Rates = Pick<Scenario["depot"], "rateBytesPerSecond" | "downloadBytesPerSecond" | "roundTripMs">;

/** @param plan of deltas, made for the road https; absent: whole images */
export const sizeHttps = (scenario: Scenario, plan?: PayloadPlan): HttpsSizing =>
  sizePull(scenario, scenario.depot, scenario.depot.pollSeconds, HTTPS_ASSUMPTIONS, plan);

/** @param plan of deltas, made for the road cwmp; absent: whole images */
export const sizeCwmp = (scenario: Scenario, plan?: PayloadPlan): HttpsSizing =>
  sizePull(scenario, scenario.acs, CWMP_ASSUMPTIONS.bootSpreadSeconds, CWMP_ASSUMPTIONS, plan);

/** @param headend the depot, or the ACS @param spreadSeconds within which all come to it */
function sizePull(
  scenario: Scenario,
  headend: Rates,
  spreadSeconds: number,
  { roundTrips, handshakes, documentBytes }: Costs,
  plan: PayloadPlan | undefined,
): HttpsSizing {
  const input = sizingInputOf(scenario);
  const { pon } = scenario;
  const { accessBytesPerSecond, handshakeBytes } = HTTPS_ASSUMPTIONS;
  const { eraseNs, writeBytesPerSecond } = input.flash;
  const totalRate = Math.min(
    headend.rateBytesPerSecond ?? Infinity,
    (pon.headendBitsPerSecond ?? Infinity) / BITS_PER_BYTE,
  );
  const deviceRate = Math.min(headend.downloadBytesPerSecond ?? Infinity, accessBytesPerSecond, writeBytesPerSecond);
  const classes = classesOf(scenario, plan, input);
  const onts = classes.reduce((sum, each) => sum + each.onts, 0);
  const sentBytes = classes.reduce((sum, each) => sum + each.onts * each.bytes, 0);
  const flow = shareOut(classes, spreadSeconds, deviceRate, totalRate);
  const lead = (roundTrips * headend.roundTripMs) / 1e3 + eraseNs / 1e9;
  const ends = flow.ends.toSorted((one, other) => one - other);
  // The first request for a file follows the first poll; `lead` lies before its bytes.
  const at = (share: number): number =>
    (ends[Math.max(0, Math.ceil(ends.length * share) - 1)] ?? 0) - flow.firstSeconds + lead / 2;
  return {
    onts,
    sentBytes,
    bytesPerDevice: sentBytes / Math.max(1, onts) + handshakes * handshakeBytes + documentBytes,
    copies: sentBytes / input.imageBytes,
    seconds50: at(0.5),
    seconds95: at(0.95),
    seconds100: at(1),
    meanBitsPerSecond: (sentBytes * BITS_PER_BYTE) / at(1),
    peakBitsPerSecond: flow.peakBytesPerSecond * BITS_PER_BYTE,
  };
}

/** First polls come evenly within one pause; who is there shares the rate, each up to its own. */
function shareOut(
  classes: readonly TakerClass[],
  pollSeconds: number,
  deviceRate: number,
  totalRate: number,
): { ends: number[]; firstSeconds: number; peakBytesPerSecond: number } {
  const arrivals = classes
    .flatMap((each, number) =>
      Array.from({ length: each.onts }, (_, at) => ({ number, seconds: (pollSeconds * (at + 0.5)) / each.onts })),
    )
    .toSorted((one, other) => one.seconds - other.seconds);
  // Of one class, who came first is through first: its queue holds what each has to have been served by then.
  const queues = classes.map((): number[] => []);
  const heads = classes.map(() => 0);
  const ends: number[] = [];
  let [now, served, open, next, peakBytesPerSecond] = [0, 0, 0, 0, 0];
  while (ends.length < arrivals.length) {
    const rate = open === 0 ? 0 : Math.min(deviceRate, totalRate / open);
    peakBytesPerSecond = Math.max(peakBytesPerSecond, rate * open);
    const first = firstOf(queues, heads);
    const endSeconds = first < 0 ? Infinity : now + (queues[first][heads[first]] - served) / rate;
    const arrival = arrivals[next];
    if (arrival !== undefined && arrival.seconds <= endSeconds) {
      served += rate * (arrival.seconds - now);
      now = arrival.seconds;
      queues[arrival.number].push(served + classes[arrival.number].bytes);
      open++;
      next++;
    } else {
      served += rate * (endSeconds - now);
      now = endSeconds;
      heads[first]++;
      open--;
      ends.push(now + classes[first].storeSeconds);
    }
  }
  return { ends, firstSeconds: arrivals[0]?.seconds ?? 0, peakBytesPerSecond };
}

/** Whose file is through next; -1: nobody is there. */
function firstOf(queues: readonly (readonly number[])[], heads: readonly number[]): number {
  let first = -1;
  for (const [number, queue] of queues.entries())
    if (heads[number] < queue.length && (first < 0 || queue[heads[number]] < queues[first][heads[first]]))
      first = number;
  return first;
}
