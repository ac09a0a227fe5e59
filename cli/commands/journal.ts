/** `poncast journal`: prints the events of a run, as lines or JSON. */
import type { Command } from "commander";
import { JournalReader, type JournalRecord } from "../../run/journal/index.ts";
import { UsageError } from "../errors.ts";
import { print } from "../print.ts";

export function journalCommand(program: Command): void {
  program
    .command("journal")
    .description("print the events of a run: every ONT's, the OLT's and the runner's, in order")
    .argument("<file>", "journal.binpb of a run folder")
    .option("--json", "one JSON object a line, the header first")
    .option("--ont <number>", "events of one ONT only")
    .action(async (file: string, flags: { json?: boolean; ont?: string }) => {
      await printJournal(file, flags.json === true, flags.ont === undefined ? undefined : Number(flags.ont));
    });
}

async function printJournal(file: string, json: boolean, ont: number | undefined): Promise<void> {
  if (ont !== undefined && !(Number.isInteger(ont) && ont >= 0))
    throw new UsageError("--ont: the number of an ONT is needed, from 0");
  const reader = await JournalReader.open(file);
  const { header } = reader;
  if (json) await write(`${JSON.stringify(header)}\n`);
  else
    await write(
      `${header.scenario}, poncast ${header.version}${header.commit === "" ? "" : ` (${header.commit})`}, seed ${header.seed}, ${header.onts} ONTs, ${header.clock} clock; again: ${header.replay}\n`,
    );
  for await (const record of reader) {
    if (ont !== undefined && ontOf(record) !== ont) continue;
    await write(json ? `${JSON.stringify(record)}\n` : `${lineOf(record)}\n`);
  }
  if (reader.cutOffBytes > 0 && !json)
    await write(`(the journal ends within a record: ${reader.cutOffBytes} bytes are left over)\n`);
}

/** ONT of a record; an OLT's event belongs to the ONT whose ONU-ID it names. */
function ontOf(record: JournalRecord): number | undefined {
  if (record.from === "ont" || record.from === "agent") return record.ont;
  if (record.from === "olt") return "onuId" in record.event ? record.event.onuId : undefined;
  return "ont" in record.event ? record.event.ont : undefined;
}

const NS_PER_SECOND = 1e9;

function lineOf(record: JournalRecord): string {
  const { type, ...fields } = record.event;
  const { from } = record;
  const who = from === "ont" ? `ONT ${record.ont}` : from === "agent" ? `agent ${record.ont}` : from;
  const texts = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : String(value)}`,
  );
  return `${(record.timeNs / NS_PER_SECOND).toFixed(6).padStart(12)}  ${who.padEnd(8)} ${type.padEnd(16)} ${texts.join(" ")}`.trimEnd();
}

/** Waits for a slow reader: a journal may be long. */
function write(text: string): Promise<void> | void {
  if (print(text)) return;
  return new Promise((resolve) => process.stdout.once("drain", resolve));
}
