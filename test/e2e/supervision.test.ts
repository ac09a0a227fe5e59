/** The runner ends its processes whatever happens, starts those again that die, and keeps what was recorded. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { JournalReader } from "../../run/journal/index.ts";
import type { RunView } from "../../run/types.ts";
import { childrenOf } from "../support/children.ts";
import { expectAllCommitted, freshFolder, journalOf, leaveNothingBehind, run, until } from "./harness.ts";

leaveNothingBehind();

/** Slow enough to be interrupted in the middle. */
const slow = { onts: 4, image: { bytes: 512 * 1024 }, olt: { windowSections: 16, rateBytesPerSecond: 250_000 } };
const downloading = (view: RunView): boolean => view.olt?.phase === "downloading" && view.olt.bytesDone > 0;

const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));

/** `poncast run` as a process of its own. */
function startCommand(words: readonly string[]): { command: ChildProcess; ended: Promise<number | null> } {
  const command = spawn(process.execPath, [resolve("cli/poncast.mjs"), "run", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((done) => command.on("exit", (code) => done(code)));
  command.stdout!.resume();
  command.stderr!.resume();
  return { command, ended };
}

describe("the runner", () => {
  it("ends everything on an interrupt and keeps what was recorded", async () => {
    const interrupt = new AbortController();
    const outcome = await run(slow, {
      signal: interrupt.signal,
      onView: (view) => {
        if (downloading(view)) interrupt.abort();
      },
    });
    expect(outcome).toMatchObject({ endReason: "interrupted", exitCode: 1 });
    expect(outcome.reasons[0]).toBe("interrupted");
    expect(outcome.result.onts.failed).toBe(4);
    for (const ont of outcome.result.ontResults) expect(ont.cause).toContain("interrupted");
    expect(outcome.result.downstream.sections).toBeGreaterThan(0);
    expect(existsSync(join(outcome.folder, "result.json"))).toBe(true);
    const journal = await journalOf(outcome);
    expect(journal.at(-1)?.event).toMatchObject({ type: "ended", outcome: "interrupted" });
  });

  it("ends everything when it is interrupted before the first process is up", async () => {
    const outcome = await run(slow, { signal: AbortSignal.abort() });
    expect(outcome.endReason).toBe("interrupted");
  });

  it("starts an ONT again whose process ended by itself, and records it", async () => {
    let killed = 0;
    const outcome = await run(slow, {
      onView: (view) => {
        if (killed !== 0 || !downloading(view)) return;
        killed = childrenOf(process.pid, "ont")[0]!;
        process.kill(killed, "SIGKILL");
      },
    });
    expectAllCommitted(outcome);
    const journal = await journalOf(outcome);
    const ended = journal.flatMap((record) =>
      record.event.type === "ontEnded" && !record.event.expected ? [record.event] : [],
    );
    expect(ended).toMatchObject([{ signal: "SIGKILL" }]);
    expect(outcome.result.host!.ontProcessRestarts).toBe(1);
  });

  it("goes on with a new OLT when the OLT's process ended by itself", async () => {
    let killed = 0;
    const outcome = await run(slow, {
      onView: (view) => {
        if (killed !== 0 || !downloading(view)) return;
        killed = childrenOf(process.pid, "olt")[0]!;
        process.kill(killed, "SIGKILL");
      },
    });
    expectAllCommitted(outcome);
    expect(outcome.result.host!.oltProcessRestarts).toBe(1);
  });

  it("goes on however often the OLT's process is killed from outside, within reason", async () => {
    let killed = 0;
    let last = 0;
    const outcome = await run(slow, {
      sinks: [
        {
          name: "killer",
          // Each OLT in the middle of its download: it was ready, and got somewhere.
          record: ({ from, event }) => {
            if (from !== "olt" || event.type !== "windowDone" || killed === 8) return;
            const [pid] = childrenOf(process.pid, "olt");
            if (pid === undefined || pid === last) return;
            last = pid;
            killed++;
            process.kill(pid, "SIGKILL");
          },
        },
      ],
    });
    expect(killed).toBe(8);
    expectAllCommitted(outcome);
    expect(outcome.result.host!.oltProcessRestarts).toBe(8);
  });

  it("gives up when nothing ends, at the limit of the scenario, and says so", async () => {
    const outcome = await run({ ...slow, olt: { ...slow.olt, rateBytesPerSecond: 1000, runSeconds: 2 } });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.reasons[0]).toMatch(/longer than its limit/);
  });

  it("refuses a folder that is not empty, and starts nothing", async () => {
    const out = freshFolder();
    mkdirSync(out);
    writeFileSync(join(out, "mine"), "precious");
    await expect(run({}, { out })).rejects.toMatchObject({ message: expect.stringContaining("not empty") as string });
    expect(readFileSync(join(out, "mine"), "utf8")).toBe("precious");
    const outcome = await run({ onts: 1 }, { out, overwrite: true });
    expectAllCommitted(outcome);
    expect(readFileSync(join(out, "mine"), "utf8")).toBe("precious");
  });

  it.each([
    [{ pons: 2, road: "https" }, "pons"],
    [{ road: "cwmp", pon: { headendBitsPerSecond: 1e9 } }, "headendBitsPerSecond"],
    [{ ont: { quirk: "no-such" } }, "no-such"],
    [{ image: { file: "/no/such/image" } }, "/no/such/image"],
    [{ image: { fault: "truncated" } }, "image"],
  ])("refuses %j before anything is started", async (changes, named) => {
    const out = freshFolder();
    await expect(run(changes, { out })).rejects.toMatchObject({
      _tag: "RunInputError",
      message: expect.stringContaining(named) as string,
    });
    expect(existsSync(out)).toBe(false);
  });
});

describe("poncast run", () => {
  it.each([
    [130, "a process may have 130 files open, and this needs \\d+; raise the limit .*"],
    // The command itself reads its pieces one after the other, and comes to the same words with a few.
    [64, "a process may have 64 files open, and this needs \\d+; raise the limit .*"],
  ])("says in one line that it may have too few files open, %i, and starts nothing", (files, line) => {
    const out = freshFolder();
    const words = ["run", "--onts", "128", "--quiet", "--out", out];
    const script = `ulimit -n ${files}; exec "$@"`;
    const command = [process.execPath, resolve("cli/poncast.mjs"), ...words];
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script, "sh", ...command], { encoding: "utf8" });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(new RegExp(`^${line}\n$`));
    expect(existsSync(out)).toBe(false);
  });

  const words = ["--onts", "4", "--image-size", "2MiB", "--rate", "1600kbit/s", "--quiet"];

  it("ends its processes on Ctrl-C, with exit code 130 and a journal", async () => {
    const out = freshFolder();
    const { command, ended } = startCommand([...words, "--out", out]);
    const children = await until(() => childrenOf(command.pid!).length === 5 && childrenOf(command.pid!));
    // A terminal sends it to all of them.
    for (const pid of [...children, command.pid!]) process.kill(pid, "SIGINT");
    expect(await ended).toBe(130);
    expect(children.filter(isAlive)).toEqual([]);
    expect((await JournalReader.open(join(out, "journal.binpb"))).header.onts).toBe(4);
  });

  it("leaves no process behind when it is killed itself", async () => {
    const { command, ended } = startCommand([...words, "--out", freshFolder()]);
    const children = await until(() => childrenOf(command.pid!).length === 5 && childrenOf(command.pid!));
    command.kill("SIGKILL");
    await ended;
    await until(() => children.every((pid) => !isAlive(pid)));
  });
});
