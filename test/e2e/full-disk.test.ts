/**
 * Disks that are full or closed, in name spaces of their own: a run that needs none of them goes on, and one that does ends
 * in one line, with what was recorded before.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { JournalReader, type JournalRecord } from "../../run/journal/index.ts";
import { removeFolder } from "../support/folder.ts";

const poncast = join(import.meta.dirname, "..", "..", "cli", "poncast.mjs");
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

const root = mkdtempSync(join(tmpdir(), "poncast-full-"));
let work = "";
let count = 0;
beforeEach(() => {
  work = join(root, `${++count}`);
  mkdirSync(work);
});
afterAll(() => removeFolder(root));

interface Ran {
  code: number | null;
  lines: string[];
}

/** Runs poncast where `mounts`, lines for a shell, have been mounted; what lies in ./out then is copied to ./kept. */
async function under(mounts: string, words: string): Promise<Ran> {
  const script = `set -e; cd ${work}; mkdir out; ${mounts}
    set +e; ${process.execPath} ${poncast} ${words} >/dev/null; code=$?; cp -r out kept; exit $code`;
  const child = spawn("unshare", ["-rm", "bash", "-c", script]);
  let err = "";
  child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, lines: err.split("\n").filter((line) => line !== "") };
}

const tmpfs = (path: string, bytes: number): string => `mount -t tmpfs -o size=${bytes} tmpfs ${path};`;

async function journal(): Promise<JournalRecord[]> {
  const reader = await JournalReader.open(join(work, "kept", "journal.binpb"));
  const records: JournalRecord[] = [];
  for await (const record of reader) records.push(record);
  return records;
}

const RUN = "run lossless-lab --quiet --overwrite --out out --onts 2 --image-size 256KiB";

describe.runIf(canMount)("a full disk under --out", () => {
  it("at the start: one line, and nothing has begun", async () => {
    const { code, lines } = await under(`${tmpfs("out", 4096)} head -c 4096 /dev/zero > out/full;`, RUN);
    expect(lines).toEqual([
      expect.stringMatching(/scenario\.yaml: cannot be written: ENOSPC: no space left on device/),
    ]);
    expect(code).toBe(1);
    expect(readdirSync(join(work, "kept"))).toEqual(["full"]);
  });

  it("in the middle: the run goes on to its end, the journal is readable as far as it got, no file is half there", async () => {
    const { code, lines } = await under(
      tmpfs("out", 80 * 1024),
      "run flaky-power --virtual --quiet --overwrite --out out --onts 64",
    );
    expect(lines).toEqual([
      expect.stringMatching(
        /(journal\.binpb|result\.json): cannot be written: ENOSPC.*what was recorded before is kept$/,
      ),
    ]);
    expect(code).toBe(1);
    const kept = readdirSync(join(work, "kept"));
    expect(kept.filter((name) => name.endsWith(".tmp") || name === "report.html")).toEqual([]);
    expect((await journal()).length).toBeGreaterThan(100);
    const result = join(work, "kept", "result.json");
    if (existsSync(result)) expect(() => JSON.parse(readFileSync(result, "utf8"))).not.toThrow();
  });

  it("in real processes", async () => {
    // Room for the scenario, and little more.
    const { code, lines } = await under(tmpfs("out", 8192), RUN);
    expect(lines).toEqual([expect.stringMatching(/cannot be written: ENOSPC/)]);
    expect(code).toBe(1);
    expect(readdirSync(join(work, "kept"))).toContain("scenario.yaml");
  });

  it("and no room for the flash of the ONTs: one line before they start", async () => {
    const { code, lines } = await under(`${tmpfs("out", 128 * 1024)} mount -t tmpfs -o size=64k tmpfs /dev/shm;`, RUN);
    expect(lines).toEqual([expect.stringMatching(/out\/state: cannot be written: ENOSPC: no space left on device/)]);
    expect(code).toBe(1);
    expect(readdirSync(join(work, "kept")).toSorted()).toEqual(["journal.binpb", "scenario.yaml"]);
    expect(await journal()).toEqual([]);
  });

  it("that fills up while they store: each ONT that cannot store is told of, and the run ends", async () => {
    const room = 700 * 1024;
    const { code, lines } = await under(`${tmpfs("out", room)} mount -t tmpfs -o size=64k tmpfs /dev/shm;`, RUN);
    expect(code).toBe(1);
    expect(lines.join("\n")).not.toMatch(/^\s+at /m);
    expect(lines.length).toBeLessThanOrEqual(4);
    expect(lines.at(-1)).toMatch(/(result\.json|journal\.binpb): cannot be written: ENOSPC/);
    expect(lines.slice(0, -1).join("\n")).toMatch(/ONT \d: (failed|rolledBack), expected committed/);
    expect(await journal()).not.toEqual([]);
  });
});

describe.runIf(canMount)("memory that cannot be used", () => {
  it.each([
    ["read-only", "mount -t tmpfs -o ro tmpfs /dev/shm;"],
    ["full", "mount -t tmpfs -o size=4k tmpfs /dev/shm; head -c 4096 /dev/zero > /dev/shm/full;"],
    ["not there", "mount --bind /proc/self/fd /dev/shm;"],
    // A folder of the name that runs have, which nobody may remove: something is mounted in it.
    [
      "with what another user left in it",
      `mount -t tmpfs tmpfs /dev/shm; mkdir -p /dev/shm/poncast-1-aaaaaaaaaaaa/busy; touch -d 1999-01-01 /dev/shm/poncast-1-aaaaaaaaaaaa;
       mount -t tmpfs tmpfs /dev/shm/poncast-1-aaaaaaaaaaaa/busy; touch -d 1999-01-01 /dev/shm/poncast-1-aaaaaaaaaaaa;`,
    ],
  ])("%s: the run goes on", async (_what, mounts) => {
    const { code, lines } = await under(mounts, RUN);
    expect(lines).toEqual([]);
    expect(code).toBe(0);
  });
});
