/** The runs of a sweep as one table: what was varied, then the figures. */
import { FIGURES } from "../../run/result/index.ts";
import type { RunRecord, SweepIdentity } from "../sweep/index.ts";
import { FIGURE_COLUMNS } from "./figure-columns.ts";
import type { Column, ColumnKind, ExportTable } from "./types.ts";

const NAME = "sweep";
const ABOUT = "a run of a sweep: one combination with one seed";

const FRONT: readonly Column<RunRecord>[] = [
  { name: "index", kind: "integer", about: "place in the whole sweep", value: ({ index }) => index },
  { name: "cell", kind: "integer", about: "its combination, counted from 0", value: ({ cell }) => cell },
  {
    name: "seed",
    kind: "integer",
    about: "the same in all combinations: rows of one seed are a pair",
    value: ({ seed }) => seed,
  },
];

const BEHIND: readonly Column<RunRecord>[] = [
  ...FIGURES.map((figure): Column<RunRecord> => {
    const [name, kind, about] = FIGURE_COLUMNS[figure];
    return { name, kind, about, value: ({ figures }) => figures[figure] ?? null };
  }),
  {
    name: "as_expected",
    kind: "boolean",
    about: "each ONT ended as the scenario expects",
    value: ({ exitCode }) => exitCode === 0,
  },
  { name: "reasons", kind: "text", about: "why not; empty: it did", value: ({ reasons }) => reasons.join("; ") },
];

/** What all sweeps have; what was varied stands between, by the names that the sweep file has for it. */
export const SWEEP_RUNS: ExportTable<RunRecord> = { name: NAME, about: ABOUT, columns: [...FRONT, ...BEHIND] };

/** What a sweep varied: column of its table, and field as the sweep file has it. */
export function variedColumns({ cells }: Pick<SweepIdentity, "cells">): { name: string; field: string }[] {
  const taken = new Set(SWEEP_RUNS.columns.map(({ name }) => name));
  return Object.keys(cells[0]?.values ?? {}).map((field) => {
    const plain = columnName(field);
    const name = taken.has(plain) ? `varied_${plain}` : plain;
    taken.add(name);
    return { name, field };
  });
}

/** The table of one sweep. */
export function sweepTable({ cells }: Pick<SweepIdentity, "cells">): ExportTable<RunRecord> {
  const varied = variedColumns({ cells }).map(({ name, field }): Column<RunRecord> => {
    const kind = kindOf(cells.map(({ values }) => values[field]));
    const value = ({ values }: RunRecord): string | number | boolean | null => asColumn(values[field], kind);
    return { name, kind, about: `${field} of the scenario`, value };
  });
  return { ...SWEEP_RUNS, columns: [...FRONT, ...varied, ...BEHIND] };
}

/** `olt.windowSections` is `olt_window_sections`. */
const columnName = (field: string): string =>
  field
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/[^A-Za-z\d]+/g, "_")
    .toLowerCase();

function kindOf(values: readonly unknown[]): ColumnKind {
  if (values.every((value) => typeof value === "boolean")) return "boolean";
  if (!values.every((value) => typeof value === "number")) return "text";
  return values.every((value) => Number.isSafeInteger(value)) ? "integer" : "number";
}

function asColumn(value: unknown, kind: ColumnKind): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (kind !== "text") return value as number | boolean;
  return typeof value === "string" ? value : JSON.stringify(value);
}
