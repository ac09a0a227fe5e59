/** `poncast scenario explain`: what the fields of a scenario say, from the schema that reads them. */
import type { Command } from "commander";
import { wrap } from "../../base/terminal/index.ts";
import { type FieldInfo, fieldsAt, scenarioFields, suggestion } from "../../scenarios/index.ts";
import { UsageError } from "../errors.ts";
import { print } from "../print.ts";

const COLUMNS_DEFAULT = 100;
const INDENT = "    ";

export function scenarioCommand(program: Command): void {
  const scenario = program.command("scenario").description("what a scenario may say");
  scenario
    .command("explain")
    .description("a field of a scenario, or a part of one: what it says, what it may be, what it is when left out")
    .argument("[field]", "such as olt.catchUp or impairments; without one, all fields in a line each")
    .option("--json", "as JSON")
    .action((name: string | undefined, { json = false }: { json?: boolean }) => {
      const fields = name === undefined ? scenarioFields() : explained(name);
      if (json) print(`${JSON.stringify(fields)}\n`);
      else if (name === undefined) print(listOf(fields));
      else print(fields.map((field) => textOf(field, process.stdout.columns ?? COLUMNS_DEFAULT)).join("\n"));
    });
}

function explained(name: string): FieldInfo[] {
  const found = fieldsAt(name);
  if (found.length > 0) return found;
  const near = suggestion(
    name,
    scenarioFields().map(({ path }) => path),
  );
  throw new UsageError(
    `${name}: no such field; ${near === undefined ? "`poncast scenario explain` lists them" : `did you mean ${near}?`}`,
  );
}

function listOf(fields: readonly FieldInfo[]): string {
  const width = Math.max(...fields.map(({ path }) => path.length));
  return fields.map(({ path, description }) => `${path.padEnd(width)}  ${description}\n`).join("");
}

function textOf({ path, description, allowed, usual, example }: FieldInfo, columns: number): string {
  const lines = [
    ...wrap(description, columns - INDENT.length),
    ...(allowed === "" ? [] : wrap(`allowed: ${allowed}`, columns - INDENT.length)),
    ...(usual === undefined ? [] : [`default: ${usual}`]),
    ...(example === undefined ? [] : [`example: ${example}`]),
  ];
  return `${path}\n${lines.map((line) => `${INDENT}${line}\n`).join("")}`;
}
