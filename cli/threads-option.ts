/** `--threads` of `poncast run`: ports of a run in virtual time on several cores. */
import type { Scenario } from "../scenarios/index.ts";
import { boundTogether } from "../run/virtual/index.ts";
import { UsageError } from "./errors.ts";

export const THREADS = {
  flags: "--threads <count>",
  help: "with --virtual: so many threads at most, for ports that share nothing; the record is the same to the byte; default 1",
} as const;

/** What looks at the run, or steers it, while it goes on. */
const ONE_THREAD_ONLY = { ui: "--ui", control: "--control", speed: "--speed", pcap: "--pcap" } as const;

interface ThreadFlags extends Partial<Record<keyof typeof ONE_THREAD_ONLY, unknown>> {
  threads?: string;
}

/** @throws UsageError for what is no count, or goes with other options only */
export function threadsOf(flags: ThreadFlags, virtual: boolean): number | undefined {
  const { threads } = flags;
  if (threads === undefined) return undefined;
  const count = Number(threads);
  if (!/^\d+$/.test(threads) || count < 1 || !Number.isSafeInteger(count))
    throw new UsageError(`--threads ${threads}: a whole number of 1 or more is needed, such as 2`);
  if (!virtual)
    throw new UsageError("--threads: changes nothing without --virtual: processes are on all cores as they are");
  for (const [name, option] of Object.entries(ONE_THREAD_ONLY))
    if (count > 1 && flags[name as keyof typeof ONE_THREAD_ONLY] !== undefined)
      throw new UsageError(
        `--threads ${threads}: not together with ${option}, which needs the whole run in one thread: leave one of the two out`,
      );
  return count;
}

/** Why a run stays on one thread all the same, a line; empty where it does not. */
export function oneThreadLine(scenario: Scenario, threads: number | undefined): string {
  if (threads === undefined || threads === 1) return "";
  const why = boundTogether(scenario);
  return why === undefined ? "" : `--threads ${threads}: the run stays on one thread: ${why}\n`;
}
