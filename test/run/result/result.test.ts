/** Results are right for every way in which an ONT can end, whatever the OLT and the storage say about it. */
import { describe, expect, it } from "vitest";
import type { OltOntStatus, OltStatus, OntPhase } from "../../../olt/core/types.ts";
import { buildResult, type ImageFacts, type OntFinal, type ResultInputs } from "../../../run/result/index.ts";
import { percentile } from "../../../base/statistics/percentile.ts";

const image: ImageFacts = {
  bytes: 1_000_000,
  crc32: 0x1234,
  sha256: "new",
  version: "2.0",
  productCode: "PONCAST",
};

/** An ONT that came with image "old" in slot 0 and holds the new image, committed and active, in slot 1. */
function final(id: number, changes: Partial<OntFinal["storage"]> = {}): OntFinal {
  return {
    id,
    serial: `PCST0000000${id}`,
    factorySha256: "old",
    storage: {
      activeInstance: 1,
      committedInstance: 1,
      slots: [
        { sha256: "old", version: "1.0" },
        { sha256: "new", version: "2.0" },
      ],
      fault: "",
      ...changes,
    },
    cause: "",
    bootAttempts: 1,
  };
}

function seen(id: number, phase: OntPhase, changes: Partial<OltOntStatus> = {}): OltOntStatus {
  return {
    onuId: id,
    serial: `PCST0000000${id}`,
    phase,
    cause: "",
    version: "2.0",
    activeInstance: 1,
    committedInstance: 1,
    payload: 0,
    payloadBytes: image.bytes,
    bytesDone: image.bytes,
    windowsRepaired: 0,
    sectionsLost: 0,
    leftGroup: false,
    online: true,
    startedNs: 1e9,
    endedNs: 1e9 + id * 1e9,
    ...changes,
  };
}

function inputs(onts: OntFinal[], statuses: OltOntStatus[], changes: Partial<ResultInputs> = {}): ResultInputs {
  const olt: OltStatus = {
    phase: "done",
    stopReason: "",
    imageBytes: image.bytes,
    bytesDone: image.bytes,
    firstStartNs: 1e9,
    lastWindowAnsweredNs: 4e9,
    lastEndNs: 5e9,
    firstActivateNs: 5.5e9,
    lastCommitNs: 7.75e9,
    finishedNs: 8e9,
    groups: [],
    control: { paused: false, aborting: false, rateBytesPerSecond: Infinity },
    counters: {
      sections: 600,
      repairSections: 91,
      paritySections: 0,
      sectionPayloadBytes: 1_250_000,
      windows: 3,
      windowsRepaired: 2,
      polls: 0,
      retries: 0,
    },
    onts: statuses,
  };
  return {
    scenario: { name: "test" },
    seed: 7,
    clock: "virtual",
    image,
    olt,
    counters: olt.counters,
    onts,
    expected: onts.map(() => "committed"),
    downstream: { frames: 700, omciBytes: 1_300_000, gemBytes: 1_303_500 },
    upstream: { frames: 90, omciBytes: 4000, gemBytes: 4450 },
    endedEarly: "",
    spawnSeconds: 0,
    totalSeconds: 9,
    ...changes,
  };
}

/** The one ONT's result for what the OLT and its storage say. */
function one(status: OltOntStatus | undefined, ont: OntFinal, endedEarly = "") {
  return buildResult(inputs([ont], status ? [status] : [], { endedEarly })).ontResults[0];
}

const rolledBack = { activeInstance: 0, committedInstance: 0 };

