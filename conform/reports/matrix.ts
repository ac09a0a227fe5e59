/** The catalogue put to the test: which case finds out which quirk of our own ONT. */
import type { MessageSet } from "../../omci/index.ts";
import { quirkProfiles } from "../../ont/index.ts";
import { catalogue } from "../core/catalogue/index.ts";
import { runCases } from "../core/runner.ts";
import { selectCases } from "../core/select.ts";
import { selfImages, selfTarget } from "../targets/self.ts";

/** Failed cases of one profile with the reason's key, by message set. */
export type MatrixRow = Readonly<Record<MessageSet, Readonly<Record<string, string>>>>;
/** Which cases fail for which quirk profile: profile → message set → case → reason. */
export type Matrix = Readonly<Record<string, MatrixRow>>;

/** Runs the whole catalogue against our ONT under quirk profiles. @param names all of them, unless some are named */
export async function quirkMatrix(names = Object.keys(quirkProfiles)): Promise<Matrix> {
  const self = selfImages();
  const rows: Record<string, MatrixRow> = {};
  for (const name of names) {
    const quirk = quirkProfiles[name]!;
    const failuresIn = async (messageSet: MessageSet): Promise<Record<string, string>> => {
      const cases = selectCases(catalogue, { only: [], skip: [], messageSet });
      const reports = await runCases(cases, { target: selfTarget(quirk, self), messageSet, image: self.image });
      const failed = reports.flatMap(({ id, fault }) => (fault === undefined ? [] : [[id, fault.key] as const]));
      return Object.fromEntries(failed);
    };
    rows[name] = { baseline: await failuresIn("baseline"), extended: await failuresIn("extended") };
  }
  return rows;
}
