/**
 * The journal of a run: every event of the run, the OLT and all ONTs, written while it goes on and read back
 * afterwards.
 */
export { JOURNAL_SCHEMA, JournalError } from "./types.ts";
export type { JournalEntry, JournalHeader, JournalRecord, RunEvent } from "./types.ts";
export { JournalWriter, openJournal, type JournalFile, type JournalSink, type RecordListener } from "./writer.ts";
export { JournalReader } from "./reader.ts";
