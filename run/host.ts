/**
 * What a run costs this machine, read from /proc: processor time and memory of its processes. Not reproducible, so
 * kept apart from all other figures.
 */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { HostFacts } from "./result/index.ts";

/** Kernel clock ticks per second in /proc/<pid>/stat: 100 on every Linux that runs Node. */
const TICKS_PER_SECOND = 100;
/** smaps_rollup files read at once: each costs the kernel a walk through the process's pages. */
const SAMPLES_AT_ONCE = 4;

/** @returns processor time a process has used, in seconds, or 0 when it is gone or the system has no /proc. */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command name, in parentheses, may hold spaces; user and system time are fields 14 and 15 of the line.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** @returns proportional set size in bytes, or undefined when the process is gone or the system does not tell. */
export async function proportionalSetBytes(pid: number): Promise<number | undefined> {
  try {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "latin1");
    const match = /^Pss:\s+(\d+) kB$/m.exec(rollup);
    return match ? Number(match[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}

export interface MemorySample {
  oltBytes: number;
  ontProcesses: number;
  ontBytesMean: number;
  ontBytesMax: number;
}

/** Reads the memory of all processes, a few at a time. */
export async function sampleMemory(
  oltPids: readonly number[],
  ontPids: readonly number[],
): Promise<MemorySample | undefined> {
  const olts = await sizesOf(oltPids);
  const sizes = await sizesOf(ontPids);
  if (olts.length === 0 || sizes.length === 0) return undefined;
  const sum = sizes.reduce((total, size) => total + size, 0);
  return {
    oltBytes: olts.reduce((total, size) => total + size, 0),
    ontProcesses: sizes.length,
    ontBytesMean: Math.round(sum / sizes.length),
    ontBytesMax: Math.max(...sizes),
  };
}

/** Of those that are still there, a few at a time. */
async function sizesOf(pids: readonly number[]): Promise<number[]> {
  const sizes: number[] = [];
  for (let at = 0; at < pids.length; at += SAMPLES_AT_ONCE) {
    const some = await Promise.all(pids.slice(at, at + SAMPLES_AT_ONCE).map(proportionalSetBytes));
    sizes.push(...some.filter((size) => size !== undefined));
  }
  return sizes;
}

const MICROSECONDS_PER_SECOND = 1e6;

/** Of a run that has no processes but this one. */
export function ownHostFacts(): HostFacts {
  const { user, system } = process.cpuUsage();
  return {
    nodeVersion: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    cpuSeconds: { runner: (user + system) / MICROSECONDS_PER_SECOND, olt: 0, onts: 0 },
    memory: null,
    ontProcessRestarts: 0,
    oltProcessRestarts: 0,
  };
}
