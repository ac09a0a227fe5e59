/** Threads that die end nobody but what they worked for. */
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { endThreads, untilOneEnds } from "../../../base/errors/index.ts";

const thread = (code: string): Worker => new Worker(code, { eval: true });
const WAITING = "require('node:worker_threads').parentPort.on('message', () => undefined);";

describe("threads", () => {
  it("that are given up are ended, and an error that comes late is heard", async () => {
    const threads = [thread(WAITING), thread(WAITING)];
    const ended = endThreads(threads);
    for (const each of threads) expect(() => each.emit("error", new Error("no more memory"))).not.toThrow();
    await ended;
    expect(threads.map(({ threadId }) => threadId)).toEqual([-1, -1]);
  });

  it.each([
    ["throw new Error('no more memory');", "no more memory"],
    ["process.exit(3);", "exit code 3"],
  ])("tell how the first of them ends: %s", async (code, told) => {
    const threads = [thread(WAITING), thread(code)];
    await expect(untilOneEnds(threads)).rejects.toThrow(told);
    await endThreads(threads);
  });
});
