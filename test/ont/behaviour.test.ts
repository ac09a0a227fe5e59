/** Quirk profiles as behaviour: which decisions each field changes, and how fields go together. */
import { describe, expect, it } from "vitest";
import { encodeMessage, type MessageBody, PDU_BYTES_MAX, SOFTWARE_IMAGE } from "../../omci/index.ts";
import { type Behaviour, REFERENCE } from "../../ont/core/behaviour.ts";
import { handleMessage } from "../../ont/core/commands.ts";
import { OntContext } from "../../ont/core/context.ts";
import { behaviourOf } from "../../ont/core/deviations.ts";
import type { Deviations } from "../../ont/core/quirks.ts";
import { quirkProfiles, referenceProfile } from "../../ont/index.ts";
import { testConfig } from "./bench.ts";
import { newFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

const of = (deviations: Deviations): Behaviour => behaviourOf({ name: "made up", ...deviations });

const changed = (behaviour: Behaviour): string[] =>
  (Object.keys(REFERENCE) as (keyof Behaviour)[]).filter((decision) => behaviour[decision] !== REFERENCE[decision]);

describe("behaviour", () => {
  it("is the reference itself where a profile has no field, or one that is false", () => {
    expect(behaviourOf(referenceProfile)).toBe(REFERENCE);
    expect(of({ strictOrder: false })).toBe(REFERENCE);
  });

  it("has the reference's decisions and no others, whatever the profile", () => {
    for (const [name, profile] of Object.entries(quirkProfiles)) {
      const behaviour = behaviourOf(profile);
      expect(Object.keys(behaviour), name).toEqual(Object.keys(REFERENCE));
      expect(changed(behaviour).length > 0, name).toBe(name !== "reference");
    }
  });

  it.each<[Deviations, (keyof Behaviour)[]]>([
    [{ windowSectionsMax: 8 }, ["windowGranted"]],
    [{ strictOrder: true }, ["place", "windowIsSpoiled", "afterRefusal"]],
    [{ countsSectionsBlindly: true }, ["repeatedWindow", "place", "windowIsSpoiled"]],
    [{ storesRepeats: true }, ["repeatedWindow"]],
    [{ checksNothing: true }, ["checkBytes", "verdict"]],
    [{ refusesAbort: true }, ["otherSizeEndsDownload"]],
    [{ illegalResult: 0 }, ["refusals"]],
    [{ activateUnanswered: true }, ["answers"]],
    [{ answersMax: 3 }, ["messagesMax"]],
  ])("%o changes what it names, copies what it gets, and nothing else", (deviations, decisions) => {
    const copies: (keyof Behaviour)[] = ["keepsViews"];
    expect(new Set(changed(of(deviations)))).toEqual(new Set([...copies, ...decisions]));
  });

  it("grants at least one section and at most what is proposed, whichever limits there are", () => {
    expect(of({ windowSectionsMax: 8 }).windowGranted(32, 16)).toBe(8);
    expect(of({ windowSectionsMax: 8, grantsAnyWindow: true }).windowGranted(32, 4)).toBe(8);
    expect(of({ grantsAnyWindow: true }).windowGranted(32, 4)).toBe(32);
    expect(of({ windowSectionsMax: 0 }).windowGranted(32, 16)).toBe(1);
  });

  it("has one result for all that is illegal, but where a field is about one command", () => {
    const { refusals } = of({ illegalResult: 0, commitInvalidResult: 9 });
    expect(refusals).toMatchObject({ startOfImageInUse: 0, endOutOfPlace: 0, commitOfInvalidImage: 9 });
    expect(refusals).toMatchObject({ unknownInstance: 5, windowWithGaps: 1, startWhileStoring: 6 });
  });

  it("counts busy Ends before those that are answered once", () => {
    const { endResult } = of({ busyEnds: 2, endIsDoneOnce: true });
    expect([0, 1, 2, 3].map((endsBefore) => endResult(endsBefore))).toEqual([6, 6, 0, 1]);
  });

  it("begins no download by a Start that it refuses with result 0", () => {
    const content = testImage(31 * 4);
    const bench = BenchOnt.up({ quirks: { name: "made up", startWhileStoringResult: 0 } });
    bench.send(content);
    bench.instantFlash = false;
    bench.end(content);
    expect(bench.start(100)).toBe(0);
    while (bench.flashStep());
    expect(bench.ont.snapshot().flags[1].valid).toBe(true);
  });

  const requests: MessageBody[] = [
    { type: "getRequest", attributeMask: 0x8000 },
    { type: "mibResetRequest" },
    { type: "rebootRequest", flags: 0 },
    { type: "startDownloadRequest", windowSections: 8, imageBytes: 100, instances: [1] },
    { type: "endDownloadRequest", crc32: 0, imageBytes: 100, instances: [1] },
    { type: "activateImageRequest", flags: 0 },
    { type: "commitImageRequest" },
  ];

  it.each(requests)("decides whether $type is answered", (request) => {
    const answer = request.type.replace("Request", "Response");
    // No image has instance 7: the answer comes at once, whatever it is.
    const header = { tci: 5, messageSet: "baseline", classId: SOFTWARE_IMAGE, instanceId: 7 } as const;
    const bytes = new Uint8Array(PDU_BYTES_MAX);
    const pdu = bytes.slice(0, encodeMessage({ ...header, ...request }, bytes));
    const sentBy = (behaviour: Behaviour): number => {
      const context = new OntContext(testConfig(), newFlash().record);
      Object.defineProperty(context, "behaviour", { value: behaviour });
      handleMessage(context, 0, pdu);
      let frames = 0;
      context.upstream.poll(0, { frame: () => void frames++ });
      return frames;
    };
    expect(sentBy(REFERENCE)).toBe(1);
    expect(sentBy({ ...REFERENCE, answers: (type) => type !== answer })).toBe(0);
  });
});
