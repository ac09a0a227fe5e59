/** Journals survive the way to the file and back, being cut off anywhere, and their own size limit. */
import { InputError } from "../../../base/errors/index.ts";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import {
  JOURNAL_SCHEMA,
  type JournalHeader,
  JournalReader,
  type JournalRecord,
  JournalWriter,
  openJournal,
} from "../../../run/journal/index.ts";
import { removeFolder } from "../../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-journal-"));
afterAll(() => removeFolder(folder));

const header: JournalHeader = {
  schema: JOURNAL_SCHEMA,
  version: "0.1.0",
  commit: "0123456789ab",
  scenario: "default",
  seed: 2 ** 53 - 1,
  clock: "virtual",
  replay: "poncast run scenario.yaml",
  onts: 128,
};

const text = fc.string({ maxLength: 40 });
const count = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const onuId = fc.integer({ min: -1, max: 253 });
const flag = fc.boolean();
const image = fc.record({
  version: text,
  productCode: text,
  imageBytes: fc.maxSafeNat(),
  crc32: count,
  sha256: text,
  md5: text,
});

/** Every event there is, by hand: the layout is held to this list, not to itself. */
const oltEvents = [
  { type: "ranged", onuId, serial: text },
  { type: "phase", onuId, phase: text, cause: text },
  { type: "runPhase", phase: text, reason: text },
  { type: "windowSent", window: count, sections: count, paritySections: count, onuId },
  { type: "windowAnswered", window: count, answerNs: fc.maxSafeNat(), onuId },
  { type: "windowDone", window: count, rounds: count, onuId },
  { type: "repair", window: count, reason: text, sections: count, paritySections: count, onuId },
  { type: "leftGroup", onuId, window: count, cause: text },
  { type: "retry", onuId, message: text, send: count },
  { type: "dropped", onuId, cause: text },
  { type: "traffic", fromNs: count, toNs: count, downstreamBytes: count, upstreamBytes: count },
];
const ontEvents = [
  { type: "state", state: text },
  { type: "state", state: text, cause: text },
  { type: "offline", reason: text },
  { type: "online", activeSlot: count },
  { type: "bootAttempt", slot: count, attempt: count },
  { type: "bootFailed", slot: count, attempt: count, how: text },
  { type: "fellBack", from: count, to: count },
  { type: "diagnostic", cause: text },
  {
    type: "windowAccepted",
    window: count,
    sections: count,
    lostSections: count,
    repairedSections: count,
  },
  { type: "windowRefused", window: count, missingSections: count },
  { type: "imageRefused", cause: text, window: count },
  { type: "imageStored", slot: count, image },
  { type: "dropped", cause: text },
  { type: "dropped", cause: text, count },
];
const agentEvents = [
  { type: "state", state: text },
  { type: "state", state: text, cause: text },
  { type: "transfer", offsetBytes: fc.maxSafeNat(), imageBytes: fc.maxSafeNat() },
  { type: "reported", execution: text, finished: text },
  { type: "dropped", cause: text },
];
const code = fc.integer({ min: -1, max: 255 });
const runEvents = [
  { type: "oltStarted", start: count },
  { type: "oltEnded", code, signal: text, expected: flag },
  { type: "ontStarted", ont: count, start: count },
  { type: "ontEnded", ont: count, code, signal: text, expected: flag },
  { type: "powerCut", ont: count, reason: text },
  { type: "powerRestored", ont: count },
  { type: "ontGivenUp", ont: count, cause: text },
  { type: "note", text },
  { type: "ended", outcome: text, exitCode: code },
];

function arbitraryOf(fields: Record<string, unknown>): fc.Arbitrary<unknown> {
  const arbitraries = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === "string" ? fc.constant(value) : (value as fc.Arbitrary<unknown>),
  ]);
  return fc.record(Object.fromEntries(arbitraries) as Record<string, fc.Arbitrary<unknown>>);
}

const anyOf = (events: Record<string, unknown>[]): fc.Arbitrary<unknown> => fc.oneof(...events.map(arbitraryOf));
const records = fc.oneof(
  fc.record({ timeNs: fc.maxSafeNat(), from: fc.constant("olt"), event: anyOf(oltEvents) }),
  fc.record({ timeNs: fc.maxSafeNat(), from: fc.constant("olt"), ont: count, event: anyOf(oltEvents) }),
  fc.record({
    timeNs: fc.maxSafeNat(),
    from: fc.constant("ont"),
    ont: count,
    event: anyOf(ontEvents),
  }),
  fc.record({ timeNs: fc.maxSafeNat(), from: fc.constant("agent"), ont: count, event: anyOf(agentEvents) }),
  fc.record({ timeNs: fc.maxSafeNat(), from: fc.constant("run"), event: anyOf(runEvents) }),
) as fc.Arbitrary<JournalRecord>;

function bytesOf(journal: readonly JournalRecord[], limitBytes?: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  const writer = new JournalWriter((bytes) => pieces.push(bytes.slice()), header, limitBytes);
  for (const record of journal) writer.write(record);
  writer.flush();
  return Buffer.concat(pieces);
}

