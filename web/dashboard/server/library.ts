/** The runs in a folder: listed from what they left, opened when somebody looks at one. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { RUN_FILES } from "../../../run/recorder/index.ts";
import type { FinishedRun, ListedSweep, SweepFacts } from "../compare-types.ts";
import type { ListedRun } from "../types.ts";
import type { RunLibrary } from "./desk.ts";
import { finishedRun } from "./finished-run.ts";
import { FollowedRun } from "./followed-run.ts";
import { listedRun } from "./listed-run.ts";
import { SweepFolders } from "./sweep-folders.ts";
import { writeTags } from "./tags.ts";

/** Kept open; the one that was opened first gives way. */
const OPEN_MAX = 6;
/** The newest of them. */
const LISTED_MAX = 500;

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
  readonly #sweeps: SweepFolders;
  readonly #known = new Map<string, Known>();
  readonly #open = new Map<string, Opened>();

  /** @param sweeps folders in which sweeps are, beside those among the runs */
  constructor(folder: string, sweeps: readonly string[] = []) {
    this.#folder = folder;
    this.#sweeps = new SweepFolders([folder, ...sweeps]);
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
    const folder = this.#folderOf(name);
    if (folder === undefined) return undefined;
    const file = statSync(join(folder, RUN_FILES.journal)).ino;
    const opened = this.#open.get(name);
    if (opened?.file === file) return opened.run;
    if (opened !== undefined) this.#drop(name);
    const run = FollowedRun.open(name, folder);
    this.#open.set(name, { run, file });
    run.catch(() => this.#open.delete(name));
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN_MAX) this.#drop(oldest);
    return run;
  }

  report(name: string): string | undefined {
    return this.#text(name, RUN_FILES.report);
  }

  scenario(name: string): string | undefined {
    return this.#text(name, RUN_FILES.scenario);
  }

  finished(name: string): FinishedRun | undefined {
    const folder = this.#folderOf(name);
    return folder === undefined ? undefined : finishedRun(folder, name);
  }

  tag(name: string, tags: readonly string[]): boolean {
    const folder = this.#folderOf(name);
    if (folder === undefined) return false;
    writeTags(folder, tags);
    this.#known.delete(name);
    return true;
  }

  sweeps(): ListedSweep[] {
    return this.#sweeps.list();
  }

  sweep(name: string): SweepFacts | undefined {
    return this.#sweeps.facts(name);
  }

  sweepReport(name: string): string | undefined {
    return this.#sweeps.report(name);
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

  #text(name: string, file: string): string | undefined {
    const folder = this.#folderOf(name);
    try {
      return folder === undefined ? undefined : readFileSync(join(folder, file), "utf8");
    } catch {
      return undefined;
    }
  }

  /** Only what is in the folder by this very name: no path leads out of it. */
  #folderOf(name: string): string | undefined {
    const folder = join(this.#folder, name);
    return this.#names().includes(name) && changedMsOf(folder) !== undefined ? folder : undefined;
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
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const journal = statSync(join(folder, RUN_FILES.journal), { throwIfNoEntry: false });
  if (journal === undefined || !existsSync(join(folder, RUN_FILES.scenario))) return undefined;
  return (statSync(join(folder, RUN_FILES.result), { throwIfNoEntry: false }) ?? journal).mtimeMs;
}
