/**
 * How a multicast tool is started, waited for and measured, so that other tools and poncast are compared by the same
 * rules.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { cpuSecondsOf, proportionalSetBytes } from "../../run/host.ts";
import type { Bridge } from "./namespaces.ts";

/** A tool that sends one file to many, run and measured as poncast is. */
export interface Tool {
  name: string;
  /** Commands it needs. */
  commands: readonly string[];
  /** Debian package, for the version. */
  package: string;
  send(sending: Sending): Promise<Sample>;
}

/** What to send, and to how many. */
export interface Sending {
  bridge: Bridge;
  receivers: number;
  imagePath: string;
  imageSha256: string;
  /** Receivers' files go below it. */
  folder: string;
}

export interface Sample {
  /** To the last window answered (poncast only). */
  windowsSeconds: number | null;
  /** To the last receiver done. */
  seconds: number;
  senderCpuSeconds: number;
  /** Of all receivers. */
  receiversCpuSeconds: number;
  /** Proportional set size, mean of the receivers, megabytes. */
  receiverMegabytes: number;
  /** Datagrams to the multicast group. */
  multicastDatagrams: number;
  /** All datagrams that the sender's namespace sent; for poncast, whose ONTs share it, with their answers. */
  datagrams: number;
  /** Receivers without the right file (SHA-256). */
  failed: number;
}

/** No run may take longer. */
const RUN_LIMIT_MS = 60_000;
const POLL_MS = 5;
/** Receivers give way to the sender, as poncast's do. */
const RECEIVER_NICENESS = 10;
export const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

export class ToolError extends Error {}

export const isInstalled = (command: string): boolean =>
  spawnSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" }).status === 0;

export function packageVersion(name: string): string {
  const { stdout } = spawnSync("dpkg-query", ["--show", "--showformat", "${Version}", name], { encoding: "utf8" });
  return stdout?.trim() || "unknown";
}

/** A promise that is settled from outside. */
export function later<Value>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (error: Error) => void;
} {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<Value>((good, bad) => {
    resolve = good;
    reject = bad;
  });
  return { promise, resolve, reject };
}

/** A process of a tool. */
export interface Running {
  pid: number;
  child: ChildProcess;
}

/** Processes and clock of one run of a tool; `close` ends them all. */
export class ToolRun {
  readonly #sending: Sending;
  readonly #running: Running[] = [];
  readonly #limit = AbortSignal.timeout(RUN_LIMIT_MS);
  readonly #trafficBefore = traffic();
  readonly receivers: Running[] = [];

  constructor(sending: Sending) {
    this.#sending = sending;
    for (let index = 0; index < sending.receivers; index++) {
      rmSync(this.folder(index), { recursive: true, force: true });
      mkdirSync(this.folder(index), { recursive: true });
    }
  }

  folder(receiver: number): string {
    return join(this.#sending.folder, String(receiver));
  }

  startReceiver(index: number, words: readonly string[], onLine?: (line: string) => void): void {
    const running = this.#start([...this.#sending.bridge.enter(index), ...words], onLine);
    setPriority(running.pid, RECEIVER_NICENESS);
    this.receivers.push(running);
  }

  startSender(words: readonly string[], onLine: (line: string) => void): Running {
    return this.#start(words, onLine);
  }

  /** Returns once every receiver is a member of the group. */
  async joined(group: string): Promise<void> {
    const address = group.split(".").map(Number).reverse();
    const hexadecimal = Buffer.from(address).toString("hex").toUpperCase();
    for (const { pid } of this.receivers) {
      while (!readFileSync(`/proc/${pid}/net/igmp`, "latin1").includes(hexadecimal)) {
        if (this.#limit.aborted) throw new ToolError("receivers do not join");
        await pause(POLL_MS);
      }
    }
  }

  /** Waits for it, no longer than a run may take. */
  async within<Value>(promise: Promise<Value>, what: string): Promise<Value> {
    const limit = once(this.#limit, "abort").then(() => {
      throw new ToolError(`${what} took longer than ${RUN_LIMIT_MS / 1000} s`);
    });
    return Promise.race([promise, limit]);
  }

  /** Call when the clock has stopped and all processes are still there. */
  async usage(sender: Running): Promise<Omit<Sample, "windowsSeconds" | "seconds" | "failed">> {
    const { datagrams, multicastDatagrams } = traffic();
    const receiversCpuSeconds = this.receivers.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0);
    const senderCpuSeconds = cpuSecondsOf(sender.pid);
    let bytes = 0;
    for (const { pid } of this.receivers) bytes += (await proportionalSetBytes(pid)) ?? 0;
    return {
      senderCpuSeconds,
      receiversCpuSeconds,
      receiverMegabytes: bytes / this.receivers.length / 1e6,
      multicastDatagrams: multicastDatagrams - this.#trafficBefore.multicastDatagrams,
      datagrams: datagrams - this.#trafficBefore.datagrams,
    };
  }

  /** Receivers whose file is not the image; call after `close`. */
  countFailed(name: string): number {
    const { receivers, imageSha256 } = this.#sending;
    let failed = 0;
    for (let index = 0; index < receivers; index++)
      if (sha256Of(join(this.folder(index), name)) !== imageSha256) failed++;
    return failed;
  }

  async close(): Promise<void> {
    const living = this.#running.filter(({ child }) => child.exitCode === null && child.signalCode === null);
    const exits = living.map(({ child }) => once(child, "exit"));
    for (const { child } of living) child.kill("SIGKILL");
    await Promise.all(exits);
  }

  #start([command, ...words]: readonly string[], onLine?: (line: string) => void): Running {
    const child = spawn(command, words, { stdio: ["ignore", "ignore", onLine ? "pipe" : "ignore"] });
    if (child.pid === undefined) throw new ToolError(`${command} does not start`);
    if (onLine && child.stderr) createInterface({ input: child.stderr }).on("line", onLine);
    const running = { pid: child.pid, child };
    this.#running.push(running);
    return running;
  }
}

function sha256Of(path: string): string {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return "";
  }
}

/** Datagrams that left the namespace we are in, since it was made. */
export function traffic(): { datagrams: number; multicastDatagrams: number } {
  return {
    datagrams: counter("/proc/self/net/snmp", "Udp", "OutDatagrams"),
    multicastDatagrams: counter("/proc/self/net/netstat", "IpExt", "OutMcastPkts"),
  };
}

function counter(path: string, group: string, name: string): number {
  const lines = readFileSync(path, "latin1").split("\n");
  const [names, values] = lines.filter((line) => line.startsWith(`${group}: `)).map((line) => line.split(" "));
  return Number(values[names.indexOf(name)]);
}
