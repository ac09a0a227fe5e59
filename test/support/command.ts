/** The command, as a process of its own from dist/ (`npm test` builds it), and in this process, which takes no start. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { vi } from "vitest";
import { main } from "../../cli/main.ts";

/** How it ended, and what it wrote. */
export interface Ran {
  code: unknown;
  out: string;
  err: string;
}

/** As its users start it. @param cwd folder in which it runs */
export const commandIn =
  (cwd: string) =>
  async (words: readonly string[]): Promise<Ran> => {
    const child = spawn(process.execPath, [resolve("cli/poncast.mjs"), ...words], { cwd });
    let [out, err] = ["", ""];
    child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
    const code = await new Promise((done) => child.on("close", done));
    return { code, out, err: err.trim() };
  };

/**
 * All that the command does between its words and its exit code, in this process: what is refused, printed and written.
 * One at a time: words, folder, streams and exit code are the process's.
 *
 * @param cwd folder in which it runs
 */
export async function commandHere(words: readonly string[], cwd = process.cwd()): Promise<Ran> {
  const { argv, exitCode } = process;
  const before = process.cwd();
  const ran: Ran = { code: 0, out: "", err: "" };
  const into = (stream: "out" | "err") => (text: string | Uint8Array) => {
    ran[stream] += text.toString();
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(into("out")),
    vi.spyOn(process.stderr, "write").mockImplementation(into("err")),
  ];
  try {
    process.chdir(cwd);
    process.argv = [...argv.slice(0, 2), ...words];
    process.exitCode = 0;
    await main();
    ran.code = process.exitCode;
  } finally {
    process.chdir(before);
    process.argv = argv;
    process.exitCode = exitCode;
    for (const spy of spies) spy.mockRestore();
  }
  return ran;
}
