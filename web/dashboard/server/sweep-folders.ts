/** Sweeps in folders: listed from what they left, read when somebody looks at one. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { RUN_FILES } from "../../../run/recorder/index.ts";
import { readIdentity, readRuns, statsOf, SWEEP_FILES } from "../../../study/sweep/index.ts";
import type { ListedSweep, SweepFacts } from "../compare-types.ts";

const LISTED_MAX = 200;
/** As many points as somebody could look at; the rest is in stats.csv. */
const CELLS_MAX = 2000;

interface Known {
  changedMs: number;
  sweep: ListedSweep;
}

export class SweepFolders {
  readonly #folders: readonly string[];
  readonly #known = new Map<string, Known>();

  /** @param folders in which sweeps are; of two of one name the first counts */
  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** The newest first. */
  list(): ListedSweep[] {
    const found = [...this.#places()].flatMap(([name, folder]) => this.#listed(name, folder) ?? []);
    return found.sort((a, b) => b.changedMs - a.changedMs).slice(0, LISTED_MAX);
  }

  facts(name: string): SweepFacts | undefined {
    const folder = this.#places().get(name);
    const listed = folder === undefined ? undefined : this.#listed(name, folder);
    if (folder === undefined || listed === undefined) return undefined;
    const { cells } = readIdentity(folder);
    const stats = statsOf(
      cells.slice(0, CELLS_MAX),
      readRuns(folder).filter(({ cell }) => cell < CELLS_MAX),
    );
    return { ...listed, stats, cellsMore: Math.max(0, cells.length - CELLS_MAX) };
  }

  report(name: string): string | undefined {
    const folder = this.#places().get(name);
    try {
      return folder === undefined ? undefined : readFileSync(join(folder, RUN_FILES.report), "utf8");
    } catch {
      return undefined;
    }
  }

  /** Folders by name that hold a sweep: no path leads out of them. */
  #places(): Map<string, string> {
    const places = new Map<string, string>();
    for (const parent of this.#folders)
      for (const name of namesIn(parent)) {
        const folder = join(parent, name);
        if (!places.has(name) && existsSync(join(folder, SWEEP_FILES.plan))) places.set(name, folder);
      }
    return places;
  }

  #listed(name: string, folder: string): ListedSweep | undefined {
    const runs = statSync(join(folder, SWEEP_FILES.runs), { throwIfNoEntry: false });
    const changedMs = (runs ?? statSync(join(folder, SWEEP_FILES.plan))).mtimeMs;
    const known = this.#known.get(folder);
    if (known?.changedMs === changedMs) return known.sweep;
    try {
      const { name: title, question, version, cells, seeds } = readIdentity(folder);
      const sweep = {
        name,
        title,
        question,
        version,
        cells: cells.length,
        seeds,
        runs: readRuns(folder).length,
        hasReport: existsSync(join(folder, RUN_FILES.report)),
        changedMs,
      };
      this.#known.set(folder, { changedMs, sweep });
      return sweep;
    } catch {
      // Somebody writes it just now, or it is none of ours.
      return undefined;
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
