/** Reads DDI's documents, as device and as server. Strict in what counts, silent about fields that a newer hawkBit adds. */
import { type DocumentField, readDocument } from "./document.ts";
import { isDdiAction, isDdiFilename } from "./names.ts";
import { readDdiDuration, readDdiTime } from "./time.ts";
import {
  DDI_CONFIG_MODES,
  DDI_EXECUTIONS,
  DDI_FINISHED,
  DDI_HANDLINGS,
  DDI_LINKS,
  type DdiArtifact,
  type DdiCancel,
  type DdiChunk,
  type DdiConfigData,
  type DdiDeployment,
  type DdiFeedback,
  type DdiPoll,
  type DdiReading,
} from "./types.ts";

const NAME_CHARACTERS_MAX = 256;
const URL_CHARACTERS_MAX = 2_048;
const CHUNKS_MAX = 32;
const ARTIFACTS_MAX = 64;
const METADATA_MAX = 128;
const VALUE_CHARACTERS_MAX = 4_096;
const DETAILS_MAX = 64;
const DETAIL_CHARACTERS_MAX = 512;
/** Of what a device says of itself. */
export const DDI_ATTRIBUTES_MAX = 128;
const TIME_CHARACTERS_MAX = 40;

const HASHES = { sha256: /^[0-9a-f]{64}$/, sha1: /^[0-9a-f]{40}$/, md5: /^[0-9a-f]{32}$/ } as const;

type Source = string | Uint8Array;

/** The answer to a poll. */
export const readDdiPoll = (source: Source): DdiReading<DdiPoll> =>
  readDocument(source, (root) => {
    const sleep = root.at("config").at("polling").at("sleep");
    const sleepSeconds = readDdiDuration(sleep.text(TIME_CHARACTERS_MAX)) ?? sleep.fail("HH:MM:SS is needed");
    const links = root.at("_links");
    const given = links.isAbsent ? [] : DDI_LINKS.filter((link) => !links.at(link).isAbsent);
    return { sleepSeconds, links: Object.fromEntries(given.map((link) => [link, hrefOf(links.at(link))])) };
  });

export const readDdiDeployment = (source: Source): DdiReading<DdiDeployment> =>
  readDocument(source, (root) => {
    const deployment = root.at("deployment");
    const window = deployment.at("maintenanceWindow");
    return {
      id: actionOf(root.at("id")),
      download: deployment.at("download").oneOf(DDI_HANDLINGS),
      update: deployment.at("update").oneOf(DDI_HANDLINGS),
      ...(window.isAbsent ? {} : { maintenanceWindow: window.oneOf(["available", "unavailable"]) }),
      chunks: deployment.at("chunks").items(CHUNKS_MAX).map(chunkOf),
    };
  });

export const readDdiCancel = (source: Source): DdiReading<DdiCancel> =>
  readDocument(source, (root) => ({
    id: actionOf(root.at("id")),
    stopId: actionOf(root.at("cancelAction").at("stopId")),
  }));

/** What a device tells of an action, or of a cancel action. */
export const readDdiFeedback = (source: Source): DdiReading<DdiFeedback> =>
  readDocument(source, (root) => {
    const status = root.at("status");
    const result = status.at("result");
    const progress = result.at("progress");
    const details = status.at("details");
    return {
      // SWUpdate writes a number; others leave it empty, as the path has it.
      id: root.at("id").isAbsent ? "" : root.at("id").scalar(NAME_CHARACTERS_MAX),
      ...timeOf(root.at("time")),
      execution: status.at("execution").oneOf(DDI_EXECUTIONS),
      finished: result.at("finished").oneOf(DDI_FINISHED),
      ...(progress.isAbsent ? {} : { progress: { count: progress.at("cnt").count(), of: progress.at("of").count() } }),
      details: details.isAbsent ? [] : details.items(DETAILS_MAX).map((line) => line.line(DETAIL_CHARACTERS_MAX)),
    };
  });

export const readDdiConfigData = (source: Source): DdiReading<DdiConfigData> =>
  readDocument(source, (root) => {
    const mode = root.at("mode");
    const data = root.at("data").entries(DDI_ATTRIBUTES_MAX);
    const pairs = data.map(([key, value]): [string, string] => {
      if (key.length > NAME_CHARACTERS_MAX) value.fail(`its name is longer than ${NAME_CHARACTERS_MAX} characters`);
      return [key, value.scalar(VALUE_CHARACTERS_MAX)];
    });
    return { mode: mode.isAbsent ? "merge" : mode.oneOf(DDI_CONFIG_MODES), data: new Map(pairs) };
  });

function chunkOf(chunk: DocumentField): DdiChunk {
  const metadata = chunk.at("metadata");
  return {
    part: chunk.at("part").text(NAME_CHARACTERS_MAX),
    name: chunk.at("name").text(NAME_CHARACTERS_MAX),
    version: chunk.at("version").text(NAME_CHARACTERS_MAX),
    artifacts: chunk.at("artifacts").items(ARTIFACTS_MAX).map(artifactOf),
    metadata: metadata.isAbsent
      ? []
      : metadata.items(METADATA_MAX).map((pair) => ({
          key: pair.at("key").text(NAME_CHARACTERS_MAX),
          value: pair.at("value").text(VALUE_CHARACTERS_MAX),
        })),
  };
}

function artifactOf(artifact: DocumentField): DdiArtifact {
  const filename = artifact.at("filename");
  const name = filename.text(NAME_CHARACTERS_MAX);
  if (!isDdiFilename(name)) filename.fail("a plain file name without folders is needed");
  const hashes = artifact.at("hashes");
  const given = (Object.keys(HASHES) as (keyof typeof HASHES)[]).filter((kind) => !hashes.at(kind).isAbsent);
  if (given.length === 0) hashes.fail("one of sha256, sha1, md5 is needed");
  const links = artifact.at("_links");
  const download = links.at("download");
  const downloadHttp = links.at("download-http");
  if (download.isAbsent && downloadHttp.isAbsent) links.fail("download or download-http is needed");
  return {
    filename: name,
    sizeBytes: artifact.at("size").count(),
    hashes: Object.fromEntries(given.map((kind) => [kind, hashOf(hashes.at(kind), kind)])),
    links: {
      ...(download.isAbsent ? {} : { download: hrefOf(download) }),
      ...(downloadHttp.isAbsent ? {} : { downloadHttp: hrefOf(downloadHttp) }),
    },
  };
}

function hashOf(field: DocumentField, kind: keyof typeof HASHES): string {
  const hash = field.text(NAME_CHARACTERS_MAX).toLowerCase();
  return HASHES[kind].test(hash) ? hash : field.fail(`not the hexadecimal form of ${kind}`);
}

/** Absolute, as hawkBit's are: http or https, without a name and a password in it. */
function hrefOf(link: DocumentField): string {
  const field = link.at("href");
  const text = field.text(URL_CHARACTERS_MAX);
  const url = URL.canParse(text) ? new URL(text) : field.fail("not a URL");
  if (!/^https?:$/.test(url.protocol)) field.fail("http or https is needed");
  if (url.username !== "" || url.password !== "") field.fail("a URL with name or password is not followed");
  return text;
}

function actionOf(field: DocumentField): string {
  const id = field.scalar(NAME_CHARACTERS_MAX);
  return isDdiAction(id) ? id : field.fail("not the id of an action");
}

function timeOf(field: DocumentField): { timeMs?: number } {
  if (field.isAbsent) return {};
  const timeMs = readDdiTime(field.text(TIME_CHARACTERS_MAX)) ?? field.fail("YYYYMMDDThhmmss is needed");
  return { timeMs };
}
