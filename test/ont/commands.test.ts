/** Answers to Get, unknown messages, repeats and MIB reset: what the ONT says beside a download. */
import { describe, expect, it } from "vitest";
import { RECOVERY, unpackAttributes } from "../../omci/index.ts";
import type { Message, MessageBody } from "../../omci/messages.ts";
import { END_HOLD_NS, IMAGE_BYTES_MAX, type OntConfig } from "../../ont/index.ts";
import { ms } from "./bench.ts";
import { BenchOnt, encode } from "./hands.ts";
import { factoryImage, testImage } from "./images.ts";
import { windowSpan } from "./spans.ts";

const content = testImage(100, 3);

const getOf = (
  bench: BenchOnt,
  classId: number,
  instanceId: number,
  attributeMask: number,
): Extract<Message, { type: "getResponse" }> => {
  const answer = bench.ask({ type: "getRequest", attributeMask }, { classId, instanceId });
  if (answer?.type !== "getResponse") throw new Error("no answer to Get");
  return answer;
};

const attributesOf = (bench: BenchOnt, classId: number, instanceId: number, mask: number): unknown => {
  const { attributeMask, values } = getOf(bench, classId, instanceId, mask);
  return unpackAttributes(classId, attributeMask, values);
};

describe("Get", () => {
  it("reads both software images", () => {
    const bench = BenchOnt.up();
    expect(attributesOf(bench, 7, 0, 0xf000)).toEqual({
      version: factoryImage.version,
      isCommitted: 1,
      isActive: 1,
      isValid: 1,
    });
    expect(attributesOf(bench, 7, 1, 0xf000)).toEqual({
      version: "",
      isCommitted: 0,
      isActive: 0,
      isValid: 0,
    });
    expect(attributesOf(bench, 7, 0, 0x0400)).toEqual({
      imageHash: new Uint8Array(Buffer.from(factoryImage.md5, "hex")),
    });
    expect(attributesOf(bench, 7, 0, 0x0800)).toEqual({ productCode: "PC-1" });
  });

  it("reads who the ONT is", () => {
    const bench = BenchOnt.up();
    expect(attributesOf(bench, 256, 0, 0xc000)).toEqual({ vendorId: "PCST", version: "HW-1" });
    expect(attributesOf(bench, 256, 0, 0x2000)).toEqual({
      serialNumber: Uint8Array.of(0x50, 0x43, 0x53, 0x54, 0, 0, 0, 0x2a),
    });
    expect(attributesOf(bench, 257, 0, 0xc000)).toEqual({
      equipmentId: "EQUIPMENT",
      omccVersion: 0xb0,
    });
  });

  it("answers 9 with the masks for what does not fit or is not there", () => {
    const bench = BenchOnt.up();
    expect(getOf(bench, 7, 0, 0xf800)).toMatchObject({
      result: 9,
      attributeMask: 0xf000,
      attributeExecutionMask: 0x0800,
    });
    expect(getOf(bench, 257, 0, 0x4001)).toMatchObject({
      result: 9,
      attributeMask: 0x4000,
      optionalAttributeMask: 1,
    });
  });
});

