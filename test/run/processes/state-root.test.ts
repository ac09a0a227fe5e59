/** Whose flash in memory is cleared away: that of runs which are gone, and nobody else's. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseStateRoot } from "../../../run/processes/state-root.ts";
import { removeFolder } from "../../support/folder.ts";

let root = "";
let memory = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "poncast-state-"));
  memory = join(root, "shm");
  mkdirSync(memory);
});
afterEach(() => removeFolder(root));

const choose = (keep = false, neededBytes = 0) => chooseStateRoot(join(root, "run"), neededBytes, keep, memory);
/** A process number that nobody has here: the limit of Linux is lower. */
const NOBODY = 99_999_999;
const folderOf = (pid: number): string => join(memory, `poncast-${pid}-0123456789ab`);

/** Makes a folder with a lock that a process of its own holds, until it is killed. */
async function heldByAnother(path: string): Promise<() => Promise<void>> {
  mkdirSync(path);
  const script = join(root, "holder.cjs");
  writeFileSync(script, 'require("node:net").createServer().listen(process.argv[2], () => process.send("held"));');
  const child = fork(script, [join(path, "lock")]);
  await once(child, "message");
  return async () => {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
}

describe("flash in memory", () => {
  it("lies in a folder of the run's own, which others may not read, and goes with it", async () => {
    const { path, make, release } = await choose();
    make();
    expect(path.startsWith(`${memory}/poncast-${process.pid}-`)).toBe(true);
    expect(existsSync(join(path, "lock"))).toBe(true);
    removeFolder(path);
    release();
    expect(readdirSync(memory)).toEqual([]);
  });

  it("of a run that lives is not cleared away, whatever its process number is worth here", async () => {
    const path = folderOf(NOBODY);
    const kill = await heldByAnother(path);
    const mine = await choose();
    expect(existsSync(path)).toBe(true);
    mine.release();
    await kill();
    // Its process is gone, however that came: the lock is not held any more.
    (await choose()).release();
    expect(existsSync(path)).toBe(false);
  });

  it("of a run that is gone is cleared away, though somebody else has its process number now", async () => {
    const path = folderOf(process.pid);
    await (
      await heldByAnother(path)
    )();
    (await choose()).release();
    expect(existsSync(path)).toBe(false);
  });

  it("that is just being made, without its lock, is left alone; what was left so long ago is not", async () => {
    const [fresh, old] = [folderOf(NOBODY), folderOf(NOBODY - 1)];
    mkdirSync(fresh);
    mkdirSync(old);
    utimesSync(old, 0, 0);
    (await choose()).release();
    expect([existsSync(fresh), existsSync(old)]).toEqual([true, false]);
  });

  it("is no business of other names, and of files", async () => {
    const others = ["poncast", "poncast-1-xyz", "sem.other"].map((name) => join(memory, name));
    for (const path of others) mkdirSync(path);
    writeFileSync(folderOf(1), "");
    for (const path of [...others, folderOf(1)]) utimesSync(path, 0, 0);
    (await choose()).release();
    for (const path of [...others, folderOf(1)]) expect(existsSync(path)).toBe(true);
  });
});

describe("flash in the run folder", () => {
  const path = (): string => join(root, "run", "state");

  it.each([
    ["is to be kept", () => choose(true)],
    ["has no room in memory", () => choose(false, 1e18)],
    ["has no such memory", () => chooseStateRoot(join(root, "run"), 0, false, join(root, "none"))],
  ])("where it %s; what was there before goes", async (_why, chosen) => {
    mkdirSync(path(), { recursive: true });
    writeFileSync(join(path(), "old"), "");
    const state = await chosen();
    expect(state.path).toBe(path());
    state.make();
    expect(readdirSync(path())).toEqual([]);
    state.release();
  });
});
