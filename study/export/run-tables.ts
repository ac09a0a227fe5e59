/** The tables of a run that its result has: the run itself, its ONTs, its passes. */
import { createHash } from "node:crypto";
import { type Figure, figuresOf, type OntResult, type RunResult } from "../../run/result/index.ts";
import type { GroupResult } from "../../run/result/types.ts";
import { FIGURE_COLUMNS } from "./figure-columns.ts";
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

/** A figure that sweeps have as well. */
const shared = (of: Figure): Column<RunRow> => {
  const [name, kind, about] = FIGURE_COLUMNS[of];
  return { name, kind, about, value: ({ result }) => figuresOf(result)[of] };
};

/** SHA-256 of the scenario as it was run, without its seed; hexadecimal. */
export function scenarioDigest({ scenario }: RunResult): string {
  const { seed: _seed, ...rest } = scenario as { seed?: number };
  return createHash("sha256").update(JSON.stringify(rest)).digest("hex");
}

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
    shared("committed"),
    shared("rolledBack"),
    shared("failed"),
    {
      name: "as_expected",
      kind: "boolean",
      about: "each ONT ended as the scenario expects",
      value: ({ result }) => result.verdict.asExpected,
    },
    shared("imageCopies"),
    figure("model_copies", "number", "the same as the sizing model has it", ({ verdict }) => verdict.modelCopies),
    shared("sections"),
    shared("repairSections"),
    shared("windows"),
    figure("downstream_frames", "integer", "OMCI frames to ONTs", ({ downstream }) => downstream.frames),
    figure(
      "downstream_omci_bytes",
      "integer",
      "bytes of OMCI frames to ONTs, with trailers",
      ({ downstream }) => downstream.omciBytes,
    ),
    shared("downstreamBytes"),
    shared("upstreamFrames"),
    figure(
      "upstream_omci_bytes",
      "integer",
      "bytes of OMCI frames from ONTs, with trailers",
      ({ upstream }) => upstream.omciBytes,
    ),
    shared("upstreamBytes"),
    shared("downloadSeconds"),
    figure("model_seconds", "number", "the same as the sizing model has it", ({ verdict }) => verdict.modelSeconds),
    shared("activateSeconds"),
    shared("totalSeconds"),
    shared("p50Seconds"),
    shared("p95Seconds"),
    shared("p99Seconds"),
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
