/** A run that somebody else started, or that is over: followed through what is in its folder, steered through its control. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { HttpRefusal } from "../../../base/http/index.ts";
import type { OltCommand, OltCommandOutcome } from "../../../olt/core/types.ts";
import { CONTROL_FILE } from "../../../run/control/index.ts";
import { JournalReader } from "../../../run/journal/index.ts";
import { RUN_FILES } from "../../../run/recorder/index.ts";
import { loadScenario } from "../../../scenarios/index.ts";
import { factsOf, LiveModel } from "../model/index.ts";
import type { PaceState } from "../types.ts";
import type { PaceChange, ShownSource } from "./live-run.ts";
import { resultIn } from "./result-file.ts";
import { tailOf } from "./tail.ts";

const LOOK_MS = 1000;
const ANSWER_MS_MAX = 1500;
const COMMAND_MS_MAX = 10_000;
/** Nothing was recorded for so long: it may be over, paused, or cut off. */
const QUIET_MS = 10_000;
/** From a journal's last line until the result is there. */
const RESULT_MS_MAX = 20_000;
const RESULT_LOOK_MS = 100;

interface ControlDoor {
  address: string;
  token: string;
}

/** What its door says of it. */
interface RunStatus {
  elapsedMs?: number;
  pace?: PaceState;
  onts?: { serial: string; inBaseline?: boolean }[];
}

interface Followable {
  name: string;
  folder: string;
  model: LiveModel;
  reader: JournalReader;
  caughtUp: Promise<void>;
  reached: () => void;
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
  #paces = false;
  #timer: NodeJS.Timeout | undefined;

  private constructor({ name, folder, model, reader, caughtUp, reached, end }: Followable) {
    this.name = name;
    this.model = model;
    this.caughtUp = caughtUp;
    this.#folder = folder;
    this.#end = end;
    this.#begin(reader, reached);
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
    return new FollowedRun({ name, folder, model, reader, caughtUp, reached, end });
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

  /** Through a door that knows of it: that of the run's own page. */
  get changePace(): ShownSource["changePace"] {
    const door = this.#door;
    if (door === undefined || !this.#paces) return undefined;
    return async (change) => {
      const state = await sendPace(door, change);
      this.model.setPace(state);
      return state;
    };
  }

  /** Beside its folder, or in it. */
  get capture(): string | undefined {
    const beside = `${this.#folder}.pcapng`;
    if (existsSync(beside)) return beside;
    const name = readdirSync(this.#folder).find((each) => /\.pcap(ng)?$/.test(each));
    return name === undefined ? undefined : join(this.#folder, name);
  }

  #begin(reader: JournalReader, reached: () => void): void {
    const isOver = !this.#isWithoutResult();
    if (isOver) this.#end.abort();
    // What comes behind its last line is not read.
    void this.#read(reader)
      .catch((error: Error) => this.model.setLost(error.message))
      .finally(reached);
    if (isOver) return;
    this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
    void this.#look();
  }

  async #read(reader: JournalReader): Promise<void> {
    for await (const record of reader) {
      this.model.record(record);
      if (record.from !== "run" || record.event.type !== "ended") continue;
      // Its last line comes before its result.
      for (let waitedMs = 0; waitedMs < RESULT_MS_MAX && this.#isWithoutResult(); waitedMs += RESULT_LOOK_MS)
        await delay(RESULT_LOOK_MS);
      return this.#finish(record.event.outcome);
    }
    // Cut off before it could say so.
    if (this.#end.signal.aborted) this.#finish("finished");
  }

  #isWithoutResult(): boolean {
    return statSync(join(this.#folder, RUN_FILES.result), { throwIfNoEntry: false }) === undefined;
  }

  #finish(outcome: string): void {
    const result = resultIn(this.#folder);
    if (result !== undefined) this.model.finish(result, outcome);
    this.#door = undefined;
    this.model.setSteering(false);
    this.model.setPace(undefined);
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
    const status = await statusAt(door);
    if (this.model.head.ended !== null) return;
    const isThere = status !== undefined;
    this.#door = isThere ? door : undefined;
    this.#paces = status?.pace !== undefined;
    // Nothing may have been recorded for a while.
    this.model.setPace(status?.pace, status?.elapsedMs);
    if (status?.onts !== undefined) this.model.tellInBaseline(status.onts);
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

/** @returns undefined where nobody answers */
async function statusAt({ address, token }: ControlDoor): Promise<RunStatus | undefined> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const response = await fetch(`http://${address}/status`, { headers, signal });
    return response.ok ? ((await response.json()) as RunStatus) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws HttpRefusal with what the run's own door says */
async function sendPace(door: ControlDoor, change: PaceChange): Promise<PaceState> {
  const response = await post(door, "/pace", change);
  const body = (await response.json()) as PaceState & { error?: string };
  if (!response.ok) throw new HttpRefusal(response.status, body.error ?? `HTTP ${response.status}`);
  return body;
}

const post = ({ address, token }: ControlDoor, path: string, body: object): Promise<Response> =>
  fetch(`http://${address}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(COMMAND_MS_MAX),
  });

async function sendCommand(door: ControlDoor, command: OltCommand): Promise<OltCommandOutcome> {
  // Its control says itself who asked.
  const { by: _by, ...body } = command;
  try {
    const response = await post(door, "/commands", body);
    if (response.ok) return { accepted: true };
    const { error = `HTTP ${response.status}` } = (await response.json()) as { error?: string };
    return { accepted: false, reason: error };
  } catch {
    return { accepted: false, reason: "the runner does not answer" };
  }
}