describe("what the ONT lacks", () => {
  const start: MessageBody = {
    type: "startDownloadRequest",
    windowSections: 8,
    imageBytes: 100,
    instances: [0],
  };
  const mibUpload = Uint8Array.from(
    { length: 44 },
    (_, at) => [0x60, 0x99, 0x4d, 0x0a, 0, 2][at] ?? (at === 43 ? 40 : 0),
  );

  it.each<[string, number, number, number, MessageBody]>([
    ["an unknown class", 4, 45, 0, { type: "getRequest", attributeMask: 0x8000 }],
    ["an unknown instance", 5, 7, 2, { type: "getRequest", attributeMask: 0x8000 }],
    ["an instance of a circuit pack", 5, 7, 0x0100, start],
    ["a parallel download", 5, 7, 0xffff, start],
    ["Start on another class", 2, 256, 0, start],
    ["Start on an unknown class", 4, 300, 0, start],
    ["Reboot of a software image", 2, 7, 0, { type: "rebootRequest", flags: 0 }],
    ["Reboot of another ONU-G", 5, 256, 1, { type: "rebootRequest", flags: 0 }],
    ["MIB reset of another ONU data", 5, 2, 1, { type: "mibResetRequest" }],
    ["End of an unknown instance", 5, 7, 5, { type: "endDownloadRequest", crc32: 1, imageBytes: 2, instances: [5] }],
    ["Activate of an unknown instance", 5, 7, 5, { type: "activateImageRequest", flags: 0 }],
    ["Commit of an unknown instance", 5, 7, 5, { type: "commitImageRequest" }],
    ["reserved flags", 3, 7, 0, { type: "activateImageRequest", flags: 3 }],
    ["reserved flags of Reboot", 3, 256, 0, { type: "rebootRequest", flags: 9 }],
  ])("%s is answered %d", (_what, result, classId, instanceId, body) => {
    const bench = BenchOnt.up({}, undefined, "extended");
    const answer = bench.ask(body, { classId, instanceId });
    expect(answer).toMatchObject({ result, type: body.type.replace("Request", "Response") });
    expect(bench.ont.snapshot()).toMatchObject({ state: "idle", mibDataSync: 0 });
  });

  it.each([true, false])("only the MEs it has answer a Get (recovery ME: %s)", (recoveryAware) => {
    const bench = BenchOnt.up({ recoveryAware });
    const has = [2, 7, 256, 257, ...(recoveryAware ? [RECOVERY] : [])];
    for (const classId of [0, 1, 2, 3, 7, 8, 255, 256, 257, 258, 0xfeff, RECOVERY, RECOVERY + 1, 0xffff]) {
      const { result, values } = getOf(bench, classId, 0, 0x8000);
      expect(result, `class ${classId}`).toBe(has.includes(classId) ? 0 : 4);
      if (result === 4) expect(values.every((byte) => byte === 0)).toBe(true);
    }
  });

  it("a message type it does not know is answered 2", () => {
    const bench = BenchOnt.up();
    bench.frame("omcc", mibUpload);
    expect([...bench.raw.at(-1)!.subarray(0, 10)]).toEqual([0x60, 0x99, 0x2d, 0x0a, 0, 2, 0, 0, 2, 0]);
  });

  it.each<[string, "omcc" | "broadcast", Uint8Array]>([
    ["bytes", "omcc", Uint8Array.of(1, 2, 3)],
    ["another device identifier", "omcc", mibUpload.map((byte, at) => (at === 3 ? 0x77 : byte))],
    ["TCI 0", "omcc", mibUpload.map((byte, at) => (at < 2 ? 0 : byte))],
    ["an answer", "omcc", mibUpload.map((byte, at) => (at === 2 ? 0x2d : byte))],
    ["no AR", "omcc", mibUpload.map((byte, at) => (at === 2 ? 0x0d : byte))],
    [
      "an End without AR, as an OLT in the field sends it",
      "omcc",
      mibUpload.map((byte, at) => (at === 2 ? 0x15 : byte)),
    ],
    ["a broadcast that is no section", "broadcast", mibUpload],
  ])("%s: dropped and counted", (_what, channel, pdu) => {
    const bench = BenchOnt.up();
    bench.frame(channel, pdu);
    expect(bench.raw).toEqual([]);
    expect(bench.eventsOf("dropped")).toHaveLength(1);
  });

  it("nothing is heard before the ONT is ranged, and after a restart began", () => {
    const bench = new BenchOnt();
    expect(bench.start(100)).toBeUndefined();
    bench.runUntilOnline();
    expect(bench.reboot()).toBe(0);
    bench.advance(600 * ms);
    expect(bench.start(100)).toBeUndefined();
    expect(bench.eventsOf("dropped")).toEqual([
      { type: "dropped", cause: "OMCC is down" },
      { type: "dropped", cause: "OMCC is down" },
    ]);
  });
});

