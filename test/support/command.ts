/** The command as its users start it, from dist/ (`npm test` builds it). */
import { spawn } from "node:child_process";
import { resolve } from "node:path";

/** How it ended, and what it wrote. */
export interface Ran {
  code: unknown;
  out: string;
  err: string;
}

/** @param cwd folder in which it runs */
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
