/**
 * One child process of a run: started with its environment and priority, and ended with its scope. Knows nothing of
 * OLTs and ONTs.
 */
import { fork, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";
import { stderr } from "node:process";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Deferred, Effect, type Scope } from "effect";
import { caughtLine, Guard } from "../../base/errors/index.ts";
import { lineOf, ProcessError } from "../errors.ts";
import { cpuSecondsOf } from "../host.ts";

/** A process that was asked to stop has this long before it is killed. */
const STOP_GRACE_MS = 2_000;
/**
 * libuv allocates 64 kB for each receive, and glibc would hand that back to the kernel every time: page faults per
 * datagram. What is kept is at most this.
 */
const MALLOC_KEEP_BYTES = String(4 * 1024 * 1024);

const NS_PER_MS = 1e6;

export interface ChildExit {
  /** -1 when a signal ended it. */
  code: number;
  signal: string;
}

export interface ChildOptions {
  /** For messages: "OLT", "ONT 7". */
  name: string;
  entry: string;
  /** File descriptor that takes what the process prints. */
  log: number;
  onMessage: (message: unknown) => void;
}

/** A running child process, and its end. */
export interface Child {
  readonly pid: number;
  readonly exited: Deferred.Deferred<ChildExit>;
  /** Sends a message; quietly nothing once the process is gone. */
  send(message: unknown): void;
  /** Ends it at once, as a power cut does. */
  kill(): void;
  /** Processor seconds so far; of the last look once it has ended. */
  cpuSeconds(): number;
  /** Milliseconds that it could have run and had no processor; 0 where the system does not tell. */
  waitedMs(): number;
  /** Gives way to others from now on: 0 as we are, 19 to everything. */
  giveWay(niceness: number): void;
}

function environment(): NodeJS.ProcessEnv {
  const env = {
    ...process.env,
    MALLOC_TRIM_THRESHOLD_: MALLOC_KEEP_BYTES,
    MALLOC_TOP_PAD_: MALLOC_KEEP_BYTES,
  };
  // Options for this process (inspector port, loaders, coverage) are not meant for 129 children.
  delete (env as NodeJS.ProcessEnv).NODE_OPTIONS;
  // No process of a run speaks TLS, and to read these takes each of them longer than all the rest of Node's start.
  delete (env as NodeJS.ProcessEnv).NODE_EXTRA_CA_CERTS;
  return env;
}

const guard = new Guard((caught) => stderr.write(caughtLine(caught)));

function watch(process: ChildProcess, options: ChildOptions, pid: number): Child {
  const exited = Deferred.makeUnsafe<ChildExit>();
  let cpuSeconds = 0;
  const isRunning = (): boolean => process.exitCode === null && process.signalCode === null;
  const look = (): number => (cpuSeconds = Math.max(cpuSeconds, cpuSecondsOf(pid)));
  process.on("message", guard.wrap(`message of ${options.name}`, options.onMessage));
  process.once("exit", (code, signal) => {
    Deferred.doneUnsafe(exited, Effect.succeed({ code: code ?? -1, signal: signal ?? "" }));
  });
  return {
    pid,
    exited,
    send: (message) => {
      if (process.connected) process.send(message as object, () => undefined);
    },
    kill: () => {
      // Its number may be somebody else's by now.
      if (!isRunning()) return;
      look();
      process.kill("SIGKILL");
    },
    cpuSeconds: () => (isRunning() ? look() : cpuSeconds),
    waitedMs: () => (isRunning() ? waitedMsOf(pid) : 0),
    giveWay: (niceness) => {
      if (isRunning()) giveWay(pid, niceness);
    },
  };
}

/** Second figure of the scheduler's statistics: nanoseconds spent waiting on a run queue. */
function waitedMsOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[1]) / NS_PER_MS || 0;
  } catch {
    return 0;
  }
}

/** The priority is each thread's own on Linux, and the threads of Node and V8 are there by now. */
function giveWay(pid: number, niceness: number): void {
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), niceness);
  } catch {
    // Gone by now, or a system without: the priority is a gift to the others, not a need.
  }
}

/** Options of Node for the processes of a run, for profiles: `PONCAST_NODE_OPTIONS="--cpu-prof"`. */
function nodeOptions(): string[] {
  return (process.env.PONCAST_NODE_OPTIONS ?? "").split(" ").filter((word) => word !== "");
}

function spawn(options: ChildOptions): Effect.Effect<Child, ProcessError> {
  return Effect.try({
    try: () => {
      const process = fork(options.entry, [], {
        serialization: "advanced",
        stdio: ["ignore", options.log, options.log, "ipc"],
        execArgv: nodeOptions(),
        env: environment(),
      });
      // Without a listener, a failed start would end the runner.
      process.on("error", () => undefined);
      if (process.pid === undefined) throw new Error("no process id");
      return watch(process, options, process.pid);
    },
    catch: (error) => new ProcessError({ process: options.name, message: `cannot start: ${lineOf(error)}` }),
  });
}

/** Of whoever wants to start a process last. */
let lastTurn: Promise<void> = Promise.resolve();

/**
 * One process in each turn of the event loop. A start holds it up until the system has loaded the new program; where a run starts
 * 129 of them at once, a page that is opened meanwhile would not be answered before the last.
 */
const ownTurn = Effect.promise(() => (lastTurn = lastTurn.then(() => nextTurn())));

/** Asks it to stop, and kills it when it does not. */
const end = Effect.fnUntraced(function* (child: Child) {
  child.cpuSeconds();
  child.send({ type: "stop" });
  yield* Deferred.await(child.exited).pipe(Effect.timeoutOption(STOP_GRACE_MS));
  child.kill();
  yield* Deferred.await(child.exited);
});

/** Starts a process that ends, for certain, with the scope. */
export function startChild(options: ChildOptions): Effect.Effect<Child, ProcessError, Scope.Scope> {
  return Effect.andThen(ownTurn, Effect.acquireRelease(spawn(options), end));
}