describe("message sets", () => {
  const extended: Partial<OntConfig> = { omccVersion: 0xa0 };

  it("an ONT of baseline alone does not hear extended messages", () => {
    const bench = BenchOnt.up(extended, undefined, "extended");
    expect(bench.start(100)).toBeUndefined();
    bench.run("omcc", windowSpan(content, "extended", { base: 9, firstSection: 0, sections: 1, sectionBytes: 31 }));
    expect(bench.eventsOf("dropped")).toHaveLength(2);
  });

  it("notifications are baseline until the OLT has shown that it speaks extended", () => {
    const bench = BenchOnt.up();
    bench.download(content);
    const avcs = (): Message[] => bench.sent.filter((message) => message.type === "avc");
    expect(avcs()).toMatchObject([
      { tci: 0, messageSet: "baseline", instanceId: 1, attributeMask: 0x8000 },
      { tci: 0, messageSet: "baseline", instanceId: 1, attributeMask: 0x1000 },
    ]);
    bench.messageSet = "extended";
    getOf(bench, 7, 0, 0x4000);
    bench.messageSet = "baseline";
    expect(bench.commit(1)).toBe(0);
    expect(avcs().slice(2)).toMatchObject([
      { messageSet: "extended", instanceId: 0, attributeMask: 0x4000, values: Uint8Array.of(0) },
      { messageSet: "extended", instanceId: 1, attributeMask: 0x4000, values: Uint8Array.of(1) },
    ]);
    // A new session begins in baseline; what changed by the restart is no change within it.
    bench.reboot();
    bench.advance(500 * ms);
    bench.runUntilOnline();
    const before = avcs().length;
    expect(bench.ont.snapshot().activeSlot).toBe(1);
    expect(bench.start(100, { instanceId: 0 })).toBe(0);
    expect(avcs().slice(before)).toMatchObject([
      { messageSet: "baseline", instanceId: 0, attributeMask: 0x8000 },
      { messageSet: "baseline", instanceId: 0, attributeMask: 0x1000 },
    ]);
  });
});

describe("MIB data sync (1.5)", () => {
  it("counts Start, End, Activate and Commit that were carried out, once each; MIB reset begins again", () => {
    const bench = BenchOnt.up();
    const sync = (): number => bench.ont.snapshot().mibDataSync;
    bench.start(content.length, { instanceId: 0 });
    expect(sync()).toBe(0);
    bench.start(content.length, { tci: 0x6100 });
    bench.start(content.length, { tci: 0x6100 });
    expect(sync()).toBe(1);
    getOf(bench, 2, 0, 0x8000);
    bench.download(content);
    expect(sync()).toBe(3);
    bench.commit(1);
    expect(sync()).toBe(4);
    bench.activate(1);
    expect(sync()).toBe(5);
    expect(bench.result({ type: "mibResetRequest" }, { classId: 2, instanceId: 0 })).toBe(0);
    expect(sync()).toBe(0);
  });

  it("rolls from 255 to 1", () => {
    const bench = BenchOnt.up();
    for (let count = 0; count < 255; count++) expect(bench.commit(0)).toBe(0);
    expect(bench.ont.snapshot().mibDataSync).toBe(255);
    bench.commit(0);
    expect(bench.ont.snapshot().mibDataSync).toBe(1);
  });
});

describe("repeated requests", () => {
  it("get the answer again, without a second effect", () => {
    const bench = BenchOnt.up();
    bench.start(content.length, { tci: 0x6100 });
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    expect(bench.start(content.length, { tci: 0x6100 })).toBe(0);
    bench.window(content, { base: 0x6300, firstSection: 2, sections: 2, sectionBytes: 31 });
    expect(bench.end(content, { tci: 0x6400 })).toBe(0);
    expect(bench.end(content, { tci: 0x6400 })).toBe(0);
    expect(bench.eventsOf("imageStored")).toHaveLength(1);
    expect(bench.flash.slots[1]).toEqual(content);
  });

  it("are others when a byte or the TCI differs", () => {
    const bench = BenchOnt.up();
    bench.start(content.length, { tci: 0x6100 });
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    expect(bench.start(content.length + 1, { tci: 0x6100 })).toBe(0);
    expect(bench.window(content, { base: 0x6300, firstSection: 2, sections: 2, sectionBytes: 31 })).toMatchObject({
      result: 0,
    });
    expect(bench.end(content)).toBe(1);
  });

  it("are kept apart by priority", () => {
    const bench = BenchOnt.up();
    bench.start(content.length, { tci: 0x6100 });
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    bench.ask({ type: "getRequest", attributeMask: 0x8000 }, { tci: 0x9000 });
    bench.start(content.length, { tci: 0x6100 });
    expect(bench.ont.snapshot().mibDataSync).toBe(1);
    bench.ask({ type: "getRequest", attributeMask: 0x8000 }, { tci: 0x6101 });
    bench.start(content.length, { tci: 0x6100 });
    expect(bench.ont.snapshot().mibDataSync).toBe(2);
  });

  it("of a session before are forgotten", () => {
    const bench = BenchOnt.up();
    bench.start(content.length, { tci: 0x6100 });
    bench.ont.handleRanged(bench.nowNs, 2);
    bench.start(content.length, { tci: 0x6100 });
    expect(bench.ont.snapshot().mibDataSync).toBe(1);
  });
});

