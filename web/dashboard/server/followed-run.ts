/** A run that somebody else started, or that is over: followed through what is in its folder, steered through its control. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { OltCommand, OltCommandOutcome } from "../../../olt/core/types.ts";
import { CONTROL_FILE } from "../../../run/control/index.ts";
import { JournalReader } from "../../../run/journal/index.ts";
import { RUN_FILES } from "../../../run/recorder/index.ts";
import { loadScenario } from "../../../scenarios/index.ts";
import { factsOf, LiveModel } from "../model/index.ts";
import type { ShownSource } from "./live-run.ts";
import { resultIn } from "./result-file.ts";
import { tailOf } from "./tail.ts";

const LOOK_MS = 1000;
const ANSWER_MS_MAX = 1500;
const COMMAND_MS_MAX = 10_000;
/** Nothing was recorded for so long: it may be over, paused, or cut off. */
const QUIET_MS = 10_000;

interface ControlDoor {
  address: string;
  token: string;
}

interface Followable {
  name: string;
  folder: string;
  model: LiveModel;
  reader: JournalReader;
  caughtUp: Promise<void>;
  /** Its end ends the reading. */
  end: AbortController;
}

export class FollowedRun implements ShownSource {
  readonly name: string;
  readonly model: LiveModel;
  /** All that is in the journal by now was read. */
  readonly caughtUp: Promise<void>;
  readonly #folder: string;
  readonly #end: AbortController;
  #door: ControlDoor | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor({ name, folder, model, reader, caughtUp, end }: Followable) {
    this.name = name;
    this.model = model;
    this.caughtUp = caughtUp;
    this.#folder = folder;
    this.#end = end;
    this.#begin(reader);
  }

  /** @throws InputError when the folder holds no run that can be read */
  static async open(name: string, folder: string): Promise<FollowedRun> {
    const scenario = loadScenario(join(folder, RUN_FILES.scenario));
    const end = new AbortController();
    let reached = (): void => undefined;
    const caughtUp = new Promise<void>((done) => (reached = done));
    const path = join(folder, RUN_FILES.journal);
    const reader = await JournalReader.from(tailOf(path, end.signal, () => reached()));
    const result = resultIn(folder);
    const { modelCopies = null, modelSeconds = null } = result?.verdict ?? {};
    const isTold = modelCopies !== null && modelSeconds !== null;
    const forecast = isTold ? { copies: modelCopies, seconds: modelSeconds, leavesOut: [] } : undefined;
    const model = new LiveModel(factsOf(scenario, reader.header.clock, forecast));
    return new FollowedRun({ name, folder, model, reader, caughtUp, end });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#end.abort();
  }

  /** Through the run's own control, which says who asked in the journal. */
  get command(): ShownSource["command"] {
    const door = this.#door;
    return door === undefined ? undefined : (command) => sendCommand(door, command);
  }

  #begin(reader: JournalReader): void {
    const isOver = statSync(join(this.#folder, RUN_FILES.result), { throwIfNoEntry: false }) !== undefined;
    if (isOver) this.#end.abort();
    void this.#read(reader).catch((error: Error) => this.model.setLost(error.message));
    if (isOver) return;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
    void this.#look();
  }

  async #read(reader: JournalReader): Promise<void> {
    for await (const record of reader) {
      this.model.record(record);
      if (record.from !== "run" || record.event.type !== "ended") continue;
      return this.#finish(record.event.outcome);
    }
    // Cut off before it could say so.
    if (this.#end.signal.aborted) this.#finish("finished");
  }

  #finish(outcome: string): void {
    const result = resultIn(this.#folder);
    if (result !== undefined) this.model.finish(result, outcome);
    this.#door = undefined;
    this.model.setSteering(false);
    this.model.setLost("");
    this.close();
  }

  /** Whether its runner is there. */
  async #look(): Promise<void> {
    if (this.model.head.ended !== null) return;
    const door = doorIn(this.#folder);
    if (door === undefined) {
      this.#door = undefined;
      this.model.setSteering(false);
      const quietMs = Date.now() - statSync(join(this.#folder, RUN_FILES.journal)).mtimeMs;
      const text = "nothing has been recorded for a while: this run is paused, or its runner is gone";
      return this.model.setLost(quietMs > QUIET_MS ? text : "");
    }
    const isThere = await answers(door);
    if (this.model.head.ended !== null) return;
    this.#door = isThere ? door : undefined;
    this.model.setSteering(isThere);
    this.model.setLost(isThere ? "" : "the runner is gone: it does not answer any more, and has left no result");
  }
}

function doorIn(folder: string): ControlDoor | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, CONTROL_FILE), "utf8")) as ControlDoor;
  } catch {
    return undefined;
  }
}

async function answers({ address, token }: ControlDoor): Promise<boolean> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    return (await fetch(`http://${address}/status`, { headers, signal })).ok;
  } catch {
    return false;
  }
}

async function sendCommand({ address, token }: ControlDoor, command: OltCommand): Promise<OltCommandOutcome> {
  // Its control says itself who asked.
  const { by: _by, ...body } = command;
  try {
    const response = await fetch(`http://${address}/commands`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(COMMAND_MS_MAX),
    });
    if (response.ok) return { accepted: true };
    const { error = `HTTP ${response.status}` } = (await response.json()) as { error?: string };
    return { accepted: false, reason: error };
  } catch {
    return { accepted: false, reason: "the runner does not answer" };
  }
}
