/** BullMQ with Redis: each run is a job, whose id is the run's. Results are in the sweep's folder, which workers share or bring along later. */
import { setTimeout as pause } from "node:timers/promises";
import { type Job, Queue } from "bullmq";
import { PartsReader } from "../parts.ts";
import type { EngineEvent, FoundRecord, RunId, SweepEngine } from "../types.ts";
import { partsFolder, type VersionedPlan, writePlan } from "../work-folder.ts";
import type { RedisAddress } from "./address.ts";
import { orSaid, tryRedis } from "./connection.ts";
import { ENDED_STATES, JOB, OPEN_STATES, queueName, queueOptions, STALLED_MAX } from "./queue.ts";

const POLL_MS = 250;
/** Handed over in one transaction. */
const CHUNK = 1000;
/** Folders that hosts share may be behind: so often is looked again before results count as missing. */
const LOOKS_MAX = 20;
/** At the end nothing is worth waiting longer for a Redis that is away. */
const LAST_WORDS_MS = 3000;

interface QueueState {
  waiting: number;
  running: number;
  ended: number;
  workers: number;
  /** Why one cannot be done. */
  failed?: string;
}

export class BullMqEngine implements SweepEngine {
  readonly #folder: string;
  readonly #plan: VersionedPlan;
  readonly #address: RedisAddress;
  readonly #queue: Queue;
  readonly #parts: PartsReader;
  readonly #notes: string[];
  #isAway = false;

  /** @param notes about the Redis, for who started the sweep */
  private constructor(folder: string, plan: VersionedPlan, address: RedisAddress, notes: string[]) {
    this.#folder = folder;
    this.#plan = plan;
    this.#address = address;
    this.#notes = notes;
    this.#parts = new PartsReader(partsFolder(folder));
    this.#queue = new Queue(queueName(plan), queueOptions(address));
    this.#queue.on("error", (error) => this.#away(error));
  }

  /**
   * @param folder of the sweep
   * @throws RunInputError: there is no Redis, or it does not let us in
   */
  static async open(folder: string, plan: VersionedPlan, address: RedisAddress): Promise<BullMqEngine> {
    return new BullMqEngine(folder, plan, address, await tryRedis(address));
  }

  async plan(open: readonly RunId[]): Promise<readonly RunId[]> {
    const carried = new Set(await orSaid(this.#address, this.#queue.getRanges([...OPEN_STATES], 0, -1)));
    return open.filter((id) => !carried.has(id));
  }

  async submit(ids: readonly RunId[]): Promise<void> {
    writePlan(this.#folder, this.#plan);
    await orSaid(this.#address, this.#add(ids));
  }

  async #add(ids: readonly RunId[]): Promise<void> {
    // What ended without a result here is done again.
    const ended = new Set(await this.#queue.getRanges([...ENDED_STATES], 0, -1));
    for (const id of ids) if (ended.has(id)) await this.#queue.remove(id);
    for (let first = 0; first < ids.length; first += CHUNK) {
      const jobs = ids.slice(first, first + CHUNK).map((jobId) => ({ name: JOB, data: {}, opts: { jobId } }));
      await this.#queue.addBulk(jobs);
    }
  }

  async *events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    let hasForgotten = false;
    for (let looks = 0; looks < LOOKS_MAX && !signal.aborted;) {
      const state = await orAborted(orSaid(this.#address, this.#state()), signal);
      for (const text of this.#notes.splice(0)) yield { type: "note", text };
      if (state === undefined) return;
      if (state.failed !== undefined) yield { type: "failed", problem: state.failed };
      const { waiting, running, workers } = state;
      looks = waiting + running > 0 ? 0 : looks + 1;
      hasForgotten = state.ended === 0;
      yield { type: "progress", waiting, running, workers };
      await orAborted(pause(POLL_MS), signal);
    }
    const problem = hasForgotten
      ? `${this.#address.shown}: has forgotten the runs, as Redis without an append-only file does; the same command goes on`
      : "what is missing was done by workers that write elsewhere: put their folders together with poncast sweep merge";
    if (!signal.aborted) yield { type: "idle", problem };
  }

  collect(): FoundRecord[] {
    return this.#parts.next();
  }

  async cancel(): Promise<void> {
    await orGivenUp(this.#queue.drain());
  }

  async close(isComplete: boolean): Promise<void> {
    if (isComplete) await orGivenUp(this.#queue.obliterate({ force: true }));
    await orGivenUp(this.#queue.close());
    await orGivenUp(this.#queue.disconnect());
  }

  async #state(): Promise<QueueState> {
    const counts = await this.#queue.getJobCounts(...OPEN_STATES, ...ENDED_STATES);
    const workers = await this.#queue.getWorkersCount().catch(() => 0);
    if (this.#isAway) this.#notes.push(`${this.#address.shown}: is back`);
    this.#isAway = false;
    const { waiting = 0, active = 0, delayed = 0, prioritized = 0, completed = 0, failed = 0 } = counts;
    const figures = { waiting: waiting + delayed + prioritized, running: active, ended: completed + failed, workers };
    if (failed === 0) return figures;
    const [job] = (await this.#queue.getFailed(0, 0)) as (Job | undefined)[];
    return { ...figures, failed: failureOf(job) };
  }

  #away(error: Error): void {
    if (this.#isAway) return;
    this.#isAway = true;
    const { code } = error as NodeJS.ErrnoException;
    this.#notes.push(`${this.#address.shown}: is away (${code ?? "connection lost"}); waiting for it`);
  }
}

/** What a worker has said, or BullMQ when there was none left to say it. */
function failureOf(job: Job | undefined): string {
  const reason = job?.failedReason ?? "a run failed";
  if (!reason.includes("stalled")) return reason;
  return `sweep: run ${job?.id?.split("-")[1]}: its worker was gone ${STALLED_MAX + 1} times, so it is given up; try it alone`;
}

/** @returns undefined when nobody wants it any more */
function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | undefined> {
  return new Promise((done, fail) => {
    if (signal.aborted) return done(undefined);
    const stop = (): void => done(undefined);
    signal.addEventListener("abort", stop, { once: true });
    work.then(done, fail).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** At the end: what Redis does not do now, the next call does. */
async function orGivenUp(work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const limit = pause(LAST_WORDS_MS, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work.catch(() => undefined), limit]);
  over.abort();
}
