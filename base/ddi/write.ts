/** Writes DDI's documents, as server and as device; each is what `read.ts` reads. */
import { ddiDuration, ddiTime } from "./time.ts";
import type { DdiArtifact, DdiCancel, DdiChunk, DdiConfigData, DdiDeployment, DdiFeedback, DdiPoll } from "./types.ts";

/** Content-Type of what the server answers; devices send application/json. */
export const DDI_ANSWER_TYPE = "application/hal+json;charset=UTF-8";
export const DDI_REQUEST_TYPE = "application/json;charset=UTF-8";

interface Href {
  href: string;
}

export function writeDdiPoll({ sleepSeconds, links }: DdiPoll): string {
  return JSON.stringify({
    config: { polling: { sleep: ddiDuration(sleepSeconds) } },
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
  });
}

export function writeDdiDeployment({ id, download, update, maintenanceWindow, chunks }: DdiDeployment): string {
  const deployment = { download, update, maintenanceWindow, chunks: chunks.map(chunkForm) };
  return JSON.stringify({ id, deployment });
}

export const writeDdiCancel = ({ id, stopId }: DdiCancel): string => JSON.stringify({ id, cancelAction: { stopId } });

export function writeDdiFeedback({ id, timeMs, execution, finished, progress, details }: DdiFeedback): string {
  const steps = progress && { cnt: progress.count, of: progress.of };
  return JSON.stringify({
    id,
    time: timeMs === undefined ? undefined : ddiTime(timeMs),
    status: { execution, result: { finished, progress: steps }, details },
  });
}

export const writeDdiConfigData = ({ mode, data }: DdiConfigData): string =>
  JSON.stringify({ mode, data: Object.fromEntries(data) });

function chunkForm({ part, version, name, artifacts, metadata }: DdiChunk): object {
  const pairs = metadata.length === 0 ? {} : { metadata };
  return { part, version, name, artifacts: artifacts.map(artifactForm), ...pairs };
}

/** SWUpdate takes the link `download`, and `download-http` where there is none; some want all hashes, so that those known go along. */
function artifactForm({ filename, sizeBytes, hashes, links }: DdiArtifact): object {
  const { download, downloadHttp } = links;
  const forms: Record<string, Href> = {};
  if (download !== undefined) forms.download = { href: download };
  if (downloadHttp !== undefined) forms["download-http"] = { href: downloadHttp };
  return { filename, hashes, size: sizeBytes, _links: forms };
}
