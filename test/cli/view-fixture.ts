/** Runs and results with sensible values, for tests of what is shown of them. */
import type { OntRow, RunScreen } from "../../cli/view/index.ts";
import type { OntResult, RunResult } from "../../run/result/index.ts";

const MIB = 1024 * 1024;

export const serialOf = (id: number): string => `PCST${id.toString(16).toUpperCase().padStart(8, "0")}`;

export function ontRow(id: number, changed: Partial<OntRow> = {}): OntRow {
  return {
    id,
    serial: serialOf(id),
    state: "downloading",
    cause: "",
    bytesDone: 9 * MIB,
    windowsRepaired: 0,
    sectionsLost: 0,
    leftGroup: false,
    served: "",
    ...changed,
  };
}

/** @param onts how many, or the rows themselves */
export function runView(onts: number | OntRow[], changed: Partial<RunScreen> = {}): RunScreen {
  const rows = typeof onts === "number" ? Array.from({ length: onts }, (_, at) => ontRow(at + 1)) : onts;
  return {
    name: "city",
    mode: "multicast",
    recovery: "parity",
    catchesUp: true,
    seed: 7,
    clock: "wall",
    imageBytes: 16 * MIB,
    imageVersion: "2.1.0",
    stage: "downloading",
    stopReason: "",
    elapsedMs: 12_345,
    ontsStarted: rows.length,
    bytesDone: 9 * MIB,
    bytesPerSecond: 1_500_000,
    etaMs: 4893,
    downstreamBitsPerSecond: 12_400_000,
    sections: 4800,
    repairSections: 96,
    imageCopies: 1.0213,
    onts: rows,
    note: "",
    ...changed,
  };
}

export function ontResult(id: number, changed: Partial<OntResult> = {}): OntResult {
  return {
    id,
    serial: serialOf(id),
    outcome: "committed",
    cause: "",
    activeInstance: 1,
    committedInstance: 1,
    version: "2.1.0",
    sha256: "ab".repeat(32),
    bootAttempts: 1,
    windowsRepaired: 0,
    sectionsLost: 0,
    leftGroup: false,
    downloadSeconds: 12.1,
    ...changed,
  };
}

export function runResult(ontResults: OntResult[], changed: Partial<RunResult> = {}): RunResult {
  const count = (outcome: string): number => ontResults.filter((ont) => ont.outcome === outcome).length;
  return {
    schema: "poncast.result/2",
    poncast: { version: "1.2.3", commit: "0123456789ab" },
    scenario: {},
    seed: 7,
    clock: "wall",
    verdict: { asExpected: true, reasons: [], modelCopies: null, modelSeconds: null, modelLeavesOut: [] },
    groups: [],
    image: { bytes: 16 * MIB, crc32: 1, sha256: "cd".repeat(32), version: "2.1.0", productCode: "PCST-1" },
    onts: {
      total: ontResults.length,
      committed: count("committed"),
      rolledBack: count("rolledBack"),
      failed: count("failed"),
    },
    downstream: {
      frames: 9000,
      omciBytes: 17_200_000,
      gemBytes: 17_245_000,
      sections: 8634,
      repairSections: 96,
      windows: 36,
      imageCopies: 1.0113,
    },
    upstream: { frames: 5000, omciBytes: 240_000, gemBytes: 265_000 },
    timing: {
      spawnSeconds: 1.25,
      downloadSeconds: 12.3,
      activateSeconds: 4.06,
      totalSeconds: 18.4,
      p50Seconds: 12.1,
      p95Seconds: 12.2,
      p99Seconds: 12.25,
    },
    goodput: { imageBitsPerSecond: 10_912_000, deliveredBitsPerSecond: 1_396_000_000 },
    ontResults,
    ...changed,
  };
}
