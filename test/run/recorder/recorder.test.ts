/** What a run leaves and whom it tells, whoever starts it. */
import {
  existsSync,
  mkdtempSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { JournalReader, type JournalRecord } from "../../../run/journal/index.ts";
import { writeWhole } from "../../../base/files/index.ts";
import { RunRecorder } from "../../../run/recorder/recorder.ts";
import type { RecordedRun, RunOptions, RunSink } from "../../../run/types.ts";
import { simulate } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-recorder-"));
afterAll(() => removeFolder(root));

const scenario = parseScenario("{ name: small, onts: 2, image: { bytes: 20000 } }", "small.yaml");
const { result } = simulate(scenario);
const note = (timeNs: number): JournalRecord => ({
  timeNs,
  from: "run",
  event: { type: "note", text: `at ${timeNs}` },
});
const ended = { timeNs: 9, reason: "finished", result } as const;

function recorderIn(name: string, options: RunOptions = {}): RunRecorder {
  const replayOf = (folder: string): string => `again ${folder}`;
  return new RunRecorder(scenario, { out: join(root, name), ...options }, { clock: "wall", onts: 2, replayOf });
}

async function journalIn(folder: string): Promise<{ header: unknown; records: JournalRecord[] }> {
  const reader = await JournalReader.open(join(folder, "journal.binpb"));
  const records: JournalRecord[] = [];
  for await (const record of reader) records.push(record);
  return { header: reader.header, records };
}

describe("the record of a run", () => {
  it("has scenario, journal and result, and says how to run it again", async () => {
    const recorder = recorderIn("whole", { poncast: { version: "1.2", commit: "abc" } });
    recorder.write(note(1));
    const outcome = recorder.finish(ended);
    const { folder } = recorder;
    expect(outcome).toEqual({ result, exitCode: 0, reasons: [], endReason: "finished", folder, sinkFaults: [] });
    expect(readdirSync(folder).sort()).toEqual(["journal.binpb", "result.json", "scenario.yaml"]);
    expect(parse(readFileSync(join(folder, "scenario.yaml"), "utf8"))).toEqual(scenario);
    expect(JSON.parse(readFileSync(join(folder, "result.json"), "utf8"))).toEqual(result);
    const { header, records } = await journalIn(folder);
    expect(header).toMatchObject({
      version: "1.2",
      commit: "abc",
      scenario: "small",
      clock: "wall",
      onts: 2,
      replay: `again ${folder}`,
    });
    const end = { timeNs: 9, from: "run", event: { type: "ended", outcome: "finished", exitCode: 0 } };
    expect(records).toEqual([note(1), end]);
  });

  it("is in the file as far as it was flushed, though nobody closes it", async () => {
    const recorder = recorderIn("killed");
    recorder.write(note(1));
    recorder.write(note(2));
    recorder.flush();
    recorder.write(note(3));
    expect((await journalIn(recorder.folder)).records).toEqual([note(1), note(2)]);
    recorder.close();
  });

  it("that breaks off keeps what there was", async () => {
    const recorder = recorderIn("cut");
    recorder.write(note(1));
    recorder.close();
    recorder.close();
    expect(readdirSync(recorder.folder).sort()).toEqual(["journal.binpb", "scenario.yaml"]);
    expect((await journalIn(recorder.folder)).records).toEqual([note(1)]);
  });
});

describe("sinks", () => {
  it("see every record, and the run when its files are there", () => {
    const seen: JournalRecord[] = [];
    const finished: RecordedRun[] = [];
    const sink: RunSink = {
      name: "watch",
      record: (record) => seen.push(record),
      finish: (run) => {
        expect(existsSync(join(run.folder, "result.json"))).toBe(true);
        finished.push(run);
      },
    };
    const recorder = recorderIn("seen", { sinks: [sink, { name: "idle" }], replay: "poncast run me" });
    recorder.write(note(1));
    const verdict = { ...result.verdict, asExpected: false, reasons: ["not so"] };
    recorder.finish({ ...ended, result: { ...result, verdict } });
    expect(seen.map(({ timeNs }) => timeNs)).toEqual([1, 9]);
    expect(finished).toMatchObject([{ exitCode: 1, reasons: ["not so"], header: { replay: "poncast run me" } }]);
  });

  it("that fail are told of, fed no more, and cost the run and the others nothing", async () => {
    const seen: number[] = [];
    let fed = 0;
    let finishes = 0;
    const broken: RunSink = {
      name: "broken",
      record: () => {
        fed++;
        throw new Error("no more\nlines");
      },
      finish: () => finishes++,
    };
    const late: RunSink = {
      name: "late",
      finish: () => {
        throw new Error("no room");
      },
    };
    const good: RunSink = { name: "good", record: ({ timeNs }) => seen.push(timeNs), finish: () => seen.push(-1) };
    const recorder = recorderIn("broken", { sinks: [broken, late, good] });
    recorder.write(note(1));
    recorder.write(note(2));
    const { exitCode, sinkFaults } = recorder.finish(ended);
    expect({ exitCode, sinkFaults, fed, finishes }).toEqual({
      exitCode: 0,
      sinkFaults: ["broken: no more", "late: no room"],
      fed: 1,
      finishes: 0,
    });
    expect(seen).toEqual([1, 2, 9, -1]);
    expect((await journalIn(recorder.folder)).records).toHaveLength(3);
  });
});

describe("a file that is written whole", () => {
  const read = (path: string): string => readFileSync(path, "utf8");

  it("takes the place of the one before, and leaves nothing beside it", () => {
    const folder = join(root, "files");
    mkdirSync(folder);
    const path = join(folder, "a");
    writeWhole(path, "first");
    writeWhole(path, "second");
    expect(read(path)).toBe("second");
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("goes through a link, and names the path asked for where that cannot be", () => {
    const target = join(root, "target");
    const link = join(root, "link");
    writeFileSync(target, "before");
    symlinkSync(target, link);
    writeWhole(link, "after");
    expect(read(target)).toBe("after");
    expect(() => writeWhole(join(root, "no", "page.html"), "")).toThrow(/open '\S+\/no\/page\.html'$/);
  });

  it("with a mode is a new file, which nobody else could read before", () => {
    const target = join(root, "open.pem");
    const link = join(root, "key.pem");
    writeFileSync(target, "before", { mode: 0o644 });
    symlinkSync(target, link);
    writeWhole(link, "secret", { mode: 0o600, sync: true });
    expect(lstatSync(link).mode & 0o170777).toBe(0o100600);
    expect([read(link), read(target)]).toEqual(["secret", "before"]);
    mkdirSync(join(root, "taken"));
    expect(() => writeWhole(join(root, "taken"), "", { mode: 0o600 })).toThrow(/EISDIR/);
    expect(readdirSync(root).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});
