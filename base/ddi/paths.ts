/** Where things are in DDI: `/{tenant}/controller/v1/{device}/…`. */
import { isDdiAction, isDdiFilename, isDdiName } from "./names.ts";

/** hawkBit's only tenant where nobody made others. */
export const DDI_TENANT = "DEFAULT";
const CONTROLLER = "controller/v1";
/** Longest path with its query that is looked at. */
export const DDI_PATH_CHARACTERS_MAX = 1_024;

/** What a request is about. */
export type DdiPlace =
  | { kind: "poll" | "configData" }
  | { kind: "deployment" | "deploymentFeedback" | "installed" | "cancel" | "cancelFeedback"; action: string }
  | { kind: "artifact"; module: string; filename: string };

export interface DdiAddress {
  tenant: string;
  device: string;
  place: DdiPlace;
}

export function ddiPath({ tenant, device, place }: DdiAddress): string {
  const parts = [tenant, ...CONTROLLER.split("/"), device, ...partsOf(place)];
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

function partsOf(place: DdiPlace): string[] {
  switch (place.kind) {
    case "poll":
      return [];
    case "configData":
      return ["configData"];
    case "deployment":
      return ["deploymentBase", place.action];
    case "deploymentFeedback":
      return ["deploymentBase", place.action, "feedback"];
    case "installed":
      return ["installedBase", place.action];
    case "cancel":
      return ["cancelAction", place.action];
    case "cancelFeedback":
      return ["cancelAction", place.action, "feedback"];
    case "artifact":
      return ["softwaremodules", place.module, "artifacts", place.filename];
  }
}

/** @param path with or without a query @returns undefined for what is none of DDI's */
export function readDdiPath(path: string): DdiAddress | undefined {
  if (path.length > DDI_PATH_CHARACTERS_MAX) return undefined;
  const parts = path.split("?", 1)[0].split("/").map(decoded);
  const [root, tenant, controller, version, device, ...rest] = parts;
  if (root !== "" || `${controller}/${version}` !== CONTROLLER) return undefined;
  if (!isDdiName(tenant) || device === undefined || !isDdiName(device)) return undefined;
  const place = placeOf(rest);
  return place && { tenant, device, place };
}

/** What cannot be decoded is no name of ours. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "/";
  }
}

function placeOf([what, name, more, last, ...others]: string[]): DdiPlace | undefined {
  if (others.length > 0) return undefined;
  // A slash at the end is taken for none.
  if (what === undefined || (what === "" && name === undefined)) return { kind: "poll" };
  if (what === "softwaremodules") {
    const isFile = more === "artifacts" && isDdiName(name) && last !== undefined && isDdiFilename(last);
    return isFile ? { kind: "artifact", module: name, filename: last } : undefined;
  }
  if (last !== undefined) return undefined;
  if (what === "configData") return name === undefined ? { kind: "configData" } : undefined;
  if (name === undefined || !isDdiAction(name)) return undefined;
  if (what === "installedBase") return more === undefined ? { kind: "installed", action: name } : undefined;
  if (more !== undefined && more !== "feedback") return undefined;
  if (what === "deploymentBase")
    return { kind: more === undefined ? "deployment" : "deploymentFeedback", action: name };
  if (what === "cancelAction") return { kind: more === undefined ? "cancel" : "cancelFeedback", action: name };
  return undefined;
}