describe("Start", () => {
  it("is refused for no bytes and for more than a slot holds", () => {
    const bench = BenchOnt.up();
    expect(bench.start(0)).toBe(3);
    expect(bench.start(IMAGE_BYTES_MAX + 1)).toBe(3);
    expect(bench.start(IMAGE_BYTES_MAX)).toBe(0);
  });

  it("writes the boot record before it erases the slot", () => {
    const bench = BenchOnt.up();
    bench.download(content);
    bench.instantFlash = false;
    bench.start(content.length);
    expect(bench.waiting.map((operation) => operation.kind)).toEqual(["writeBootRecord", "eraseSlot"]);
    expect(bench.ont.snapshot().flags[1].valid).toBe(false);
    bench.powerCycle();
    // The record did not make it into the flash, nor did the erasure.
    expect(bench.ont.snapshot().flags[1].valid).toBe(true);
    expect(bench.flash.slots[1]).toEqual(content);
  });

  it("during a download begins again: partial data are gone", () => {
    const bench = BenchOnt.up();
    bench.start(content.length);
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    bench.start(content.length);
    expect(bench.flash.slots[1]).toHaveLength(0);
    expect(bench.end(content)).toBe(1);
  });

  it("ignores a list of one instance, and answers each of several", () => {
    const bench = BenchOnt.up();
    const startOf = (instances: number[]): Message | undefined =>
      bench.ask({ type: "startDownloadRequest", windowSections: 8, imageBytes: 100, instances });
    expect(startOf([0])).toMatchObject({ result: 0, instanceResults: [] });
    expect(startOf([1, 0, 0x0100])).toMatchObject({
      result: 0,
      instanceResults: [
        { instanceId: 1, result: 0 },
        { instanceId: 0, result: 3 },
        { instanceId: 0x0100, result: 5 },
      ],
    });
  });
});

describe("End", () => {
  it("is answered when the image is stored; 6 when that takes longer; its repeats from the state of the job", () => {
    const bench = BenchOnt.up();
    bench.instantFlash = false;
    bench.send(content);
    while (bench.flashStep());
    expect(bench.end(content, { tci: 0x6400 })).toBeUndefined();
    // The OLT does not wait: the same again is no second End.
    expect(bench.end(content, { tci: 0x6400 })).toBeUndefined();
    const before = bench.sent.length;
    bench.advance(END_HOLD_NS);
    expect(bench.sent.slice(before)).toMatchObject([{ type: "endDownloadResponse", tci: 0x6400, result: 6 }]);
    expect(bench.ont.snapshot().state).toBe("verifying");
    expect(bench.activate(1)).toBe(6);
    expect(bench.commit(0)).toBe(6);
    expect(bench.start(content.length)).toBe(6);
    expect(bench.end(content, { tci: 0x6400 })).toBeUndefined();
    bench.advance(END_HOLD_NS);
    expect(bench.sent.at(-1)).toMatchObject({ type: "endDownloadResponse", result: 6 });
    // One more, with a TCI of its own, is waiting when the job is done.
    bench.end(content, { tci: 0x6500 });
    bench.flashStep();
    expect(bench.ont.snapshot().flags[1].valid).toBe(false);
    bench.flashStep();
    const answers = bench.sent.filter((message) => message.type === "endDownloadResponse");
    expect(answers.at(-1)).toMatchObject({ tci: 0x6500, result: 0 });
    expect(bench.end(content, { tci: 0x6600 })).toBe(0);
    expect(bench.ont.snapshot()).toMatchObject({ mibDataSync: 3, state: "applying" });
    expect(bench.eventsOf("imageStored")).toHaveLength(1);
  });

  it("of an image that is not all there is answered 1", () => {
    const bench = BenchOnt.up();
    bench.start(content.length);
    bench.window(content, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 });
    expect(bench.end(content)).toBe(1);
    expect(bench.ont.snapshot()).toMatchObject({ state: "failed", cause: "truncated" });
  });

  it("an abort ends the storing job too", () => {
    const bench = BenchOnt.up();
    bench.instantFlash = false;
    bench.send(content);
    bench.end(content);
    expect(bench.abort()).toBe(0);
    while (bench.flashStep());
    expect(bench.ont.snapshot()).toMatchObject({
      state: "idle",
      flags: [{ valid: true }, { valid: false }],
    });
    expect(bench.flash.record.slots[1]).toBeNull();
    expect(bench.start(content.length)).toBe(0);
  });

  it("takes CRC 0 for an abort as well, but no other CRC", () => {
    for (const [crc32, result] of [
      [0, 0],
      [0xffffffff, 0],
      [1, 1],
    ] as const) {
      const bench = BenchOnt.up();
      bench.start(content.length);
      expect(bench.end(content, { crc32, imageBytes: 0 })).toBe(result);
      expect(bench.end(content)).toBe(1);
    }
  });
});

