/** Of a run of several ports that goes on, or was killed: frames of an ONT are in its port's capture. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { captureOfPort } from "../../../web/dashboard/server/frames.ts";

it("is its port's own as long as there is one, else the whole", () => {
  const path = join(mkdtempSync(join(tmpdir(), "port-captures-")), "a.pcapng");
  writeFileSync(path, "");
  expect(captureOfPort(path, 2, 1)).toBe(path);
  writeFileSync(`${path}.port-1`, "");
  expect(captureOfPort(path, 2, 1)).toBe(`${path}.port-1`);
  expect(captureOfPort(path, 2, 0)).toBe(path);
  expect(captureOfPort(path, 1, 0)).toBe(path);
  expect(captureOfPort(undefined, 2, 1)).toBeUndefined();
});
