/**
 * What trailer checks cost a process that has just started: every ONT process begins cold, and a warmed-up loop says
 * nothing of that.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { crc32Trailer } from "../../omci/index.ts";
import { type Summary, summarize } from "../harness.ts";

/** Trailer checks in processes that have just started. */
export interface ColdCase extends Summary {
  name: string;
  frames: number;
  frameBytes: number;
  /** Milliseconds of processor time for all frames, one process each. */
  samples: number[];
}

function trailerOfZeros(frameBytes: number): string {
  const frame = new Uint8Array(frameBytes);
  crc32Trailer.seal(frame, 0, frameBytes - 4);
  return Buffer.from(frame.subarray(-4)).toString("hex");
}

/** @param processes one after the other, for each case. */
export function coldCases(processes: number): ColdCase[] {
  const folder = mkdtempSync(join(tmpdir(), "poncast-bench-"));
  const program = join(folder, "cold-checks.mjs");
  try {
    const entryPoints = [join(import.meta.dirname, "cold-checks.ts")];
    buildSync({ entryPoints, outfile: program, bundle: true, platform: "node", format: "esm", logLevel: "error" });
    const cases = [
      { name: "extended frames", frames: 20_000, frameBytes: 1979 },
      { name: "baseline frames", frames: 100_000, frameBytes: 48 },
    ];
    return cases.map(({ name, frames, frameBytes }) => {
      const env = { ...process.env, TRAILER: trailerOfZeros(frameBytes) };
      const samples = Array.from({ length: processes }, () => {
        const args = [program, String(frameBytes), String(frames)];
        return Number(execFileSync(process.execPath, args, { encoding: "utf8", env })) / 1e3;
      });
      return { name, frames, frameBytes, ...summarize(samples), samples };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
