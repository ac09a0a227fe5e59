/** Real processes: images that are wrong or do not boot are refused or rolled back, and the rollout stops in time. */
import { describe, expect, it } from "vitest";
import { journalOf, leaveNothingBehind, run } from "./harness.ts";

leaveNothingBehind();

const olderThanAllowed = { image: { minimumVersion: "PONCAST-1.5.0" } };

describe("an image that is not acceptable, sent with the OLT's own check overridden", () => {
  it.each([
    ["wrong key", { image: { fault: "wrongKey" } }, "untrusted-signature", true],
    ["wrong product code", { image: { productCode: "OTHER" } }, "wrong-product-code", true],
    ["other hardware", { image: { hardware: ["HW-9"] } }, "incompatible-hardware", true],
    ["a version it may not replace", olderThanAllowed, "version-not-replaceable", true],
    ["a truncated file", { image: { fault: "truncated" } }, "truncated", true],
    ["a flipped byte", { image: { fault: "flippedByte" } }, "payload-hash-mismatch", false],
  ])("%s: every ONT refuses and says why", async (_, changes, cause, inFirstWindow) => {
    const outcome = await run({
      onts: 4,
      ontsPerProcess: 2,
      ...changes,
      olt: { force: true, windowSections: 32 },
    });
    const { result, exitCode, reasons } = outcome;
    expect(exitCode).toBe(1);
    expect(result.onts).toEqual({ total: 4, committed: 0, rolledBack: 0, failed: 4 });
    for (const ont of result.ontResults) {
      expect(ont.cause).toContain(cause);
      expect(ont.version).toBe("PONCAST-1.0.0");
      expect(ont.activeInstance).toBe(ont.committedInstance);
    }
    expect(reasons.join()).toContain(cause);
    const journal = await journalOf(outcome);
    const ontEvents = journal.flatMap((record) => (record.from === "ont" ? [record.event] : []));
    expect(ontEvents.filter((event) => event.type === "imageStored")).toEqual([]);
    expect(ontEvents.filter((event) => event.type === "offline" && event.reason === "activate")).toEqual([]);
    const failures = ontEvents.flatMap((event) =>
      event.type === "state" && event.state === "failed" ? [event.cause] : [],
    );
    expect(failures.length).toBeGreaterThanOrEqual(4);
    expect(new Set(failures)).toEqual(new Set([cause]));
    // What the manifest tells is refused as soon as it is in.
    const early = ontEvents.filter((event) => event.type === "imageRefused");
    if (inFirstWindow) expect(early.length).toBeGreaterThanOrEqual(4);
    expect(early.every((event) => inFirstWindow && event.window === 0 && event.cause === cause)).toBe(true);
  });

  it("is not even started without that override", async () => {
    const { result, exitCode } = await run({ onts: 3, ontsPerProcess: 3, image: { productCode: "OTHER" } });
    expect(exitCode).toBe(1);
    expect(result.downstream.sections).toBe(0);
    expect(result.ontResults.map((ont) => ont.outcome)).toEqual(["skipped", "skipped", "skipped"]);
    for (const ont of result.ontResults) expect(ont.cause).toMatch(/product code/);
  });
});

describe("an image that does not boot", () => {
  it("rolls back after three attempts, bit for bit; the others commit", async () => {
    const outcome = await run({
      onts: 6,
      fleet: [{ count: 1, boot: { kind: "hangs" } }, { count: 1, boot: { kind: "crashes" } }, {}],
      olt: { failureThreshold: 1 },
    });
    const { result, exitCode, reasons } = outcome;
    expect(reasons).toEqual([]);
    expect(exitCode).toBe(0);
    expect(result.onts).toEqual({ total: 6, committed: 4, rolledBack: 2, failed: 0 });
    for (const ont of result.ontResults.slice(0, 2)) {
      expect(ont).toMatchObject({ outcome: "rolledBack", bootAttempts: 3, version: "PONCAST-1.0.0" });
      expect(ont.activeInstance).toBe(ont.committedInstance);
      expect(ont.sha256).not.toBe(result.image.sha256);
      expect(ont.cause).not.toBe("");
    }
  });

  it("boots the third time and is committed", async () => {
    const { result } = await run({ onts: 2, ont: { boot: { kind: "bootsAt", attempt: 3 } } });
    expect(result.onts.committed).toBe(2);
    expect(result.ontResults.map((ont) => ont.bootAttempts)).toEqual([3, 3]);
  });

  it("stops the rollout at the canaries", async () => {
    const outcome = await run({
      onts: 6,
      ontsPerProcess: 3,
      ont: { boot: { kind: "hangs" } },
      olt: { canary: 2, failureThreshold: 0.25 },
    });
    const { result, exitCode, reasons } = outcome;
    expect(exitCode).toBe(1);
    expect(reasons[0]).toMatch(/canary: 2 of 2 failed/);
    // Canaries are those that ranged first: any two.
    const of = (outcome: string) => result.ontResults.filter((ont) => ont.outcome === outcome);
    expect(of("rolledBack")).toHaveLength(2);
    expect(of("stored")).toHaveLength(4);
    for (const ont of of("stored")) {
      expect(ont.cause).toContain("canary");
      expect(ont.version).toBe("PONCAST-1.0.0");
    }
    const journal = await journalOf(outcome);
    const restarted = journal.flatMap((record) =>
      record.from === "ont" && record.event.type === "offline" && record.event.reason === "activate"
        ? [record.ont]
        : [],
    );
    expect(new Set(restarted)).toEqual(new Set(of("rolledBack").map((ont) => ont.id)));
  });
});
