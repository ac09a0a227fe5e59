/** The sizing model's curve for the columns of a sweep's plot: the scenario of each combination, at any x. */
import { RunInputError } from "../../run/index.ts";
import { ScenarioError } from "../../scenarios/index.ts";
import { variedColumns } from "../export/index.ts";
import { DROPPED, type Sizing, type SizingInput, sizeOf, sizingInputOf } from "../sizing/index.ts";
import { readIdentity, readSource, scenarioOf, type SweepIdentity } from "../sweep/index.ts";
import type { TableData } from "../export/index.ts";
import type { PlotValue, TheoryFor, TheoryOf } from "./picture.ts";

/** What the model says of a column of the table `sweep`. */
const MODELLED: Readonly<Record<string, (sizing: Sizing) => number>> = {
  // A run counts copies over all its ports, the model those of each.
  image_copies: ({ imageCopies, pons }) => imageCopies * pons,
  download_seconds: ({ seconds }) => seconds,
  sections: ({ sections }) => sections,
  repair_sections: ({ repairSections }) => repairSections,
  windows: ({ windows }) => windows,
  downstream_gem_bytes: ({ downstreamBytes }) => downstreamBytes,
  upstream_gem_bytes: ({ upstreamBytes }) => upstreamBytes,
  upstream_frames: ({ upstreamFrames }) => upstreamFrames,
  onts_left_group: ({ stragglers }) => stragglers,
};

/**
 * @returns what makes curves once columns are chosen
 * @throws RunInputError where the folder does not say what its scenarios are
 */
export function theoryOf(folder: string, table: TableData): TheoryFor {
  const identity = readIdentity(folder);
  const source = readSource(folder);
  const [neglected, silent] = [new Set<string>(), new Set<string>()];
  return (chosen) => {
    const yName = chosen.y === undefined ? "" : table.columns[chosen.y].name;
    const figure = MODELLED[yName];
    if (figure === undefined)
      throw new RunInputError(
        `--theory: the model says nothing of ${yName || "a distribution"}; it knows ${Object.keys(MODELLED).join(", ")}`,
      );
    const fields = variedColumns(identity);
    const fieldOf = (at: number | undefined): string | undefined =>
      at === undefined ? undefined : fields.find(({ name }) => name === table.columns[at].name)?.field;
    const [xField, seriesField, facetField] = [fieldOf(chosen.x), fieldOf(chosen.series), fieldOf(chosen.facet)];
    if (xField === undefined)
      throw new RunInputError(
        `--theory: x has to be a field that the sweep varied, not ${table.columns[chosen.x].name}`,
      );
    const of: TheoryOf = (series, facet, xs) => {
      const cell = oneCell(
        identity,
        table,
        [
          [seriesField, series],
          [facetField, facet],
        ],
        xField,
      );
      return xs.map((x) => {
        try {
          const input = sizingInputOf(scenarioOf(source, { ...cell.values, [xField]: x }, 1));
          const beyond = beyondModel(input);
          if (beyond !== undefined) {
            silent.add(beyond);
            return undefined;
          }
          const sizing = sizeOf(input);
          for (const line of sizing.neglected) neglected.add(line);
          const y = figure(sizing);
          return Number.isFinite(y) ? y : undefined;
        } catch (error) {
          // Between two values that were run may be one that no scenario allows.
          if (error instanceof ScenarioError) return undefined;
          throw error;
        }
      });
    };
    return {
      of,
      isWhole: table.columns[chosen.x].kind === "integer",
      notes: () => [
        "lines: the sizing model (docs/sizing.md), not fitted to the runs",
        ...[...silent].map((line) => `no curve: ${line}`),
        ...[...neglected].map((line) => `the model leaves out: ${line}`),
      ],
    };
  };
}

/** Where the model's figure would be that of another question. */
const beyondModel = ({ neglected }: SizingInput): string | undefined => neglected.find((line) => line === DROPPED);

type Condition = readonly [field: string | undefined, value: PlotValue];

/** A combination with these values; all that have them may differ in x only. @throws RunInputError */
function oneCell(
  { cells }: SweepIdentity,
  { rows, columns }: TableData,
  conditions: readonly Condition[],
  xField: string,
): SweepIdentity["cells"][number] {
  const cellAt = columns.findIndex(({ name }) => name === "cell");
  const there = new Set(rows.map((row) => row[cellAt]));
  const fitting = cells.filter(
    ({ index, values }) =>
      there.has(index) &&
      conditions.every(([field, value]) => field === undefined || shown(values[field]) === shown(value)),
  );
  const rest = fitting.map(({ values }) => JSON.stringify({ ...values, [xField]: undefined }));
  if (new Set(rest).size > 1)
    throw new RunInputError(
      "--theory: the combinations of one curve differ in other fields as well; name them with --series, --facet or --where",
    );
  return fitting[0];
}

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