describe("an image that cannot be accepted", () => {
  it("is refused in its first window", () => {
    const bad = content.slice();
    bad[0] = 0xba;
    const bench = BenchOnt.up();
    bench.start(bad.length);
    expect(bench.window(bad, { base: 0x6200, firstSection: 0, sections: 2, sectionBytes: 31 })).toMatchObject({
      result: 1,
      missingSections: 0,
    });
    expect(bench.eventsOf("imageRefused")).toEqual([{ type: "imageRefused", cause: "not-a-bundle", window: 0 }]);
    expect(bench.ont.snapshot()).toMatchObject({ state: "failed", cause: "not-a-bundle" });
    expect(bench.flash.slots[1]).toHaveLength(0);
    expect(bench.end(bad)).toBe(1);
    expect(bench.start(content.length)).toBe(0);
  });
});

describe("Commit and Activate", () => {
  it("are answered when the boot record is written, not before", () => {
    const bench = BenchOnt.up();
    bench.download(content);
    bench.instantFlash = false;
    expect(bench.commit(1)).toBeUndefined();
    expect(bench.ont.snapshot().flags[0].committed).toBe(true);
    expect(bench.activate(1)).toBe(6);
    bench.flashStep();
    expect(bench.sent.find((message) => message.type === "commitImageResponse")).toMatchObject({
      result: 0,
    });
    expect(bench.activate(1)).toBeUndefined();
    bench.flashStep();
    expect(bench.sent.at(-1)).toMatchObject({ type: "activateImageResponse", result: 0 });
    expect(bench.ont.snapshot().online).toBe(true);
    bench.advance(500 * ms);
    expect(bench.ont.snapshot().online).toBe(false);
  });

  it("a power cut before the record is written leaves it undone", () => {
    const bench = BenchOnt.up();
    bench.download(content);
    bench.instantFlash = false;
    bench.commit(1);
    bench.powerCycle();
    expect(bench.ont.snapshot().flags[0].committed).toBe(true);
  });

  it("during the pause before the restart the ONT takes no further command", () => {
    const bench = BenchOnt.up();
    bench.download(content);
    expect(bench.activate(1)).toBe(0);
    expect(bench.commit(1)).toBe(6);
    expect(bench.activate(0)).toBe(6);
    expect(bench.start(100)).toBe(6);
    expect(bench.reboot()).toBe(6);
    expect(bench.result({ type: "getRequest", attributeMask: 0x8000 })).toBe(0);
  });
});

describe("any bytes", () => {
  it("are survived", () => {
    const bench = BenchOnt.up();
    const pdu = encode({
      type: "startDownloadRequest",
      tci: 5,
      messageSet: "baseline",
      classId: 7,
      instanceId: 1,
      windowSections: 4,
      imageBytes: 100,
      instances: [1],
    });
    for (let at = 0; at < pdu.length; at++) {
      for (const byte of [0, 1, 0x40, 0x54, 0xff]) {
        bench.frame("omcc", pdu.with(at, byte));
        bench.frame("broadcast", pdu.with(at, byte).subarray(0, at));
      }
    }
    expect(bench.ont.snapshot().online).toBe(true);
  });
});
