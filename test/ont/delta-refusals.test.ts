/** Real deltas that an ONT must not apply: refused in their first window with the cause, or never called valid. */
import { describe, expect, it } from "vitest";
import { crc32 } from "../../base/kernel/crc32.ts";
import { generateKeyPair } from "../../image/index.ts";
import { imageIdentity, refusalName, RESULT } from "../../omci/index.ts";
import { SharedImages, VirtualFlash } from "../../run/virtual/index.ts";
import {
  announceDelta,
  configuration,
  deltaBetween,
  deltaBundle,
  deltaOnt,
  newBundle,
  oldBundle,
  oldRecord,
} from "./delta-bundles.ts";
import { newFlash } from "./flash.ts";
import { readAttributesOf } from "./get.ts";
import { BenchOnt } from "./hands.ts";

const WINDOW = { base: 0x6500, firstSection: 0, sections: 8, sectionBytes: 1965 } as const;
const identityOf = (bytes: Uint8Array): Uint8Array => imageIdentity(crc32(bytes), bytes.length, "0102");
const refusalOf = (bench: BenchOnt): string => refusalName(Number(readAttributesOf(bench, "refusal").refusal));

/** An ONT that has been sent the first window. */
function firstWindow(
  content: Uint8Array,
  change = {},
  record = oldRecord,
): { bench: BenchOnt; result: number | undefined } {
  const bench = BenchOnt.up(deltaOnt(change), newFlash(structuredClone(record)), "extended");
  announceDelta(bench, identityOf(content));
  expect(bench.start(content.length, { windowSections: 8 })).toBe(RESULT.ok);
  return { bench, result: bench.windowResult(content, WINDOW) };
}

describe("in the first window", () => {
  it("a good one is taken", () => {
    const { bench, result } = firstWindow(deltaBundle);
    expect(result).toBe(RESULT.ok);
    expect(refusalOf(bench)).toBe("");
  });

  it.each([
    ["from another base", () => deltaBetween(newBundle, oldBundle), "wrong-base"],
    [
      "of another key",
      () => deltaBetween(oldBundle, newBundle, {}, generateKeyPair().privatePem),
      "untrusted-signature",
    ],
    ["to an older security version", () => deltaBetween(oldBundle, newBundle), "security-version-too-low"],
    ["of another product", () => deltaBetween(oldBundle, newBundle, { productCode: "PC-2" }), "wrong-product-code"],
  ])("%s is refused", async (_which, make, cause) => {
    const record = cause === "security-version-too-low" ? { ...oldRecord, securityVersion: 3 } : oldRecord;
    const { bench, result } = firstWindow(await make(), {}, record);
    expect(result).toBe(RESULT.processingError);
    expect(bench.eventsOf("imageRefused")).toEqual([{ type: "imageRefused", cause, window: 0 }]);
    expect(refusalOf(bench)).toBe(cause);
    expect(bench.ont.snapshot()).toMatchObject({ state: "failed", cause, flags: [{ valid: true }, { valid: false }] });
  });

  it("one that makes more than a slot holds is refused", () => {
    const conditions = {
      slotBytes: newBundle.length - 1,
      stagingBytes: 1e6,
      batteryPercent: null,
      batteryMinPercent: 20,
      temperatureCelsius: 40,
      temperatureMaxCelsius: 85,
      locked: false,
      callInProgress: "none",
    } as const;
    const { bench, result } = firstWindow(deltaBundle, { conditions });
    expect(result).toBe(RESULT.processingError);
    expect(refusalOf(bench)).toBe("room");
    expect(firstWindow(deltaBundle, { conditions: { ...conditions, slotBytes: newBundle.length } }).result).toBe(
      RESULT.ok,
    );
  });

  it("a manifest and the payload of two good deltas are told apart at End", async () => {
    const other = await deltaBetween(newBundle, newBundle);
    // The header of one; the seal, and the end of the payload, of the other.
    const swapped = Uint8Array.from(deltaBundle);
    swapped.set(other.subarray(other.length - 200), deltaBundle.length - 200);
    const { bench } = firstWindow(swapped);
    sendRest(bench, swapped);
    expect(bench.end(swapped)).toBe(RESULT.processingError);
    expect(refusalOf(bench)).toBe("payload-hash-mismatch");
  });
});

function sendRest(bench: BenchOnt, content: Uint8Array): void {
  const total = Math.ceil(content.length / 1965);
  for (let firstSection = 8; firstSection < total; firstSection += 8) {
    const sections = Math.min(8, total - firstSection);
    const window = { base: 0x6500 + firstSection, firstSection, sections, sectionBytes: 1965 };
    if (bench.windowResult(content, window) !== RESULT.ok) throw new Error("window refused");
  }
}

it("a bit of the staged delta that flips after End has begun is never called valid, wherever it is", () => {
  const timing = { eraseNs: 1, writeBytesPerSecond: 1e9, verifyBytesPerSecond: 1e9, checkNs: 1 };
  const causes = new Set<string>();
  for (let at = 0; at < deltaBundle.length; at += Math.floor(deltaBundle.length / 40)) {
    const flash = new VirtualFlash(new SharedImages([deltaBundle, oldBundle, newBundle]), timing);
    flash.install(oldRecord, [oldBundle, null], configuration);
    const { bench } = firstWindow(deltaBundle);
    bench.instantFlash = false;
    sendRest(bench, deltaBundle);
    flash.staging.write(0, deltaBundle.length, flash.staging.capture(0, deltaBundle), 0);
    bench.end(deltaBundle);
    const flipped = Uint8Array.of(deltaBundle[at]! ^ 0x10);
    flash.staging.write(at, 1, flash.staging.capture(at, flipped), 0);
    for (let operation = bench.waiting.shift(); operation !== undefined; operation = bench.waiting.shift()) {
      const job = flash.accept(operation);
      flash.carryOut(job, 1);
      bench.ont.handleFlashDone(bench.nowNs, operation.id, flash.findingOf(job));
      bench.settle();
    }
    const { record, cause } = bench.ont.snapshot();
    // What lies around the container, header and seal, was checked at End and is used for nothing any more.
    if (record.slots[1] !== null) expect(Buffer.compare(flash.slots[1].read(newBundle.length), newBundle)).toBe(0);
    else causes.add(cause!);
    expect(record.slots[0]).toEqual(oldRecord.slots[0]);
  }
  expect(causes).toEqual(new Set(["rebuild-failed"]));
});
