/** Which file a device gets: the newest image that fits it, as a delta where it runs what one is made from. */
import { DEVICE_ATTRIBUTES } from "../../../base/ddi/index.ts";
import { compareVersions } from "../../../image/index.ts";
import type { DepotArtifact, DepotDevice, Offer } from "./types.ts";

/** Of delta containers, as devices name it. */
const DELTA_FORMAT = "1";

const none = (why: string, isDone = false): Offer => ({ kind: "none", why, isDone });

export function offerFor(
  { attributes, refusesDeltas }: Pick<DepotDevice, "attributes" | "refusesDeltas">,
  artifacts: readonly DepotArtifact[],
  nowMs: number,
  allowDowngrade = false,
): Offer {
  const attribute = (name: keyof typeof DEVICE_ATTRIBUTES): string => attributes.get(DEVICE_ATTRIBUTES[name]) ?? "";
  const wholes = artifacts.filter(({ kind }) => kind !== "delta");
  if (wholes.length === 0) return none("there is no image");
  const [product, hardware] = [attribute("productCode"), attribute("hardware")];
  const fitting = wholes.filter((each) => fits(each, product, hardware));
  if (fitting.length === 0) return none(`no image is for ${[product, hardware].join(" ").trim() || "it"}`);
  // Which of several it needs, the device has to say.
  if (hardware === "" && new Set(fitting.map((each) => each.hardware.join())).size > 1)
    return none("it has not said its hardware yet");
  const current = fitting.filter(({ expiresMs }) => expiresMs === 0 || nowMs < expiresMs);
  if (current.length === 0) return none("the image has expired");
  const target = current.reduce((best, each) => (compareVersions(each.version, best.version) > 0 ? each : best));
  const [running, runningSha256] = [attribute("version"), attribute("imageSha256")];
  const runs =
    runningSha256 === "" ? running !== "" && running === target.version : runningSha256 === target.targetSha256;
  if (runs) return none(`runs ${target.version}`, true);
  if (running !== "" && target.kind !== "file") {
    if (!allowDowngrade && compareVersions(running, target.version) > 0)
      return none(`runs ${running}, which is newer than ${target.version}`, true);
    if (target.minimumVersion !== "" && compareVersions(running, target.minimumVersion) < 0)
      return none(`runs ${running}; ${target.version} replaces ${target.minimumVersion} and newer`);
  }
  const takesDeltas = !refusesDeltas && attribute("deltaFormats").split(/[ ,]+/).includes(DELTA_FORMAT);
  const delta = artifacts.find(
    ({ kind, targetSha256, baseSha256, sizeBytes }) =>
      kind === "delta" &&
      targetSha256 === target.targetSha256 &&
      baseSha256 === runningSha256 &&
      sizeBytes < target.sizeBytes,
  );
  return { kind: "artifact", artifact: takesDeltas && delta !== undefined ? delta : target, target };
}

/** What a device does not say is taken for fitting: other people's clients say nothing of ours. */
const fits = (artifact: DepotArtifact, product: string, hardware: string): boolean =>
  (artifact.productCode === "" || product === "" || artifact.productCode === product) &&
  (artifact.hardware.length === 0 || hardware === "" || artifact.hardware.includes(hardware));
