/** Which cases of the catalogue a run takes, by globs of their ids and by message set. */
import type { MessageSet } from "../../omci/index.ts";

/** A case, as far as it is chosen by. */
interface Selectable {
  id: string;
  only?: MessageSet;
}

export interface Selection {
  /** Globs of ids (`*` any text, `?` one character); none = all. */
  only: readonly string[];
  skip: readonly string[];
  /** Absent: cases of both. */
  messageSet?: MessageSet;
}

/** The cases of a run, in the catalogue's order. */
export function selectCases<Case extends Selectable>(
  cases: readonly Case[],
  { only, skip, messageSet }: Selection,
): Case[] {
  const isOnly = only.map(globMatcher);
  const isSkip = skip.map(globMatcher);
  return cases.filter(
    ({ id, only: set }) =>
      (set === undefined || messageSet === undefined || set === messageSet) &&
      (isOnly.length === 0 || isOnly.some((matches) => matches(id))) &&
      !isSkip.some((matches) => matches(id)),
  );
}

/** Globs that match no case of the catalogue: most likely a mistake. */
export const unmatchedGlobs = (globs: readonly string[], cases: readonly Selectable[]): string[] =>
  globs.filter((glob) => !cases.some(({ id }) => globMatcher(glob)(id)));

function globMatcher(glob: string): (id: string) => boolean {
  const pattern = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const regex = new RegExp(`^${pattern}$`);
  return (id) => regex.test(id);
}
