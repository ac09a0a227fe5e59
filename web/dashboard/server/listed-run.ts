/** A run as it stands in a list: from its scenario, and its result where it has one. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { RUN_FILES } from "../../../run/recorder/index.ts";
import type { ListedRun } from "../types.ts";
import { resultIn } from "./result-file.ts";
import { readTags } from "./tags.ts";

/** A journal that grew since then is of a run that goes on. */
const FRESH_MS = 15_000;

/** @param changedMs when it last wrote something, ms since 1970 */
export function listedRun(folder: string, name: string, changedMs: number): ListedRun {
  const hasReport = existsSync(join(folder, RUN_FILES.report));
  const { scenario, onts, kinds } = scenarioIn(folder);
  const common = { name, hasReport, changedMs, scenario, tags: readTags(folder) };
  const result = resultIn(folder);
  if (result === undefined) {
    const state = Date.now() - changedMs < FRESH_MS ? "running" : "cut off";
    return { ...common, kinds, state, onts, committed: null, asExpected: null, seconds: null, copies: null };
  }
  const { verdict, timing, downstream, clock } = result;
  return {
    ...common,
    kinds: [...kinds, clock === "virtual" ? "virtual" : "processes"],
    state: "ended",
    onts: result.onts.total,
    committed: result.onts.committed,
    asExpected: verdict.asExpected,
    seconds: timing.totalSeconds,
    copies: downstream.imageCopies,
  };
}

/** What of a resolved scenario is read here. */
interface ScenarioText {
  name?: unknown;
  onts?: unknown;
  pons?: unknown;
  road?: unknown;
  olt?: { mode?: unknown; recovery?: unknown };
}

function scenarioIn(folder: string): { scenario: string; onts: number; kinds: string[] } {
  try {
    const { name, onts, pons, road, olt } = parse(
      readFileSync(join(folder, RUN_FILES.scenario), "utf8"),
    ) as ScenarioText;
    const count = (value: unknown): number => (typeof value === "number" ? value : 1);
    const ways = road === "omci" ? [olt?.mode, olt?.mode === "multicast" ? olt.recovery : undefined] : [road];
    return {
      scenario: typeof name === "string" ? name : "",
      onts: count(onts) * count(pons),
      kinds: ways.filter((way) => typeof way === "string"),
    };
  } catch {
    return { scenario: "", onts: 0, kinds: [] };
  }
}
