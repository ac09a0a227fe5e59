/** docs/scenario.md: every field of a scenario, made from the schema that reads them. */
import { type FieldInfo, scenarioFields } from "../scenarios/index.ts";
import { shortNameLines } from "../study/sweep/index.ts";

const HEAD = `# Scenarios: every field

Made from the schema by \`npm run docs\`; \`poncast scenario explain <field>\` says the same in a terminal, and an editor reads
[scenario.schema.json](../scenarios/scenario.schema.json). A scenario is a YAML file; all that is left out has its default. A field that
is not here is an error, as is a value that is not allowed: one line says where, and what is. Sizes, rates, times and chances may have a
unit, as on the command line: 32MiB or 32 MB, 20Mbit/s (or 20Mbps) or 2.5MB/s, 200ms or 1.5h, 0.1%; without one the number counts what the field's name says.

\`\`\`yaml
name: night
onts: 64
image: { bytes: 32MiB }
olt: { rateBytesPerSecond: 20Mbit/s, catchUp: { waitSeconds: 1min } }
fleet:
  - { count: 8, joinAtSeconds: 600, expect: committed }
  - {}
impairments: [{ kind: loss, chance: 0.1% }]
\`\`\`
`;

const cell = (text: string): string => text.replaceAll("|", String.raw`\|`);
const code = (text: string | undefined): string => (text === undefined ? "" : `\`${text}\``);

/** Fields of one part stand in one table. */
function topOf({ path }: FieldInfo): string {
  const [top = ""] = path.split(/[.[ ]/);
  return top;
}

export function scenarioPage(): string {
  const fields = scenarioFields();
  const holders = new Set(fields.filter(({ path }) => topOf({ path } as FieldInfo) !== path).map(topOf));
  const single = fields.filter((field) => !holders.has(topOf(field)));
  const parts = [...holders].map((top) => {
    const own = fields.find(({ path }) => path === top);
    const below = fields.filter((field) => topOf(field) === top && field.path !== top);
    return `## ${top}\n\n${own?.description ?? ""}\n\n${table(below)}`;
  });
  return [HEAD, `## The run\n\n${table(single)}`, ...parts, shortNames()].join("\n");
}

const SHORT = `## Impairments by short names, in sweeps

A sweep file takes any field by its path (\`olt.windowSections\`), and one number for an impairment by its name. It takes the place of
what the scenario has of this kind and leaves the other kinds; the first name of a kind says whether it is there at all: 0 is none.
\`\`\`yaml
matrix: { latency: [0, 5, 20], jitter: [0, 2] }
\`\`\`
`;

function shortNames(): string {
  const rows = shortNameLines().map(([name, says]) => `| \`${name}\` | ${says} |\n`);
  return `${SHORT}\n| name | its number |\n|---|---|\n${rows.join("")}`;
}

function table(fields: readonly FieldInfo[]): string {
  const rows = fields.map(({ path, description, allowed, usual }) =>
    [`\`${path}\``, cell(description), cell(allowed), code(usual)].join(" | "),
  );
  return `| field | what it says | allowed | default |\n|---|---|---|---|\n${rows.map((row) => `| ${row} |\n`).join("")}`;
}
