/** One action in the words of DDI: what a device is told to do, and when what it says ends it. */
import {
  CHUNK_METADATA,
  type DdiDeployment,
  type DdiFeedback,
  type DdiMetadata,
  DEVICE_ATTRIBUTES,
} from "../../../base/ddi/index.ts";
import type { WindowState } from "../../../base/maintenance/index.ts";
import type { DepotAction, DepotArtifact, DepotDevice } from "./types.ts";

/** hawkBit's word for an operating system image. */
const PART = "os";

/** Digits of a hash by which an artifact is addressed. */
const MODULE_DIGITS = 32;
export const moduleOf = ({ hashes }: Pick<DepotArtifact, "hashes">): string => hashes.sha256.slice(0, MODULE_DIGITS);

interface OfferedWindow extends WindowState {
  rule: string;
}

/** @param href where the file is; over TLS by its own word @param isPaused neither fetched nor installed now */
export function deploymentOf(
  id: number,
  artifact: DepotArtifact,
  href: string,
  window: OfferedWindow | undefined,
  isPaused: boolean,
): DdiDeployment {
  const { filename, sizeBytes, hashes, productCode, version } = artifact;
  const links = href.startsWith("https:") ? { download: href } : { downloadHttp: href };
  return {
    id: `${id}`,
    download: isPaused ? "skip" : "forced",
    update: isPaused || window?.isOpen === false ? "skip" : "forced",
    ...(window && { maintenanceWindow: window.isOpen ? "available" : "unavailable" }),
    chunks: [
      {
        part: PART,
        name: productCode || filename,
        version,
        artifacts: [{ filename, sizeBytes, hashes, links }],
        metadata: metadataOf(artifact, window),
      },
    ],
  };
}

function metadataOf(
  { kind, targetSha256, baseSha256 }: DepotArtifact,
  window: OfferedWindow | undefined,
): DdiMetadata[] {
  const pairs: [string, string][] = [];
  if (kind !== "file") {
    pairs.push([CHUNK_METADATA.kind, kind], [CHUNK_METADATA.targetSha256, targetSha256]);
    if (baseSha256 !== undefined) pairs.push([CHUNK_METADATA.baseSha256, baseSha256]);
  }
  if (window !== undefined)
    pairs.push(
      [CHUNK_METADATA.windowRule, window.rule],
      [CHUNK_METADATA.windowOpens, new Date(window.opensMs).toISOString()],
      [CHUNK_METADATA.windowCloses, new Date(window.closesMs).toISOString()],
    );
  return pairs.map(([key, value]) => ({ key, value }));
}

/**
 * What a feedback ends an action as; nothing where it goes on. SWUpdate closes what it is told to skip as done, though it
 * has installed nothing, and as failed what it broke off because the window had closed: neither is an end.
 */
export function endOf(
  { attributes }: DepotDevice,
  { target, isAllowed, wasAllowed }: DepotAction,
  { execution, finished }: DdiFeedback,
): "success" | "failure" | undefined {
  if (execution !== "closed" || finished === "none") return undefined;
  if (finished === "failure") return isAllowed || !wasAllowed ? "failure" : undefined;
  return isAllowed || attributes.get(DEVICE_ATTRIBUTES.imageSha256) === target ? "success" : undefined;
}
