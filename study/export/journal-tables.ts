/** The tables that a run's journal makes, record by record. */
import type { OltEvent } from "../../olt/core/types.ts";
import type { OntEvent } from "../../ont/core/types.ts";
import type { JournalRecord } from "../../run/journal/index.ts";
import { type OfRun, runColumn } from "./run-tables.ts";
import type { Column, ExportTable } from "./types.ts";

const NS_PER_SECOND = 1e9;
const seconds = (ns: number): number => ns / NS_PER_SECOND;

/** A row from the journal. */
export interface EventRow<Event> extends OfRun {
  timeNs: number;
  /** Of the ONT; undefined where the event is about a group, or all. */
  ont: number | undefined;
  event: Event;
}

const timeColumn: Column<EventRow<unknown>> = {
  name: "time_seconds",
  kind: "number",
  about: "after the start of the run",
  value: ({ timeNs }) => seconds(timeNs),
};

const ontColumn = (about: string): Column<EventRow<unknown>> => ({
  name: "ont",
  kind: "integer",
  about,
  value: ({ ont }) => ont ?? null,
});

type WindowSend = Extract<OltEvent, { type: "windowSent" | "repair" }>;

export const SENDS: ExportTable<EventRow<WindowSend>> = {
  name: "sends",
  about: "a window, or what mends one, as the OLT sends it",
  columns: [
    runColumn,
    timeColumn,
    ontColumn("to this ONT alone; missing: to a group"),
    { name: "window", kind: "integer", about: "counted from 0 in its pass", value: ({ event }) => event.window },
    {
      name: "kind",
      kind: "text",
      about: "`first`, or why it is sent again: `missing` (sections) or `silent` (no answer)",
      value: ({ event }) => (event.type === "repair" ? event.reason : "first"),
    },
    { name: "sections", kind: "integer", about: "sections of the image", value: ({ event }) => event.sections },
    { name: "parity_sections", kind: "integer", about: "parity sections", value: ({ event }) => event.paritySections },
  ],
};

export const ANSWERS: ExportTable<EventRow<Extract<OltEvent, { type: "windowAnswered" }>>> = {
  name: "answers",
  about: "an ONT's answer to a window, as the OLT has it",
  columns: [
    runColumn,
    timeColumn,
    ontColumn("whose answer"),
    { name: "window", kind: "integer", about: "counted from 0 in its pass", value: ({ event }) => event.window },
    {
      name: "answer_seconds",
      kind: "number",
      about: "from the window's last section to this answer",
      value: ({ event }) => seconds(event.answerNs),
    },
  ],
};

type Reception = Extract<OntEvent, { type: "windowAccepted" | "windowRefused" }>;

export const RECEPTIONS: ExportTable<EventRow<Reception>> = {
  name: "receptions",
  about: "a window as an ONT took it, or refused it for missing sections",
  columns: [
    runColumn,
    timeColumn,
    ontColumn("number in the scenario"),
    { name: "window", kind: "integer", about: "counted from 0 in its download", value: ({ event }) => event.window },
    {
      name: "is_accepted",
      kind: "boolean",
      about: "it was whole, or made whole",
      value: ({ event }) => event.type === "windowAccepted",
    },
    {
      name: "sections",
      kind: "integer",
      about: "sections of the window; missing where it was refused",
      value: ({ event }) => (event.type === "windowAccepted" ? event.sections : null),
    },
    {
      name: "lost_sections",
      kind: "integer",
      about: "sections that it had lost until then; of a refusal those that are missing still",
      value: ({ event }) => (event.type === "windowAccepted" ? event.lostSections : event.missingSections),
    },
    {
      name: "repaired_sections",
      kind: "integer",
      about: "of these, made from parity; missing where it was refused",
      value: ({ event }) => (event.type === "windowAccepted" ? event.repairedSections : null),
    },
  ],
};

export const STATES: ExportTable<EventRow<Extract<OntEvent, { type: "state" }>>> = {
  name: "states",
  about: "a change of an ONT's update state",
  columns: [
    runColumn,
    timeColumn,
    ontColumn("number in the scenario"),
    { name: "state", kind: "text", about: "from here on", value: ({ event }) => event.state },
    {
      name: "cause",
      kind: "text",
      about: "of a failure or a fall-back, else empty",
      value: ({ event }) => event.cause ?? "",
    },
  ],
};

export const TRAFFIC: ExportTable<EventRow<Extract<OltEvent, { type: "traffic" }>>> = {
  name: "traffic",
  about: "what passed over a port in an interval",
  columns: [
    runColumn,
    {
      name: "from_seconds",
      kind: "number",
      about: "after the start of the run",
      value: ({ event }) => seconds(event.fromNs),
    },
    { name: "to_seconds", kind: "number", about: "end of the interval", value: ({ event }) => seconds(event.toNs) },
    {
      name: "downstream_bytes",
      kind: "integer",
      about: "GEM frames to ONTs",
      value: ({ event }) => event.downstreamBytes,
    },
    {
      name: "upstream_bytes",
      kind: "integer",
      about: "GEM frames from ONTs",
      value: ({ event }) => event.upstreamBytes,
    },
  ],
};

/** A row that a record of the journal makes. */
export type JournalRow =
  | { table: typeof SENDS; row: EventRow<WindowSend> }
  | { table: typeof ANSWERS; row: EventRow<Extract<OltEvent, { type: "windowAnswered" }>> }
  | { table: typeof RECEPTIONS; row: EventRow<Reception> }
  | { table: typeof STATES; row: EventRow<Extract<OntEvent, { type: "state" }>> }
  | { table: typeof TRAFFIC; row: EventRow<Extract<OltEvent, { type: "traffic" }>> };

export const JOURNAL_TABLES = [SENDS, ANSWERS, RECEPTIONS, STATES, TRAFFIC] as const;

/** @returns undefined for a record that is in no table */
export function rowOfRecord(run: string, record: JournalRecord): JournalRow | undefined {
  if (record.from === "run") return undefined;
  const { timeNs, ont } = record;
  if (record.from === "ont") {
    const { event } = record;
    if (event.type === "windowAccepted" || event.type === "windowRefused")
      return { table: RECEPTIONS, row: { run, timeNs, ont, event } };
    return event.type === "state" ? { table: STATES, row: { run, timeNs, ont, event } } : undefined;
  }
  const { event } = record;
  if (event.type === "windowSent" || event.type === "repair") return { table: SENDS, row: { run, timeNs, ont, event } };
  if (event.type === "windowAnswered") return { table: ANSWERS, row: { run, timeNs, ont, event } };
  return event.type === "traffic" ? { table: TRAFFIC, row: { run, timeNs, ont, event } } : undefined;
}
