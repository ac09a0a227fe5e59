/** DDI's paths, both ways, and those that are none. */
import { expect, it } from "vitest";
import { type DdiPlace, ddiPath, readDdiPath } from "../../../base/ddi/index.ts";

const BASE = "/DEFAULT/controller/v1/ont-1";

it.each<[string, DdiPlace]>([
  ["", { kind: "poll" }],
  ["/configData", { kind: "configData" }],
  ["/deploymentBase/7", { kind: "deployment", action: "7" }],
  ["/deploymentBase/7/feedback", { kind: "deploymentFeedback", action: "7" }],
  ["/installedBase/7", { kind: "installed", action: "7" }],
  ["/cancelAction/c-7", { kind: "cancel", action: "c-7" }],
  ["/cancelAction/c-7/feedback", { kind: "cancelFeedback", action: "c-7" }],
  ["/softwaremodules/m1/artifacts/a%20b.swu", { kind: "artifact", module: "m1", filename: "a b.swu" }],
])("%s", (path, place) => {
  const address = { tenant: "DEFAULT", device: "ont-1", place };
  expect(ddiPath(address)).toBe(`${BASE}${path}`);
  expect(readDdiPath(`${BASE}${path}`)).toEqual(address);
  expect(readDdiPath(`${BASE}${path}?c=1`)).toEqual(address);
});

it("a device may be named by its MAC address", () => {
  const address = { tenant: "DEFAULT", device: "02:00:5e:00:00:01", place: { kind: "poll" } } as const;
  expect(readDdiPath(ddiPath(address))).toEqual(address);
});

it.each([
  "",
  "/",
  "/DEFAULT/controller/v1",
  "/DEFAULT/controller/v1/",
  "/DEFAULT/controller/v2/ont-1",
  "/DEFAULT/controller/v1/..",
  "/DEFAULT/controller/v1/%2e%2e",
  "/DEFAULT/controller/v1/a%2fb",
  "/DEFAULT/controller/v1/%ff",
  "/DEFAULT/controller/v1/a%00b",
  `/DEFAULT/controller/v1/${"x".repeat(200)}`,
  `${BASE}/${"x".repeat(2_000)}`,
  `${BASE}/nothing`,
  `${BASE}/configData/x`,
  `${BASE}/deploymentBase`,
  `${BASE}/deploymentBase/../x`,
  `${BASE}/deploymentBase/7/other`,
  `${BASE}/deploymentBase/7/feedback/x`,
  `${BASE}/installedBase/7/feedback`,
  `${BASE}/softwaremodules/m1/artifacts/..`,
  `${BASE}/softwaremodules/m1/artifacts/%2e%2e%2fx`,
  `${BASE}/softwaremodules/m1/artifacts`,
  `${BASE}/softwaremodules/m1/artifacts/a/b`,
])("is none: %s", (path) => expect(readDdiPath(path)).toBeUndefined());
