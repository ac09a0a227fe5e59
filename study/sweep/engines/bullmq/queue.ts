/** What both sides say of a sweep's queue: its name, and what its jobs are. */
import type { QueueOptions } from "bullmq";
import { sweepKey } from "../ids.ts";
import type { VersionedPlan } from "../work-folder.ts";
import type { RedisAddress } from "./address.ts";
import { patientOptions } from "./connection.ts";

/** All keys in Redis begin with it. */
export const PREFIX = "poncast";
export const JOB = "run";
/**
 * A worker that is gone is noticed when it has not renewed the lock of its run for so long. Runs are in threads beside
 * the one that renews, so that long ones are not taken for dead; one that is, is run twice, to the same result.
 */
export const LOCK_MS = 10_000;
export const STALLED_MS = 5000;
/** A run whose worker is gone so often is given up: it may be what kills them. */
export const STALLED_MAX = 3;

/** Sweeps and versions that must not be mixed have queues of their own. */
export const queueName = (plan: Pick<VersionedPlan, "digest" | "version">): string => `sweep-${sweepKey(plan)}`;

export const queueOptions = (address: RedisAddress): QueueOptions => ({
  connection: patientOptions(address),
  prefix: PREFIX,
  skipVersionCheck: true,
});

/** Jobs that somebody works on, or will. */
export const OPEN_STATES = ["waiting", "active", "delayed", "prioritized"] as const;
/** Jobs that nobody works on any more. */
export const ENDED_STATES = ["completed", "failed"] as const;
