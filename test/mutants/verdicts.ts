/** What came of the mutants: a table, figures for each room, and what is not as it has to be. */
import { alignedText, percentText } from "../../base/text/index.ts";
import type { Mutant } from "./mutants.ts";
import type { Verdict } from "./trial.ts";

export interface Tried {
  mutant: Mutant;
  verdict: Verdict;
  seconds: number;
}

/** Share of all mutants that has to be killed. */
const KILLED_LEAST = 0.9;
const TEST_CHARACTERS_MAX = 110;
const MS_PER_SECOND = 1000;

const isKilled = ({ verdict }: Tried): boolean => verdict.kind === "killed" || verdict.kind === "timedOut";

function verdictText({ mutant, verdict }: Tried): string {
  switch (verdict.kind) {
    case "killed":
      return `killed by ${verdict.by.slice(0, TEST_CHARACTERS_MAX)}`;
    case "timedOut":
      return `killed: it went on for longer than ${Math.round(verdict.limitMs / MS_PER_SECOND)} s`;
    case "survived":
      return mutant.explained === undefined ? "SURVIVED" : `survived: ${mutant.explained}`;
    case "notLoaded":
      return `SURVIVED: no test loads ${mutant.file}`;
    case "broken":
      return `NOT TRIED: ${verdict.why}`;
  }
}

export const verdictLine = (tried: Tried): string =>
  `${tried.mutant.id} (${tried.seconds.toFixed(1)} s): ${verdictText(tried)}`;

export const listText = (mutants: readonly Mutant[]): string =>
  alignedText(mutants.map(({ id, file, breaks }) => [id, file, breaks]));

/** Mutants in their order, then each room, then all. */
export function verdictsText(tried: readonly Tried[]): string {
  const rows = tried.map((each) => [each.mutant.id, `${each.seconds.toFixed(1)} s`, verdictText(each)]);
  const figures = (name: string, of: readonly Tried[]): string[] => {
    const killed = of.filter(isKilled).length;
    return [name, String(of.length), String(killed), String(of.length - killed), percentText(killed / of.length)];
  };
  const rooms = [...new Set(tried.map(({ mutant }) => mutant.room))];
  const sums = [
    ["room", "mutants", "killed", "survived", "share"],
    ...rooms.map((room) =>
      figures(
        room,
        tried.filter(({ mutant }) => mutant.room === room),
      ),
    ),
    figures("all", tried),
  ];
  const align = ["left", "right", "right", "right", "right"] as const;
  return `${alignedText(rows, ["left", "right", "left"])}\n\n${alignedText(sums, align)}`;
}

/** What is not as it has to be, a line each. @param isWhole all mutants were tried: the share counts */
export function complaintsOf(tried: readonly Tried[], isWhole: boolean): string[] {
  const killed = tried.filter(isKilled).length;
  const isTooFew = isWhole && killed < KILLED_LEAST * tried.length;
  const share = percentText(killed / tried.length);
  return [
    ...(isTooFew ? [`${share} killed; at least ${percentText(KILLED_LEAST)} have to be`] : []),
    ...tried
      .filter((each) => !isKilled(each) && (each.mutant.explained === undefined || each.verdict.kind !== "survived"))
      .map(({ mutant }) => `${mutant.id} survives, and nothing explains it: ${mutant.breaks}`),
    ...tried
      .filter((each) => isKilled(each) && each.mutant.explained !== undefined)
      .map(({ mutant }) => `${mutant.id} is killed, and its data explain why it survives`),
  ];
}
