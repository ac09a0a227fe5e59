/** What the result in a run's folder says of it, as runs are compared. */
import { figuresOf } from "../../../run/result/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import type { FinishedRun } from "../compare-types.ts";
import { resultIn } from "./result-file.ts";

/** The rest is told as a number. */
const PASSES_MAX = 500;

/** @returns undefined where there is no result */
export function finishedRun(folder: string, name: string): FinishedRun | undefined {
  const result = resultIn(folder);
  if (result === undefined) return undefined;
  const { verdict, poncast, ontResults, groups, onts, image, seed, clock } = result;
  const scenario = result.scenario as Scenario;
  const { modelCopies: copies, modelSeconds: seconds } = verdict;
  return {
    name,
    scenario: scenario.name,
    question: scenario.question,
    clock,
    seed,
    version: [poncast.version, poncast.commit].filter((part) => part !== "").join("+"),
    asExpected: verdict.asExpected,
    reasons: verdict.reasons,
    model: copies === null || seconds === null ? null : { copies, seconds },
    figures: figuresOf(result),
    onts: onts.total,
    imageBytes: image.bytes,
    fields: fieldsIn(scenario),
    downloads: ontResults.flatMap(({ downloadSeconds }) => downloadSeconds ?? []).sort((a, b) => a - b),
    passes: groups.slice(0, PASSES_MAX),
    passesMore: Math.max(0, groups.length - PASSES_MAX),
  };
}

/** `olt.windowSections` and the like; lists stay whole where they hold no fields. */
export function fieldsIn(value: unknown, path = ""): Record<string, unknown> {
  const isList = Array.isArray(value);
  const holdsFields = isList ? value.some((item) => typeof item === "object" && item !== null) : true;
  if (typeof value !== "object" || value === null || !holdsFields) return { [path]: value };
  const parts = Object.entries(value).map(([step, inner]) => {
    const at = isList ? `${path}[${step}]` : path === "" ? step : `${path}.${step}`;
    return fieldsIn(inner, at);
  });
  return Object.assign({}, ...parts) as Record<string, unknown>;
}
