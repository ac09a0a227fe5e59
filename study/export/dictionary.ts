/** The data dictionary, docs/data.md: made from the tables themselves. */
import { markdownTable } from "../../base/text/index.ts";
import { FRAMES } from "./frame-table.ts";
import { JOURNAL_TABLES } from "./journal-tables.ts";
import { GROUPS, ONTS, RUNS } from "./run-tables.ts";
import { SWEEP_RUNS } from "./sweep-table.ts";
import type { ColumnKind, ExportTable } from "./types.ts";

const KIND_WORDS: Readonly<Record<ColumnKind, string>> = {
  integer: "integer (INT64)",
  number: "number (DOUBLE)",
  boolean: "true or false (BOOLEAN)",
  text: "text (STRING)",
};

const HEAD = `# Data of runs and sweeps

\`poncast export <folder>\` writes what a run or a sweep has left as tidy tables: one row for each observation, one column for
each variable, units last in the names. This page is made from the code that writes them.

\`\`\`console
$ npx poncast run --virtual --out night --pcap night.pcapng
$ npx poncast export night                                  # Parquet and CSV, in night/data
$ npx poncast export night --format jsonl --frames night.pcapng
$ npx poncast export study --out for-r                      # a sweep: one row a run
\`\`\`

- **Parquet**: typed, compressed (Snappy); version, commit, seed, SHA-256 of the scenario and the command that makes the run again
  are in the key-value metadata of each file (\`poncast.version\`, \`poncast.commit\`, \`poncast.seed\`, \`poncast.scenario_sha256\`,
  \`poncast.replay\`). The same is in \`metadata.json\` beside the files, with the number of rows of each table.
- **CSV**: RFC 4180, UTF-8, names in the first line, a missing value is empty, \`true\` and \`false\`. Text that a spreadsheet would carry
  out has an apostrophe in front.
- **JSON lines**: an object a line, a missing value is null. Every event of a run, also those that are in no table: \`poncast journal --json\`.
- Times are seconds after the start of the run unless the column says otherwise. In real processes they measure this machine.

\`\`\`python
import pandas
onts = pandas.read_csv("night/data/onts.csv")         # or read_parquet, where pyarrow is
print(onts.download_seconds.describe())
\`\`\`

\`\`\`r
onts <- read.csv("night/data/onts.csv")
plot(ecdf(onts$download_seconds))
\`\`\`
`;

export function dataDictionary(): string {
  const tables: readonly ExportTable<never>[] = [RUNS, ONTS, GROUPS, ...JOURNAL_TABLES, FRAMES, SWEEP_RUNS];
  return `${HEAD}\n${tables.map(section).join("\n")}`;
}

/** What is only there when it is asked for, or belongs to sweeps. */
const NOTES: Readonly<Record<string, string>> = {
  frames: "With `--frames` only: from a capture, as `run --pcap` writes it.",
  sweep:
    "Of a sweep. Columns for what was varied stand behind `seed`, by their names in the sweep file: `olt.windowSections` is `olt_window_sections`.",
};

function section({ name, about, columns }: ExportTable<never>): string {
  const rows = columns.map((column) => [`\`${column.name}\``, KIND_WORDS[column.kind], column.about]);
  const note = NOTES[name] === undefined ? "" : ` ${NOTES[name]}`;
  return `## ${name}\n\nA row is ${about}.${note}\n\n${markdownTable(["column", "kind", "what it is"], rows, { align: ["left", "left", "left"] })}\n`;
}
