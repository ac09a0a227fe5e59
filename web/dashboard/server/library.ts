/** The runs in a folder: listed from what they left, opened when somebody looks at one. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { RUN_FILES } from "../../../run/recorder/index.ts";
import type { ListedRun } from "../types.ts";
import type { RunLibrary } from "./desk.ts";
import { FollowedRun } from "./followed-run.ts";
import { resultIn } from "./result-file.ts";

/** Kept open; the one that was opened first gives way. */
const OPEN_MAX = 6;
/** The newest of them. */
const LISTED_MAX = 500;
/** A journal that grew since then is of a run that goes on. */
const FRESH_MS = 15_000;

interface Opened {
  run: Promise<FollowedRun>;
  /** Of the journal: a run that took the place of another has another file. */
  file: number;
}

interface Known {
  changedMs: number;
  run: ListedRun;
}

export class FolderLibrary implements RunLibrary {
  readonly #folder: string;
  readonly #known = new Map<string, Known>();
  readonly #open = new Map<string, Opened>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The newest first. */
  list(): ListedRun[] {
    const names = this.#names().flatMap((name) => {
      const changedMs = changedMsOf(join(this.#folder, name));
      return changedMs === undefined ? [] : [{ name, changedMs }];
    });
    names.sort((a, b) => b.changedMs - a.changedMs);
    return names.slice(0, LISTED_MAX).map(({ name, changedMs }) => this.#listed(name, changedMs));
  }

  async open(name: string): Promise<FollowedRun | undefined> {
    // Only what is in the folder by this very name: no path leads out of it.
    if (!this.#names().includes(name) || changedMsOf(join(this.#folder, name)) === undefined) return undefined;
    const file = statSync(join(this.#folder, name, RUN_FILES.journal)).ino;
    const opened = this.#open.get(name);
    if (opened?.file === file) return opened.run;
    if (opened !== undefined) this.#drop(name);
    const run = FollowedRun.open(name, join(this.#folder, name));
    this.#open.set(name, { run, file });
    run.catch(() => this.#open.delete(name));
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN_MAX) this.#drop(oldest);
    return run;
  }

  report(name: string): string | undefined {
    if (!this.#names().includes(name)) return undefined;
    try {
      return readFileSync(join(this.#folder, name, RUN_FILES.report), "utf8");
    } catch {
      return undefined;
    }
  }

  close(): void {
    for (const name of this.#open.keys()) this.#drop(name);
  }

  #drop(name: string): void {
    void this.#open.get(name)?.run.then(
      (run) => run.close(),
      () => undefined,
    );
    this.#open.delete(name);
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      return [];
    }
  }

  #listed(name: string, changedMs: number): ListedRun {
    const known = this.#known.get(name);
    // A run that goes on is looked at each time.
    if (known?.changedMs === changedMs && known.run.state === "ended") return known.run;
    const run = listedRun(join(this.#folder, name), name, changedMs);
    this.#known.set(name, { changedMs, run });
    return run;
  }
}

/** Of a folder that holds a run: when it last wrote its journal or result; else undefined. */
function changedMsOf(folder: string): number | undefined {
  const journal = statSync(join(folder, RUN_FILES.journal), { throwIfNoEntry: false });
  if (journal === undefined || !existsSync(join(folder, RUN_FILES.scenario))) return undefined;
  return (statSync(join(folder, RUN_FILES.result), { throwIfNoEntry: false }) ?? journal).mtimeMs;
}

function listedRun(folder: string, name: string, changedMs: number): ListedRun {
  const hasReport = existsSync(join(folder, RUN_FILES.report));
  const scenario = scenarioIn(folder);
  const common = { name, hasReport, changedMs, scenario: scenario.name };
  const result = resultIn(folder);
  if (result === undefined) {
    const state = Date.now() - changedMs < FRESH_MS ? "running" : "cut off";
    return { ...common, state, onts: scenario.onts, committed: null, asExpected: null, seconds: null, copies: null };
  }
  const { onts, verdict, timing, downstream } = result;
  return {
    ...common,
    state: "ended",
    onts: onts.total,
    committed: onts.committed,
    asExpected: verdict.asExpected,
    seconds: timing.totalSeconds,
    copies: downstream.imageCopies,
  };
}

function scenarioIn(folder: string): { name: string; onts: number } {
  try {
    const { name, onts, pons } = parse(readFileSync(join(folder, RUN_FILES.scenario), "utf8")) as Record<
      string,
      unknown
    >;
    const count = (value: unknown): number => (typeof value === "number" ? value : 1);
    return { name: typeof name === "string" ? name : "", onts: count(onts) * count(pons) };
  } catch {
    return { name: "", onts: 0 };
  }
}
