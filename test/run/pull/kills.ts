/** A depot, or an ACS, and the ONTs that fetch their images from it, killed at moments drawn from a seed; and what must be true of the run all the same. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { EventLog } from "../../../headend/log/index.ts";
import { createStream } from "../../../pon/index.ts";
import type { RunOutcome } from "../../../run/types.ts";
import { expectAllCommitted, journalOf, run } from "../../e2e/harness.ts";

export const BLOCK_BYTES = 512 * 1024;
const NS_PER_MS = 1e6;
const IMAGE_BYTES = 6 * BLOCK_BYTES;
const ONTS_PER_PROCESS = 2;
/** A trial that was cut off has another chance twice. */
const CUTS_EACH = 2;

export type KilledRoad = "https" | "cwmp";

/** Events by which the headend's log says that a device was given its update, and that this has ended. */
const TOLD = {
  https: { folder: "depot", given: "action" },
  cwmp: { folder: "acs", given: "task" },
} as const;

interface Kept {
  type: string;
  id?: number;
  device?: string;
  as?: string;
}

export interface Kills {
  road: KilledRoad;
  seed: number;
  onts: number;
  /** Of the headend. */
  headendKills: number;
  /** In so many seconds from the first download on. */
  withinSeconds: number;
}

/** How much of its file each ONT had at least, by what a view showed at that time. */
interface Shown {
  atNs: number;
  bytes: readonly number[];
}

/** @throws when something was lost, told twice, or sent again beyond a block */
export async function runKilled(kills: Kills): Promise<RunOutcome> {
  const shown: Shown[] = [];
  const { road, seed, onts } = kills;
  const rates = { downloadBytesPerSecond: 700_000 };
  const outcome = await run(
    {
      road,
      seed,
      onts,
      ontsPerProcess: ONTS_PER_PROCESS,
      image: { bytes: IMAGE_BYTES },
      depot: { pollSeconds: 1, ...(road === "https" && rates) },
      acs: { informSeconds: 5, ...(road === "cwmp" && rates) },
      faults: faultsOf(kills),
    },
    {
      keepState: true,
      onView: ({ elapsedMs, olt }) => {
        if (olt !== undefined)
          shown.push({ atNs: elapsedMs * NS_PER_MS, bytes: olt.onts.map(({ bytesDone }) => bytesDone) });
      },
    },
  );
  expectAllCommitted(outcome);
  await expectKept(outcome, kills);
  await expectResumed(outcome, kills, shown);
  return outcome;
}

function faultsOf({ seed, onts, headendKills, withinSeconds, road }: Kills): object[] {
  const stream = createStream(seed, `kills/${road}`);
  const moment = (): object => ({
    atSeconds: stream.nextFloat() * withinSeconds,
    offSeconds: 0.1 + stream.nextFloat() / 2,
  });
  const headend = Array.from({ length: headendKills }, () => ({ action: "killOlt", ...moment() }));
  const processes = Array.from({ length: onts / ONTS_PER_PROCESS }, (_, process) => process * ONTS_PER_PROCESS);
  const cuts = processes.flatMap((ont) =>
    Array.from({ length: CUTS_EACH }, () => ({ action: "powerCycle", onts: [ont], ...moment() })),
  );
  return [...headend, ...cuts];
}

/** What the headend has kept: each device was given its update once, and that ended once, and well. */
async function expectKept({ folder, result }: RunOutcome, { road, onts }: Kills): Promise<void> {
  const { folder: name, given } = TOLD[road];
  const state = join(folder, "state", name);
  expect(existsSync(state)).toBe(true);
  const { kept, log } = await EventLog.open<Kept, object>(state, () => ({}));
  await log.close();
  const gave = kept.events.filter(({ type }) => type === given);
  const ended = kept.events.filter(({ type }) => type === "ended");
  const devices = new Map(gave.map(({ id, device }) => [id, device]));
  const counts = { given: gave.length, devices: new Set(devices.values()).size, ended: ended.length };
  expect(counts).toEqual({ given: onts, devices: onts, ended: onts });
  expect(new Set(ended.map(({ id }) => devices.get(id))).size).toBe(onts);
  expect(ended.map(({ as }) => as)).toEqual(Array.from({ length: onts }, () => "success"));
  expect(result.host!.oltProcessRestarts).toBeGreaterThan(0);
}

/** What the devices say: told once, and gone on with what was there. */
async function expectResumed(outcome: RunOutcome, { road, onts }: Kills, shown: readonly Shown[]): Promise<void> {
  const journal = await journalOf(outcome);
  const closed = new Map<number, number>();
  let resumed = 0;
  for (const record of journal) {
    if (record.from !== "agent") continue;
    const { timeNs, ont, event } = record;
    if (event.type === "reported" && event.execution === "closed") closed.set(ont, (closed.get(ont) ?? 0) + 1);
    if (event.type !== "transfer") continue;
    const hadBytes = shown.reduce((most, { atNs, bytes }) => (atNs < timeNs ? Math.max(most, bytes[ont]) : most), 0);
    expect(
      hadBytes - event.offsetBytes,
      `ONT ${ont} asks from ${event.offsetBytes} on, and had ${hadBytes}`,
    ).toBeLessThanOrEqual(BLOCK_BYTES);
    if (event.offsetBytes > 0) resumed += 1;
  }
  // A TransferComplete that was answered is told again by a CPE that was killed before it had kept that; the ACS counts it once.
  if (road === "https") expect(Math.max(0, ...closed.values())).toBeLessThanOrEqual(1);
  expect(resumed).toBeGreaterThan(0);
  expect(journal.filter(({ event }) => event.type === "powerCut").length).toBeGreaterThan(0);
  const { groups, image } = outcome.result;
  const again = groups.reduce((sum, { copies }) => sum + copies, 0) * image.bytes - onts * image.bytes;
  // Whoever lived on goes on where it was: only its own cuts cost it anything.
  expect(again).toBeLessThanOrEqual(onts * CUTS_EACH * BLOCK_BYTES);
}
