/** A program that speaks on its stdin and stdout, started by us and ended with us: `exec:./my-ont --flag`. */
import { type ChildProcess, spawn } from "node:child_process";
import { OctetRoad } from "./octets.ts";
import type { OpenRoad, BenchRoad, RoadHandlers } from "./road.ts";
import { RoadError } from "./road-error.ts";

/** A program that does not end when it is asked to is killed after so long. */
const GRACE_MS = 500;

/** @param words program and arguments; no shell is between */
export const execRoad = (name: string, words: readonly string[]): BenchRoad => ({
  name,
  hasTrailer: true,
  open: (_end, handlers) => start(name, words, handlers),
});

/** Words as a shell splits them: at blanks, quotes keep them together. @returns undefined where a quote does not end */
export function wordsOf(text: string): string[] | undefined {
  const words: string[] = [];
  const rest = text.replaceAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g, (word) => {
    words.push(
      word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_quoted, single?: string, double?: string) => single ?? double!),
    );
    return "";
  });
  return rest.trim() === "" ? words : undefined;
}

async function start(name: string, [program, ...args]: readonly string[], handlers: RoadHandlers): Promise<OpenRoad> {
  // A group of its own, so that what the program starts ends with it.
  const child = spawn(program, args, { stdio: "pipe", detached: true });
  await new Promise<void>((done, fail) => {
    child.once("spawn", done);
    child.once("error", ({ code }: NodeJS.ErrnoException) => fail(new RoadError(`${name}: ${refusalOf(code)}`)));
  });
  const { stdin, stdout, stderr } = child;
  // Whatever ends this process, the program does not live on.
  const kill = (): void => signal(child, "SIGKILL");
  process.once("exit", kill);
  let isOurs = false;
  let lastLine = "";
  stderr.on("data", (text: Buffer) => {
    process.stderr.write(text);
    lastLine = text.toString().trim().split("\n").at(-1) ?? "";
  });
  // "EPIPE" of a program that has ended: its end tells more.
  stdin.on("error", () => undefined);
  const road = new OctetRoad(name, { from: stdout, to: stdin }, handlers);
  // What it has started, and left behind, would keep its pipes open.
  child.once("exit", kill);
  child.once("close", (code, by) => {
    process.off("exit", kill);
    if (isOurs) return;
    isOurs = true;
    const how = by === null ? `exit code ${code}` : by;
    handlers.onEnd(`${name}: the program has ended (${how})${lastLine === "" ? "" : `: ${lastLine}`}`);
  });
  return {
    get waitingBytes() {
      return road.waitingBytes;
    },
    send: (frame) => road.send(frame),
    close: () => {
      if (isOurs) return;
      isOurs = true;
      stdin.end();
      signal(child, "SIGTERM");
      setTimeout(kill, GRACE_MS).unref();
    },
  };
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // It has ended.
  }
}

const refusalOf = (code: string | undefined): string => {
  if (code === "ENOENT") return "there is no such program";
  if (code === "EACCES") return "it may not be started; is it executable?";
  return `it cannot be started (${code ?? "error"})`;
};