/** Hands the bytes over in pieces of a size, as a stream of a file would. */
async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function readAll(reader: JournalReader): Promise<JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of reader) found.push(record);
  return found;
}

describe("the journal", () => {
  it("gives back every event as it was, whatever pieces it is read in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(records, { maxLength: 20 }),
        fc.integer({ min: 1, max: 300 }),
        async (journal, piece) => {
          const reader = await JournalReader.from(inPieces(bytesOf(journal), piece));
          expect(reader.header).toEqual(header);
          expect(await readAll(reader)).toEqual(journal);
          expect(reader.cutOffBytes).toBe(0);
        },
      ),
    );
  });

  it("writes the same bytes for the same events", () => {
    fc.assert(
      fc.property(fc.array(records), (journal) => {
        expect(Buffer.compare(bytesOf(journal), bytesOf(structuredClone(journal)))).toBe(0);
      }),
    );
  });

  it("reads what is whole when the tail is cut off anywhere", async () => {
    const journal = fc.sample(records, { numRuns: 12, seed: 7 });
    const bytes = bytesOf(journal);
    const ends = journal.map((_, index) => bytesOf(journal.slice(0, index)).length);
    for (let end = ends[0]; end < bytes.length; end++) {
      const reader = await JournalReader.from(inPieces(bytes.subarray(0, end), 97));
      const whole = ends.filter((start) => start <= end).length - 1;
      expect(await readAll(reader)).toEqual(journal.slice(0, whole));
      expect(reader.cutOffBytes).toBe(end - ends[whole]);
    }
  });

  it("goes through a file, and keeps what was written when it is closed early", async () => {
    const path = join(folder, "journal.binpb");
    const journal = fc.sample(records, { numRuns: 5000, seed: 3 });
    const { writer, close } = openJournal(path, header);
    for (const record of journal) writer.write(record);
    close();
    expect(readFileSync(path).length).toBeGreaterThan(64 * 1024);
    expect(await readAll(await JournalReader.open(path))).toEqual(journal);
  });

  it("has the records of a wall clock in the order of time when it is closed, whatever order they came in", async () => {
    const path = join(folder, "late.binpb");
    const came = fc.sample(records, { numRuns: 6000, seed: 4 });
    const { writer, close } = openJournal(path, { ...header, clock: "wall" });
    for (const record of came) writer.write(record);
    writer.end({ timeNs: 0, from: "run", event: { type: "ended", outcome: "finished", exitCode: 0 } });
    close();
    const read = await readAll(await JournalReader.open(path));
    expect(read.slice(0, -1)).toEqual(came.toSorted((one, other) => one.timeNs - other.timeNs));
    expect(read.at(-1)).toMatchObject({
      timeNs: Math.max(...came.map(({ timeNs }) => timeNs)),
      event: { type: "ended" },
    });
  });

  it("stops growing at its limit and says how much is missing", async () => {
    const note: JournalRecord = {
      timeNs: 5,
      from: "run",
      event: { type: "note", text: "x".repeat(80) },
    };
    const pieces: Uint8Array[] = [];
    const writer = new JournalWriter((bytes) => pieces.push(bytes.slice()), header, 8192);
    for (let index = 0; index < 1000; index++) writer.write(note);
    writer.end({
      timeNs: 9,
      from: "run",
      event: { type: "ended", outcome: "committed", exitCode: 0 },
    });
    expect(Buffer.concat(pieces).length).toBeLessThanOrEqual(8192);
    const found = await readAll(await JournalReader.from(inPieces(Buffer.concat(pieces), 1000)));
    const kept = found.filter((record) => record.event.type === "note").length - 1;
    expect(writer.droppedRecords).toBe(1000 - kept);
    expect(found.at(-2)?.event).toEqual({
      type: "note",
      text: `journal full: ${1000 - kept} later events are not in it`,
    });
    expect(found.at(-1)?.event).toEqual({ type: "ended", outcome: "committed", exitCode: 0 });
  });

  it.each([
    ["an empty file", Buffer.alloc(0), "no header"],
    ["a text", Buffer.from("poncast: result\nschema: poncast.result/1\n".repeat(9)), "byte 0"],
    ["a length without end", Buffer.alloc(40, 0xff), "record longer than"],
    ["an event first", bytesOf([]).subarray(0, 3), "no header"],
  ])("refuses %s with its place", async (_, bytes, message) => {
    const path = join(folder, "not-a-journal");
    writeFileSync(path, bytes);
    const error: unknown = await JournalReader.open(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ place: path, message: expect.stringContaining(message) as string });
  });

  it("names the offset of a record it cannot read", async () => {
    const good = bytesOf([{ timeNs: 1, from: "run", event: { type: "note", text: "first" } }]);
    const bytes = Buffer.concat([good, Buffer.from([3, 0xff, 0xff, 0xff])]);
    const reader = await JournalReader.from(inPieces(bytes, 1000));
    await expect(readAll(reader)).rejects.toMatchObject({ offsetBytes: good.length });
  });
});
