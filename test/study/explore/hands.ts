/** The explorer, built as the command has it, or with a core that is wrong. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect } from "vitest";
import { createStream } from "../../../pon/index.ts";
import { buildExplore, type Mutant } from "../../../study/explore/build.mjs";
import type * as Explore from "../../../study/explore/index.ts";
import { removeFolder } from "../../support/folder.ts";

/** A folder of the test file that asks for it. */
export function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "poncast-explore-"));
  afterAll(() => removeFolder(folder));
  return folder;
}

/** Builds the explorer, with a core changed if asked for. */
export async function built(folder: string, name: string, mutant?: Mutant): Promise<typeof Explore> {
  const outfile = join(folder, `${name}.mjs`);
  await buildExplore({ entry: "index.ts", outfile, mutant });
  return (await import(pathToFileURL(outfile).href)) as typeof Explore;
}

export const one = { mode: "multicast", recovery: "parity", messageSet: "extended", onts: 1 } as const;
export const NO_LIMIT = { faultsMax: 1, statesMax: Infinity, goesOn: () => true };

/** Defects put into the cores. */
export const MUTANTS: Record<string, Mutant & { found: RegExp }> = {
  "an image that keeps its valid flag while it is overwritten": {
    file: "ont/core/download.ts",
    from: "if (replaced !== null) context.adoptRecord(withImage(record, slot, null));",
    to: "",
    found: /^Violation: an image is valid only with the bytes/,
  },
  "a Commit that is answered before it is on stable storage": {
    file: "ont/core/activation.ts",
    from: 'context.waits.set(context.writeRecord(record), { kind: "committed", record, request });',
    to: "context.adoptRecord(record); handleCommitted(context, nowNs, record, request);",
    found: /^end: ONT 0 runs its old image, and the OLT calls it committed$/,
  },
  "a group that waits for its answers for ever": {
    file: "olt/core/group-rounds.ts",
    from: "this.#leftDeadlineNs = this.#answers.sent(nowNs, this.#rounds === 1);",
    to: "this.#leftDeadlineNs = this.#answers.sent(nowNs, this.#rounds === 1) + 1e18;",
    found: /^bounds: a deadline in /,
  },
  "a request that is not repeated": {
    file: "olt/core/request.ts",
    from: "    this.send();\n    return false;",
    to: "    this.#setDeadline(Infinity);\n    return false;",
    found: /^end: nothing is left to happen, and the OLT is not done$/,
  },
};

/** That a search finds what is wrong, and its path leads there again. */
export async function expectFound(folder: string, name: string): Promise<void> {
  const { found: expected, ...mutant } = MUTANTS[name]!;
  const wrong = await built(folder, name.replaceAll(" ", "-"), mutant);
  const { violation } = wrong.search(new wrong.Model(one), NO_LIMIT);
  expect(violation?.problem).toMatch(expected);
  const path = violation?.path ?? [];
  const again = wrong.replay(one, path);
  expect(again.problem).toBe(violation?.problem);
  expect(again.lines).toHaveLength(path.length);
}

/**
 * Two states that are taken for one have to do the same, whatever happens then: else a search would leave something out.
 *
 * @param faultsMax of the search that has taken states for one
 */
export function expectAlike(explore: typeof Explore, faultsMax: number, walks: number): void {
  const model = new explore.Model(one);
  explore.search(model, { ...NO_LIMIT, faultsMax });
  const stream = createStream(1, "explore/walks");
  for (let walk = 0; walk < walks; walk++) {
    const alone = new explore.Model(one, false);
    const [row, rowAlone] = [model.first(), alone.first()];
    for (let faults = 0; ;) {
      const actions = model.actions(row, faults === 0, "later");
      expect(alone.actions(rowAlone, faults === 0, "later")).toEqual(actions);
      expect(explore.outcomesOf(alone, rowAlone)).toEqual(explore.outcomesOf(model, row));
      // Faults are seldom, so that they come late as often as early.
      const usual = actions.filter((each) => !model.isFault(each));
      if (usual.length === 0) break;
      const pool = stream.nextBelow(20) > 0 ? usual : actions;
      const action = pool[stream.nextBelow(pool.length)];
      if (model.isFault(action)) faults++;
      expect(model.apply(row, action)).toBe(true);
      expect(alone.apply(rowAlone, action)).toBe(true);
    }
  }
}
