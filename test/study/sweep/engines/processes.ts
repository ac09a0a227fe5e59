/** Sweeps and their workers as processes of their own, ended by their ids. */
import { type ChildProcess, spawn } from "node:child_process";
import { afterAll } from "vitest";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const children = new Set<ChildProcess>();
afterAll(() => children.forEach((child) => child.kill("SIGKILL")));

/** `poncast sweep …`. */
export function startSweep(
  command: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ended>; said: () => string } {
  const child = spawn(process.execPath, [command, "sweep", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  children.add(child);
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (text: Buffer) => (output.stdout += text.toString()));
  child.stderr.on("data", (text: Buffer) => (output.stderr += text.toString()));
  const ended = new Promise<Ended>((done) =>
    child.on("close", (code) => {
      children.delete(child);
      done({ code, ...output });
    }),
  );
  return { child, ended, said: () => output.stderr };
}

/** Until it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 20));
}
