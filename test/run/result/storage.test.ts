/** The check of an ONT's flash, wherever the flash is. */
import { describe, expect, it } from "vitest";
import type { BootRecord } from "../../../ont/core/types.ts";
import { factoryRecordIn } from "../../../run/fleet/index.ts";
import { prepareImages } from "../../../run/index.ts";
import { imageBytesIn, storageOf, unreadableStorage } from "../../../run/result/storage.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const scenario = parseScenario("{ onts: 1, image: { bytes: 20000 } }", "flash.yaml");
const { image } = prepareImages(scenario).factory("PONCAST-1.0.0", "PONCAST-ONT", "HW-1");
const record = factoryRecordIn(1, image);
const good = [undefined, image.sha256] as const;

describe("what the flash of an ONT says", () => {
  it("is what its slots hold and what its boot record names", () => {
    expect(imageBytesIn(record, 0)).toBeUndefined();
    expect(imageBytesIn(record, 1)).toBe(image.imageBytes);
    expect(storageOf(record, good, undefined)).toEqual({
      activeInstance: 1,
      committedInstance: 1,
      slots: [null, { sha256: image.sha256, version: "PONCAST-1.0.0" }],
      fault: "",
    });
    expect(storageOf(record, good, 0).activeInstance).toBe(0);
  });

  it.each<[string, BootRecord, readonly [string | undefined, string | undefined], string]>([
    ["other bytes", record, [undefined, "0".repeat(64)], "slot 1 is marked valid, but holds other bytes"],
    ["no image", { ...record, committed: 0 }, good, "slot 0 is committed, but not valid"],
  ])("is a fault where a slot holds %s", (_, of, digests, fault) => {
    expect(storageOf(of, digests, undefined).fault).toBe(fault);
  });

  it("is one line where it cannot be read", () => {
    const told = unreadableStorage(new Error("no boot record\nat all"), 1);
    expect(told).toEqual({
      activeInstance: 1,
      committedInstance: 0,
      slots: [null, null],
      fault: "flash: no boot record",
    });
  });
});
