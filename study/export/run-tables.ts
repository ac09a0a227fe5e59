/** The tables of a run that its result has: the run itself, its ONTs, its passes. */
import type { OntResult, RunResult } from "../../run/result/index.ts";
import type { GroupResult } from "../../run/result/types.ts";
import type { Column, ExportTable } from "./types.ts";

/** A row, and which run it is of. */
export interface OfRun {
  run: string;
}

export const runColumn: Column<OfRun> = {
  name: "run",
  kind: "text",
  about: "name of the run: that of its folder",
  value: ({ run }) => run,
};

export interface RunRow extends OfRun {
  result: RunResult;
  scenarioSha256: string;
}

/** A figure of the result. */
const figure = (
  name: string,
  kind: "integer" | "number",
  about: string,
  value: (result: RunResult) => number | null,
): Column<RunRow> => ({ name, kind, about, value: ({ result }) => value(result) });

const scenarioName = ({ scenario }: RunResult): string => (scenario as { name?: string }).name ?? "";

export const RUNS: ExportTable<RunRow> = {
  name: "runs",
  about: "a run",
  columns: [
    runColumn,
    { name: "scenario", kind: "text", about: "name of its scenario", value: ({ result }) => scenarioName(result) },
    {
      name: "scenario_sha256",
      kind: "text",
      about: "SHA-256 of the scenario as it was run, without its seed",
      value: ({ scenarioSha256 }) => scenarioSha256,
    },
    figure("seed", "integer", "what all chance is drawn from", ({ seed }) => seed),
    { name: "clock", kind: "text", about: "`wall` or `virtual`", value: ({ result }) => result.clock },
    { name: "version", kind: "text", about: "of poncast", value: ({ result }) => result.poncast.version },
    { name: "commit", kind: "text", about: "of poncast's sources", value: ({ result }) => result.poncast.commit },
    figure("image_bytes", "integer", "size of the image", ({ image }) => image.bytes),
    figure("onts", "integer", "ONTs of the run", ({ onts }) => onts.total),
    figure("onts_committed", "integer", "ONTs that committed the image", ({ onts }) => onts.committed),
    figure("onts_rolled_back", "integer", "ONTs that fell back to the old image", ({ onts }) => onts.rolledBack),
    figure("onts_failed", "integer", "ONTs that failed", ({ onts }) => onts.failed),
    {
      name: "as_expected",
      kind: "boolean",
      about: "each ONT ended as the scenario expects",
      value: ({ result }) => result.verdict.asExpected,
    },
    figure(
      "image_copies",
      "number",
      "section payload that left the OLT, by the size of the image: 1 is multicast at its best",
      ({ downstream }) => downstream.imageCopies,
    ),
    figure("model_copies", "number", "the same as the sizing model has it", ({ verdict }) => verdict.modelCopies),
    figure("sections", "integer", "sections that were sent", ({ downstream }) => downstream.sections),
    figure("repair_sections", "integer", "of these, again or as parity", ({ downstream }) => downstream.repairSections),
    figure("windows", "integer", "windows that were sent", ({ downstream }) => downstream.windows),
    figure("downstream_frames", "integer", "OMCI frames to ONTs", ({ downstream }) => downstream.frames),
    figure("downstream_omci_bytes", "integer", "their bytes, with trailers", ({ downstream }) => downstream.omciBytes),
    figure("downstream_gem_bytes", "integer", "the same with GEM headers", ({ downstream }) => downstream.gemBytes),
    figure("upstream_frames", "integer", "OMCI frames from ONTs", ({ upstream }) => upstream.frames),
    figure("upstream_omci_bytes", "integer", "their bytes, with trailers", ({ upstream }) => upstream.omciBytes),
    figure("upstream_gem_bytes", "integer", "the same with GEM headers", ({ upstream }) => upstream.gemBytes),
    figure(
      "download_seconds",
      "number",
      "first Start to the last good answer to End",
      ({ timing }) => timing.downloadSeconds,
    ),
    figure("model_seconds", "number", "the same as the sizing model has it", ({ verdict }) => verdict.modelSeconds),
    figure("activate_seconds", "number", "first Activate to the last Commit", ({ timing }) => timing.activateSeconds),
    figure("total_seconds", "number", "the whole run", ({ timing }) => timing.totalSeconds),
    figure("p50_seconds", "number", "median of the ONTs' downloads", ({ timing }) => timing.p50Seconds),
    figure("p95_seconds", "number", "95 % of the downloads took at most so long", ({ timing }) => timing.p95Seconds),
    figure("p99_seconds", "number", "99 % of the downloads took at most so long", ({ timing }) => timing.p99Seconds),
  ],
};

