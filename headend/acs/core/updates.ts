/** Updates: whether a device needs one, with which file and how it is asked for, and whether it is done. */
import { CPE_FAULTS, CWMP_FILE_TYPES, CWMP_WINDOW_MODES } from "../../../cwmp/index.ts";
import { DEVICE_ATTRIBUTES } from "../../../base/ddi/index.ts";
import { windowAt } from "../../../base/maintenance/index.ts";
import { type DepotArtifact, moduleOf, type Offer, offerFor } from "../../depot/core/index.ts";
import { minorOf } from "./device.ts";
import { commandKeyOf } from "./requests.ts";
import type { AcsConfig, AcsCredentials, AcsDevice, AcsOrder, AcsRequest, AcsTask } from "./types.ts";

const MS_PER_SECOND = 1_000;
/** Of one device to one image. */
const ATTEMPTS_MAX = 3;
/** A window that closes sooner is left to the next. */
const WINDOW_SECONDS_MIN = 60;
/** The CWMP version that brought ScheduleDownload. */
const SCHEDULE_MINOR = 2;
/** Under which files are, on this server. */
export const FILES_PATH = "/files/";

/** Faults that may be gone the next time; what the device has against the file itself is not. */
const TRANSIENT: ReadonlySet<number> = new Set([
  CPE_FAULTS.internalError,
  CPE_FAULTS.resourcesExceeded,
  CPE_FAULTS.transferFailed,
  CPE_FAULTS.serverNotReached,
  CPE_FAULTS.fileNotReached,
  CPE_FAULTS.downloadNotCompleted,
  CPE_FAULTS.windowMissed,
]);

export type UpdateOrder = Extract<AcsOrder, { kind: "update" }>;
export type UpdateTask = AcsTask & { order: UpdateOrder };

export const isUpdate = (task: AcsTask): task is UpdateTask => task.order.kind === "update";

export const openUpdate = ({ tasks }: AcsDevice): UpdateTask | undefined =>
  tasks.filter(isUpdate).find(({ state }) => state !== "ended");

/** What the depot's choice is for this device. */
export function offerOf(
  { facts, refusesDeltas }: AcsDevice,
  artifacts: readonly DepotArtifact[],
  nowMs: number,
  { allowDowngrade = false }: AcsConfig,
): Offer {
  const { productCode, hardware, version, imageSha256 } = facts;
  const attributes = new Map<string, string>([
    [DEVICE_ATTRIBUTES.productCode, productCode],
    [DEVICE_ATTRIBUTES.hardware, hardware],
    [DEVICE_ATTRIBUTES.version, version],
    // A device that calls its images by their hashes is one of ours, which applies deltas.
    ...(imageSha256 === undefined
      ? []
      : ([
          [DEVICE_ATTRIBUTES.imageSha256, imageSha256],
          [DEVICE_ATTRIBUTES.deltaFormats, "1"],
        ] satisfies [string, string][])),
  ]);
  return offerFor({ attributes, refusesDeltas }, artifacts, nowMs, allowDowngrade);
}

/** What keeps a device from what is offered to it; undefined: nothing. */
export function whyNot({ tasks, refusesDeltas }: AcsDevice, target: string): AcsTask | undefined {
  const tried = tasks.filter(isUpdate).filter(({ order }) => order.target === target);
  const last = tried.at(-1);
  if (last === undefined || last.state !== "ended" || last.ended === "canceled") return undefined;
  if (last.ended === "success") return last;
  if (last.isDelta && refusesDeltas) return undefined;
  const failures = tried.filter(({ ended }) => ended === "failure").length;
  return TRANSIENT.has(last.code) && failures < ATTEMPTS_MAX ? undefined : last;
}

/** Whether it matters which image it is, beyond its version. */
export const needsHash = (device: AcsDevice, artifacts: readonly DepotArtifact[], offer: Offer): boolean => {
  if (device.refusesHash || device.facts.imageSha256 !== undefined) return false;
  const open = openUpdate(device);
  if (open !== undefined) return open.state === "transferred" && runs(device, open) === "unknown";
  return offer.kind === "artifact" && artifacts.some(({ kind }) => kind === "delta");
};

/** Whether the device runs what it was to be brought to, by what it has said itself. */
export function runs({ facts, refusesHash }: AcsDevice, { order }: UpdateTask): "target" | "other" | "unknown" {
  if (facts.version !== order.version) return "other";
  if (facts.imageSha256 !== undefined) return facts.imageSha256 === order.target ? "target" : "other";
  return order.fromVersion === order.version && !refusesHash ? "unknown" : "target";
}

/** When it is to be done; undefined: there is no window that is worth it. */
interface Times {
  startSeconds: number;
  endSeconds: number;
}

function timesOf(nowMs: number, { window }: AcsConfig): Times | undefined {
  if (window === undefined) return undefined;
  const { opensMs, closesMs } = windowAt(window, nowMs);
  const until = (ms: number): number => Math.max(0, Math.ceil((ms - nowMs) / MS_PER_SECOND));
  return { startSeconds: until(opensMs), endSeconds: until(closesMs) };
}

/** A window that is about to close. */
export function isTooLate(nowMs: number, config: AcsConfig): boolean {
  const times = timesOf(nowMs, config);
  return times !== undefined && times.startSeconds === 0 && times.endSeconds < WINDOW_SECONDS_MIN;
}

/** Asks for the update: within its window, where the device knows windows; else not before it. */
export function updateRequest(
  nowMs: number,
  { facts, refusesSchedules }: AcsDevice,
  task: UpdateTask,
  artifact: DepotArtifact,
  { origin, credentials, config }: { origin: string; credentials: AcsCredentials; config: AcsConfig },
): AcsRequest {
  const source = {
    commandKey: commandKeyOf(task),
    fileType: CWMP_FILE_TYPES.firmware,
    url: `${origin}${FILES_PATH}${moduleOf(artifact)}`,
    ...credentials,
    fileSizeBytes: artifact.sizeBytes,
    targetFileName: artifact.filename,
  };
  const times = timesOf(nowMs, config);
  if (times !== undefined && !refusesSchedules && minorOf(facts) >= SCHEDULE_MINOR)
    return {
      method: "ScheduleDownload",
      ...source,
      windows: [
        {
          windowStartSeconds: times.startSeconds,
          windowEndSeconds: times.endSeconds,
          windowMode: CWMP_WINDOW_MODES.atAnyTime,
          userMessage: "",
          maxRetries: -1,
        },
      ],
    };
  const delaySeconds = times?.startSeconds ?? 0;
  return { method: "Download", ...source, delaySeconds, successUrl: "", failureUrl: "" };
}
