/** What the ONT answers to Get, to what it lacks and to what it cannot read, in either message set. */
import { describe, expect, it } from "vitest";
import { RECOVERY, unpackAttributes } from "../../omci/index.ts";
import type { Message, MessageBody } from "../../omci/messages.ts";
import type { OntConfig } from "../../ont/index.ts";
import { ms } from "./bench.ts";
import { getOf } from "./get.ts";
import { BenchOnt, encode } from "./hands.ts";
import { factoryImage, testImage } from "./images.ts";
import { windowSpan } from "./spans.ts";

const content = testImage(100, 3);

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