export interface OntEndRow extends OfRun {
  ont: OntResult;
}

export const ONTS: ExportTable<OntEndRow> = {
  name: "onts",
  about: "an ONT, as it ended",
  columns: [
    runColumn,
    { name: "ont", kind: "integer", about: "number in the scenario", value: ({ ont }) => ont.id },
    { name: "serial", kind: "text", about: "serial number", value: ({ ont }) => ont.serial },
    {
      name: "outcome",
      kind: "text",
      about: "`committed`, `stored`, `trial`, `skipped`, `rolledBack` or `failed`",
      value: ({ ont }) => ont.outcome,
    },
    {
      name: "cause",
      kind: "text",
      about: "why it did not end as planned; empty: it did",
      value: ({ ont }) => ont.cause,
    },
    {
      name: "active_instance",
      kind: "integer",
      about: "image that runs: 0 or 1",
      value: ({ ont }) => ont.activeInstance,
    },
    {
      name: "committed_instance",
      kind: "integer",
      about: "image that the next boot takes",
      value: ({ ont }) => ont.committedInstance,
    },
    { name: "image_version", kind: "text", about: "version that it runs", value: ({ ont }) => ont.version },
    { name: "image_sha256", kind: "text", about: "of the committed slot, read back", value: ({ ont }) => ont.sha256 },
    { name: "boot_attempts", kind: "integer", about: "boots of the new image", value: ({ ont }) => ont.bootAttempts },
    {
      name: "windows_repaired",
      kind: "integer",
      about: "windows of which it had lost something",
      value: ({ ont }) => ont.windowsRepaired,
    },
    {
      name: "sections_lost",
      kind: "integer",
      about: "sections that it had lost",
      value: ({ ont }) => ont.sectionsLost,
    },
    { name: "left_group", kind: "boolean", about: "it left its multicast group", value: ({ ont }) => ont.leftGroup },
    {
      name: "download_seconds",
      kind: "number",
      about: "from the run's first Start to its last good answer to End; missing: there was none",
      value: ({ ont }) => ont.downloadSeconds,
    },
    {
      name: "payload",
      kind: "text",
      about: "what it was sent, where there was more than one image to send",
      value: ({ ont }) => ont.payload ?? "",
    },
  ],
};

export interface GroupRow extends OfRun {
  group: number;
  pass: GroupResult;
}

export const GROUPS: ExportTable<GroupRow> = {
  name: "groups",
  about: "a pass over the image: to a group, or to one ONT alone",
  columns: [
    runColumn,
    { name: "group", kind: "integer", about: "counted from 0, port by port", value: ({ group }) => group },
    { name: "road", kind: "text", about: "by which road it went", value: ({ pass }) => pass.road },
    {
      name: "payload",
      kind: "text",
      about: "`image`, or a delta or variant by name",
      value: ({ pass }) => pass.payload,
    },
    { name: "onts", kind: "integer", about: "ONTs at its beginning", value: ({ pass }) => pass.onts },
    { name: "why", kind: "text", about: "`first`, `catchUp` or `alone`", value: ({ pass }) => pass.why },
    { name: "start_seconds", kind: "number", about: "after the first Start", value: ({ pass }) => pass.startSeconds },
    {
      name: "end_seconds",
      kind: "number",
      about: "answer to its last window; missing: it never came",
      value: ({ pass }) => pass.endSeconds,
    },
    { name: "copies", kind: "number", about: "as image_copies of the run", value: ({ pass }) => pass.copies },
  ],
};
