/** `poncast run` as a process of its own, which can be starved, stopped, killed and told a wrong time. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { childrenOf } from "../../run/index.ts";
import type { RunResult } from "../../run/result/types.ts";

/** A process that was interrupted has this long to end. */
const GRACE_MS = 15_000;
/** Between two looks at which processes there are. */
const LOOK_MS = 20;

/** The folder of the built programs, from the bundle and from source. */
export function distFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return existsSync(join(here, "cli.js")) ? here : resolve(here, "../../dist");
}

/** A folder for what a part writes, gone when `work` is done. */
export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "poncast-soak-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How a command ended. */
export interface EndedCommand {
  /** -1 when a signal ended it. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  env?: NodeJS.ProcessEnv;
  /** Files that it and its children may have open. */
  openFiles?: number;
  /** Options of Node for the command itself. */
  nodeOptions?: readonly string[];
}

/** A `poncast` command under way. */
export class RunningCommand {
  readonly pid: number;
  readonly ended: Promise<EndedCommand>;
  readonly #process: ChildProcess;
  readonly #abort: () => void;
  readonly #signal: AbortSignal;
  readonly #texts = { stdout: "", stderr: "" };
  isEnded = false;

  constructor(words: readonly string[], signal: AbortSignal, options: CommandOptions = {}) {
    const { env, openFiles, nodeOptions = [] } = options;
    const command = [process.execPath, ...nodeOptions, join(distFolder(), "cli.js"), ...words];
    const [program, ...args] =
      openFiles === undefined ? command : ["sh", "-c", `ulimit -n ${openFiles}; exec "$@"`, "sh", ...command];
    // A group of its own: Ctrl-C is handed on once, by us.
    this.#process = spawn(program, args, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    this.pid = this.#process.pid ?? -1;
    this.ended = this.#collect();
    this.#signal = signal;
    this.#abort = () => this.interrupt();
    if (signal.aborted) this.#abort();
    else signal.addEventListener("abort", this.#abort, { once: true });
  }

  /** As Ctrl-C does; killed when it does not end. */
  interrupt(): void {
    this.signal("SIGCONT");
    this.signal("SIGINT");
    setTimeout(() => this.signal("SIGKILL"), GRACE_MS).unref();
  }

  signal(name: NodeJS.Signals): void {
    if (!this.isEnded) this.#process.kill(name);
  }

  children(side: "olt" | "ont" | "any"): number[] {
    return this.isEnded ? [] : childrenOf(this.pid, side);
  }

  /** Until it has this many children, or is over. */
  async upWith(children: number): Promise<void> {
    while (!this.isEnded && this.children("any").length < children) await wait(LOOK_MS);
  }

  /** Until it says so on stderr. @returns false when it is over, and has not */
  async hasSaid(words: RegExp): Promise<boolean> {
    while (!this.isEnded && !words.test(this.#texts.stderr)) await wait(LOOK_MS);
    return words.test(this.#texts.stderr);
  }

  #collect(): Promise<EndedCommand> {
    const { stdout, stderr } = this.#process;
    const texts = this.#texts;
    stdout?.setEncoding("utf8").on("data", (text: string) => (texts.stdout += text));
    stderr?.setEncoding("utf8").on("data", (text: string) => (texts.stderr += text));
    return new Promise((done) => {
      this.#process.once("close", (code) => {
        this.isEnded = true;
        this.#signal.removeEventListener("abort", this.#abort);
        done({ code: code ?? -1, ...texts });
      });
    });
  }
}

/** @param scenario as its file would have it */
export function startRun(
  folder: string,
  scenario: object,
  signal: AbortSignal,
  options: CommandOptions & { words?: readonly string[] } = {},
): RunningCommand {
  const file = join(folder, "soak.yaml");
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(scenario));
  const words = ["run", file, "--out", join(folder, "run"), "--overwrite", "--json", "--quiet", "--no-report"];
  return new RunningCommand([...words, ...(options.words ?? [])], signal, options);
}

/** What of a run is not as it has to be: all committed. */
export function problemOf({ code, stdout, stderr }: EndedCommand): string | undefined {
  if (code === 0) {
    const { onts } = JSON.parse(stdout) as RunResult;
    return onts.committed === onts.total ? undefined : `exit code 0, and ${onts.committed} of ${onts.total} committed`;
  }
  return `exit code ${code}: ${stderr.trim().split("\n").slice(0, 3).join("; ")}`;
}
