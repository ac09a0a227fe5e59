/** Real processes, started from dist/ (`npm test` builds it). */
import { mkdtempSync, readdirSync, watch } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect } from "vitest";
import { stringify } from "yaml";
import { JournalReader, type JournalRecord } from "../../run/journal/index.ts";
import { runProcesses } from "../../run/processes/runner.ts";
import type { RunOptions, RunOutcome } from "../../run/types.ts";
import { childrenOf } from "../support/children.ts";
import { parseScenario } from "../../scenarios/schema/load.ts";
import type { Scenario } from "../../scenarios/schema/scenario.ts";
import { removeFolder } from "../support/folder.ts";

type Tree = { [name: string]: unknown };

/**
 * Short waits where the scenario's own are for people, long ones where only a busy machine would run into them: what a
 * test expects must not depend on how fast it runs.
 */
const base: Tree = {
  name: "e2e",
  onts: 8,
  image: { bytes: 256 * 1024 },
  ont: { restartDelayMs: 20, bootMs: 100, watchdogMs: 200 },
  olt: { soakMs: 50, answerTimeoutMinMs: 400, answerTimeoutMs: 3000, busyPollMs: 50, runSeconds: 240 },
};

function merged(first: Tree, second: Tree): Tree {
  const tree = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const isTree = typeof value === "object" && value !== null && !Array.isArray(value);
    tree[name] = isTree ? merged((first[name] ?? {}) as Tree, value as Tree) : value;
  }
  return tree;
}

export function scenarioOf(changes: Tree): Scenario {
  return parseScenario(stringify(merged(base, changes)), "e2e.yaml");
}

/** Of a bundle that our ONTs take. */
export const BUNDLE_FIELDS = {
  version: "PONCAST-2.0.0",
  productCode: "PONCAST-ONT",
  hardware: ["HW-1"],
  minimumVersion: "",
  buildTime: 1,
};

const root = mkdtempSync(join(tmpdir(), "poncast-e2e-"));
let runs = 0;

export const freshFolder = (): string => join(root, `run-${++runs}`);

export function run(changes: Tree, options: RunOptions = {}): Promise<RunOutcome> {
  return runProcesses(scenarioOf(changes), { out: freshFolder(), ...options });
}

export async function journalOf(outcome: { folder: string }): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  const reader = await JournalReader.open(join(outcome.folder, "journal.binpb"));
  for await (const record of reader) records.push(record);
  expect(reader.cutOffBytes).toBe(0);
  return records;
}

/** What is in a file that grows, as it comes. */
async function* growing(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  let tell = (): void => undefined;
  const watcher = watch(path, () => tell());
  try {
    for (;;) {
      // Before the look: what is written behind it is told.
      const change = new Promise<void>((done) => (tell = done));
      const { bytesRead, buffer } = await file.read();
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else await change;
    }
  } finally {
    watcher.close();
    await file.close();
  }
}

/** Waits for what has to be in the journal of a run that goes on, from its begin. */
export async function recorded(
  outcome: { folder: string },
  isIt: (record: JournalRecord) => boolean,
): Promise<JournalRecord> {
  const reader = await JournalReader.from(growing(join(outcome.folder, "journal.binpb")));
  for await (const record of reader) if (isIt(record)) return record;
  throw new Error("a file that grows has no end");
}

/** Everything in which the run is not as it should be, in one comparison. */
export function expectAllCommitted({ result, exitCode, reasons }: RunOutcome): void {
  expect(reasons).toEqual([]);
  expect(exitCode).toBe(0);
  const total = result.onts.total;
  expect(result.onts).toEqual({ total, committed: total, rolledBack: 0, failed: 0 });
  for (const ont of result.ontResults) {
    expect(ont).toMatchObject({
      outcome: "committed",
      cause: "",
      sha256: result.image.sha256,
      version: result.image.version,
    });
    expect(ont.activeInstance).toBe(ont.committedInstance);
  }
}

/** Waits for something that has to come; the test's own time limit is the limit. */
export async function until<Value>(look: () => Value | undefined | false): Promise<Value> {
  for (;;) {
    const value = look();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whatever a test did: no child is left, and nothing in memory. */
export function leaveNothingBehind(): void {
  afterEach(() => {
    expect(childrenOf(process.pid)).toEqual([]);
    expect(readdirSync("/dev/shm").filter((name) => name.startsWith(`poncast-${process.pid}-`))).toEqual([]);
  });
  afterAll(() => removeFolder(root));
}
