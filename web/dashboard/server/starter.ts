/** Starts runs for the page: each a `poncast run` of its own, in the folder of the runs; what is left of them ends with the page. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { makeFolders, writeWhole } from "../../../base/files/index.ts";
import { HttpRefusal } from "../../../base/http/index.ts";
import { RUN_FILES } from "../../../run/recorder/index.ts";
import type { StartRequest } from "../plan-types.ts";

/** Runs that were started here and go on. */
const RUNS_MAX = 4;
/** Requests of which it is known that they were carried out. */
const KNOWN_MAX = 64;
const BEGIN_MS_MAX = 30_000;
const LOOK_MS = 50;
/** For a run to end as it was asked. */
const END_MS_MAX = 10_000;
const TEXT_MAX = 8192;
const NAME_LENGTH_MAX = 64;

export interface StarterPlace {
  /** Of the runs. */
  folder: string;
  /** Program and words by which `poncast` is called. */
  command: readonly string[];
}

export class RunStarter {
  readonly #place: StarterPlace;
  readonly #children = new Set<ChildProcess>();
  /** By the ids of requests. */
  readonly #asked = new Map<string, Promise<string>>();

  constructor(place: StarterPlace) {
    this.#place = place;
  }

  /**
   * @param name of the scenario
   * @returns name of the run
   * @throws HttpRefusal with what the run says, when it does not begin
   */
  start(asked: StartRequest, name: string): Promise<string> {
    return this.once(asked.id, () => this.#begin(asked, name));
  }

  /** What was asked for once, however often it is sent: a page may have to send again. */
  once(id: string, begin: () => Promise<string>): Promise<string> {
    const known = this.#asked.get(id);
    if (known !== undefined) return known;
    const run = begin();
    this.#asked.set(id, run);
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > KNOWN_MAX) this.#asked.delete(oldest);
    return run;
  }

  async #begin(asked: StartRequest, name: string): Promise<string> {
    if (this.#children.size >= RUNS_MAX) throw new HttpRefusal(409, `${RUNS_MAX} runs go on that were started here`);
    const { folder } = this.#place;
    makeFolders(folder);
    const run = freeName(folder, name);
    const file = join(folder, `${run}.yaml`);
    writeWhole(file, asked.yaml);
    const out = join(folder, run);
    const [program, ...words] = this.#place.command;
    const child = spawn(program, [...words, "run", file, "--out", out, ...wordsOf(asked, out)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#children.add(child);
    let said = "";
    child.stderr!.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-TEXT_MAX)));
    let ended: string | undefined;
    child.once("error", (error) => (ended = error.message));
    child.once("close", () => {
      this.#children.delete(child);
      ended ??= said;
    });
    for (let waitedMs = 0; waitedMs < BEGIN_MS_MAX; waitedMs += LOOK_MS) {
      if (existsSync(join(out, RUN_FILES.journal)) && existsSync(join(out, RUN_FILES.scenario))) return run;
      if (ended !== undefined) throw new HttpRefusal(409, reasonIn(ended, file));
      await delay(LOOK_MS);
    }
    child.kill("SIGTERM");
    throw new HttpRefusal(503, "the run does not begin");
  }

  /** Whatever still goes on is ended, and keeps what it has recorded. */
  async close(): Promise<void> {
    const children = [...this.#children];
    for (const child of children) child.kill("SIGTERM");
    const ends = children.map((child) => new Promise<void>((done) => child.once("close", () => done())));
    await Promise.race([Promise.all(ends), delay(END_MS_MAX, undefined, { ref: false })]);
    for (const child of this.#children) child.kill("SIGKILL");
  }
}

const wordsOf = ({ as, speed, capture }: StartRequest, out: string): string[] => [
  "--quiet",
  // Its own door: by it the page that follows the run steers it, its time too.
  "--ui",
  "127.0.0.1:0",
  ...(as === "virtual" ? ["--virtual"] : []),
  ...(as === "virtual" && speed !== undefined ? ["--speed", String(speed)] : []),
  ...(capture === true ? ["--pcap", `${out}.pcapng`] : []),
];

function freeName(folder: string, name: string): string {
  const time = new Date().toISOString().replaceAll(/[:.]/g, "-").slice(0, 19);
  const plain = name.replaceAll(/[^\w.-]+/g, "-").slice(0, NAME_LENGTH_MAX);
  const there = new Set(readdirSync(folder));
  const wanted = `${time}-${plain}`;
  let run = wanted;
  for (let number = 2; there.has(run) || there.has(`${run}.yaml`); number++) run = `${wanted}-${number}`;
  return run;
}

/** What it said, without the address of its page. */
function reasonIn(text: string, file: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("page: "));
  return lines.join("\n").replaceAll(`${file}:`, "") || "the run ended at once";
}
