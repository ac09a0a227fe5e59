/** One machine: the runs go to threads of this process. */
import { indexOf, runOf } from "../ids.ts";
import { ListSource } from "../list.ts";
import type { SweepPlan } from "../../plan.ts";
import type { RunRecord } from "../../record.ts";
import type { EngineEvent, FoundRecord, RunId, SweepEngine } from "../types.ts";
import { RunThreads } from "./threads.ts";

export class LocalEngine implements SweepEngine {
  readonly #sweep: SweepPlan & { version: string };
  readonly #jobs: number;
  readonly #threads: RunThreads;
  readonly #stop = new AbortController();
  #ids: readonly RunId[] = [];
  #ended: RunRecord[] = [];

  /** @param jobs runs at the same time */
  constructor(plan: SweepPlan, version: string, jobs: number) {
    this.#sweep = { ...plan, version };
    this.#jobs = jobs;
    this.#threads = new RunThreads(plan, version);
  }

  plan(open: readonly RunId[]): Promise<readonly RunId[]> {
    return Promise.resolve(open);
  }

  submit(ids: readonly RunId[]): Promise<void> {
    for (const id of ids) indexOf(this.#sweep, id);
    this.#ids = ids;
    return Promise.resolve();
  }

  async *events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    const inbox: EngineEvent[] = [];
    let wake = (): void => undefined;
    const tell = (event: EngineEvent): void => {
      inbox.push(event);
      wake();
    };
    const work = async (id: RunId): Promise<void> => {
      const record = await this.#threads.run(runOf(this.#sweep, id));
      this.#ended.push(record);
      tell({ type: "progress" });
    };
    signal.addEventListener("abort", () => wake(), { once: true });
    new ListSource(this.#ids).each(this.#jobs, work, this.#stop.signal).then(
      () => tell({ type: "idle" }),
      (error: Error) => tell({ type: "failed", problem: error.message }),
    );
    while (!signal.aborted) {
      const event = inbox.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((done) => (wake = done));
    }
  }

  collect(): FoundRecord[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended.map((record) => ({ record, where: "this process" }));
  }

  cancel(): Promise<void> {
    this.#stop.abort();
    return Promise.resolve();
  }

  /** What runs when somebody interrupts is not waited for: it is run again when the sweep goes on. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#threads.close();
  }
}