describe("buildResult", () => {
  it("counts ONTs that were sent baseline messages though extended ones were asked for, and says nothing where none was", () => {
    const onts = [final(1), final(2)];
    const asked = buildResult(inputs(onts, [seen(1, "committed", { inBaseline: true }), seen(2, "committed")]));
    expect(asked.baselineOnts).toBe(1);
    expect(asked.ontResults.map(({ inBaseline }) => inBaseline)).toEqual([true, undefined]);
    expect(asked.ontResults[1]).not.toHaveProperty("inBaseline");
    expect(buildResult(inputs(onts, [seen(1, "committed"), seen(2, "committed")]))).not.toHaveProperty("baselineOnts");
  });

  it("has what the model says of a run that came to its end, and does not ask it of one that was cut off", () => {
    const forecast = () => ({ copies: 1.2, seconds: 5, leavesOut: ["a thing"] });
    const verdictOf = (endedEarly: string) =>
      buildResult(inputs([final(1)], [seen(1, "committed")], { forecast, endedEarly })).verdict;
    expect(verdictOf("")).toMatchObject({ modelCopies: 1.2, modelSeconds: 5, modelLeavesOut: ["a thing"] });
    expect(verdictOf("interrupted")).toMatchObject({ modelCopies: null, modelSeconds: null, modelLeavesOut: [] });
  });

  it("counts copies, times and goodput from the inputs", () => {
    const onts = [1, 2, 3, 4].map((id) => final(id));
    const result = buildResult(
      inputs(
        onts,
        onts.map(({ id }) => seen(id, "committed")),
      ),
    );
    expect(result).toMatchObject({
      schema: "poncast.result/2",
      seed: 7,
      clock: "virtual",
      onts: { total: 4, committed: 4, rolledBack: 0, failed: 0 },
      downstream: { frames: 700, sections: 600, repairSections: 91, windows: 3, imageCopies: 1.25 },
      upstream: { frames: 90, omciBytes: 4000, gemBytes: 4450 },
      timing: {
        downloadSeconds: 4,
        activateSeconds: 2.25,
        totalSeconds: 9,
        p50Seconds: 2,
        p95Seconds: 4,
      },
      goodput: { imageBitsPerSecond: 2_000_000, deliveredBitsPerSecond: 8_000_000 },
    });
    expect(result).not.toHaveProperty("host");
  });

  it("takes an ONT for committed only when its storage holds the image", () => {
    expect(one(seen(1, "committed"), final(1))).toMatchObject({
      outcome: "committed",
      cause: "",
      sha256: "new",
    });
    const other = final(1, {
      slots: [
        { sha256: "old", version: "1.0" },
        { sha256: "bad", version: "2.0" },
      ],
    });
    expect(one(seen(1, "committed"), other)).toMatchObject({
      outcome: "failed",
      cause: "answered Commit, but the committed slot does not hold the image",
    });
    expect(one(seen(1, "committed"), final(1, { fault: "slot 1 is marked valid, but is short" }))).toMatchObject({
      outcome: "failed",
      cause: "slot 1 is marked valid, but is short",
    });
  });

  it("takes an ONT for rolled back only when it runs the image it came with", () => {
    const back = seen(1, "rolledBack", { cause: "the new image did not boot" });
    expect(one(back, final(1, rolledBack))).toMatchObject({
      outcome: "rolledBack",
      cause: "the new image did not boot",
      sha256: "old",
      version: "1.0",
    });
    expect(one(back, { ...final(1, rolledBack), factorySha256: "another" }).outcome).toBe("failed");
    expect(one(back, final(1)).outcome).toBe("failed");
  });

  it("counts an ONT that another OLT of the run finished as committed, and one that was not eligible as skipped", () => {
    expect(one(seen(1, "skipped", { cause: "runs 2.0 already" }), final(1)).outcome).toBe("committed");
    expect(one(seen(1, "skipped", { cause: "product code" }), final(1, rolledBack))).toMatchObject({
      outcome: "skipped",
      cause: "product code",
    });
  });

  it("tells where an unfinished ONT stood, and why the run ended", () => {
    expect(one(seen(1, "downloading", { endedNs: -1 }), final(1, rolledBack), "interrupted")).toMatchObject({
      outcome: "failed",
      cause: "unfinished while downloading: interrupted",
      downloadSeconds: null,
    });
    expect(one(undefined, final(1, rolledBack)).cause).toBe("the OLT never saw it");
  });

  it("joins the causes of both sides, once", () => {
    const failed = seen(1, "failed", { cause: "End answered 1" });
    const ont = { ...final(1, rolledBack), cause: "untrusted-signature" };
    expect(one(failed, ont).cause).toBe("End answered 1 (ONT: untrusted-signature)");
    expect(one({ ...failed, cause: "refused: untrusted-signature" }, ont).cause).toBe("refused: untrusted-signature");
  });

  it("shows the slot that holds the new image when nothing was to be committed", () => {
    expect(one(seen(1, "stored"), final(1, rolledBack))).toMatchObject({
      outcome: "stored",
      sha256: "new",
    });
    expect(one(seen(1, "trial"), final(1, { committedInstance: 0 }))).toMatchObject({
      outcome: "trial",
      sha256: "new",
    });
    expect(one(seen(1, "stored"), final(1, { ...rolledBack, slots: [null, null] })).outcome).toBe("failed");
  });

  it("has a result when the OLT never answered", () => {
    const result = buildResult(inputs([final(1, rolledBack)], [], { olt: undefined, endedEarly: "OLT failed" }));
    expect(result.timing).toMatchObject({
      downloadSeconds: null,
      activateSeconds: null,
      p50Seconds: null,
    });
    expect(result.goodput).toEqual({ imageBitsPerSecond: null, deliveredBitsPerSecond: null });
    expect(result.onts.failed).toBe(1);
  });
});

describe("percentile", () => {
  it.each([
    [[5], 0.5, 5],
    [[1, 2, 3, 4], 0.5, 2],
    [[1, 2, 3, 4], 0.95, 4],
    [[1, 2, 3], 0.01, 1],
    [[1, 2, 3], 1, 3],
    [[], 0.5, null],
  ])("of %j at %d is %j", (sorted, share, wanted) => {
    expect(percentile(sorted, share)).toBe(wanted);
  });
});
