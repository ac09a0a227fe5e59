/** A worker of a sweep on Redis: it joins when it likes, and leaves when the sweep has no more runs, or when it is told to. */
import { setTimeout as pause } from "node:timers/promises";
import { Queue, Worker } from "bullmq";
import type { IdSource, RunId, WorkerSide } from "../types.ts";
import type { VersionedPlan } from "../work-folder.ts";
import type { RedisAddress } from "./address.ts";
import { orSaid, tryRedis } from "./connection.ts";
import { ENDED_STATES, LOCK_MS, OPEN_STATES, queueName, queueOptions, STALLED_MAX, STALLED_MS } from "./queue.ts";

const POLL_MS = 500;
/** After a Redis that was away. */
const RETRY_MS = 1000;

export class BullMqSource implements IdSource {
  readonly #name: string;
  readonly #address: RedisAddress;
  readonly #tell: (text: string) => void;
  readonly #isOver: () => boolean;
  #isAway = false;

  private constructor(name: string, address: RedisAddress, { tell, isOver }: WorkerSide) {
    this.#name = name;
    this.#address = address;
    this.#tell = tell;
    this.#isOver = isOver ?? ((): boolean => false);
  }

  /** @throws RunInputError: there is no Redis, or it does not let us in */
  static async open(plan: VersionedPlan, address: RedisAddress, side: WorkerSide): Promise<BullMqSource> {
    await tryRedis(address);
    return new BullMqSource(queueName(plan), address, side);
  }

  async each(atOnce: number, work: (id: RunId) => Promise<void>, leave: AbortSignal): Promise<boolean> {
    const queue = new Queue(this.#name, queueOptions(this.#address));
    const seen = { runs: 0 };
    const take = (id: RunId): Promise<void> => {
      seen.runs++;
      return work(id);
    };
    const worker = new Worker(this.#name, async ({ id }) => take(id ?? ""), {
      ...queueOptions(this.#address),
      concurrency: atOnce,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_MS,
      maxStalledCount: STALLED_MAX,
      runRetryDelay: RETRY_MS,
    });
    queue.on("error", (error) => this.#away(error));
    worker.on("error", (error) => this.#away(error));
    try {
      await this.#untilOver(queue, seen, leave);
    } finally {
      // What has begun is ended and told.
      await worker.close();
      await queue.close();
    }
    return !leave.aborted;
  }

  /**
   * Nothing is left when nobody works any more, as a run of a worker that is gone comes back. A queue of which Redis knows
   * nothing is not handed over yet, or over and forgotten already: then it has given us runs, or the sweep's folder tells.
   */
  async #untilOver(queue: Queue, seen: { readonly runs: number }, leave: AbortSignal): Promise<void> {
    const left = new Promise<void>((done) => leave.addEventListener("abort", () => done(), { once: true }));
    let isBegun = false;
    let hasTold = false;
    while (!leave.aborted) {
      const asked = orSaid(this.#address, queue.getJobCounts(...OPEN_STATES, ...ENDED_STATES));
      const counts = await Promise.race([asked, left]);
      if (counts === undefined) return;
      this.#back();
      const sum = (states: readonly string[]): number => states.reduce((all, state) => all + (counts[state] ?? 0), 0);
      if (seen.runs > 0 || sum([...OPEN_STATES, ...ENDED_STATES]) > 0) isBegun = true;
      else if (this.#isOver()) return;
      else if (!hasTold) this.#tell(`${this.#address.shown}: no runs of this sweep yet; waiting\n`);
      hasTold = true;
      if (isBegun && sum(OPEN_STATES) === 0) return;
      await Promise.race([pause(POLL_MS), left]);
    }
  }

  #away(error: Error): void {
    const { code, message } = error as NodeJS.ErrnoException;
    // What a script of BullMQ refuses is no news: another worker has done it, or the sweep is over.
    if (this.#isAway || (code === undefined && !/closed|reconnect/i.test(message))) return;
    this.#isAway = true;
    this.#tell(`${this.#address.shown}: is away (${code ?? "connection lost"}); waiting for it\n`);
  }

  #back(): void {
    if (this.#isAway) this.#tell(`${this.#address.shown}: is back\n`);
    this.#isAway = false;
  }
}
