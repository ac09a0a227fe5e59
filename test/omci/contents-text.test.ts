/** Messages about managed entities in words and as data: attributes, masks and alarms by name. */
import { describe, expect, it } from "vitest";
import {
  attributesOf,
  classClause,
  classIds,
  className,
  contentsText,
  dissect,
  encodeMessage,
  namedAttributes,
} from "../../omci/index.ts";
import { classesOf, namesOf } from "../../omci/classes/parse.ts";
import { ALARMS, VALUES } from "../../omci/classes/values.ts";
import type { Message } from "../../omci/messages.ts";

const padded = (bytes: number, ...values: number[]): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, at) => values[at] ?? 0);
const header = { tci: 9, instanceId: 0x101, messageSet: "baseline" } as const;

/** Message → its words. */
const SAID: readonly [Message, string][] = [
  [
    { ...header, classId: 280, type: "createRequest", values: padded(32, 0, 0, 0, 100, 0, 0, 1, 0) },
    "cir 100, pir 256, cbs 0, pbs 0, colourMode colour-blind, ingressColourMarking none, egressColourMarking none, meterType not specified",
  ],
  [{ ...header, classId: 280, type: "createResponse", result: 7, attributeExecutionMask: 0 }, "instance exists"],
  [
    { ...header, classId: 280, type: "createResponse", result: 3, attributeExecutionMask: 0x4000 },
    "parameter error, failed: pir",
  ],
  [
    { ...header, classId: 11, type: "setRequest", attributeMask: 0x0800, values: padded(30, 1) },
    "administrativeState locked",
  ],
  [
    {
      ...header,
      classId: 11,
      type: "setResponse",
      result: 9,
      optionalAttributeMask: 0x0001,
      attributeExecutionMask: 0x0800,
    },
    "attribute(s) failed or unknown, does not have: attribute 16, failed: administrativeState",
  ],
  [
    { ...header, classId: 11, type: "avc", attributeMask: 0x4600, values: padded(30, 47, 1, 3) },
    "sensedType 10/100/1000BASE-T, operationalState disabled, configurationInd 1 Gbit/s full duplex",
  ],
  [
    { ...header, classId: 6, type: "avc", attributeMask: 0x8200, values: padded(30, 191, 2) },
    "type 191, operationalState unknown",
  ],
  [
    { ...header, classId: 257, type: "avc", attributeMask: 0x4000, values: padded(30, 0xa0) },
    "omccVersion 0xa0 (G.988 2010)",
  ],
  [
    { ...header, classId: 256, type: "alarm", alarmBitmap: padded(28, 1, 0x40), alarmSequenceNumber: 1 },
    "alarms 7 (dying gasp), 9 (temperature red), alarm sequence number 1",
  ],
  [{ ...header, classId: 263, type: "getRequest", attributeMask: 0x0044 }, "opticalSignalLevel, transmitOpticalLevel"],
  [
    {
      ...header,
      classId: 134,
      type: "avc",
      attributeMask: 0x5000,
      values: padded(30, 2, 0, 94, 1, 2, 3, 192, 168, 1, 9),
    },
    "macAddress 02:00:5e:01:02:03, ipAddress 192.168.1.9",
  ],
  [{ ...header, classId: 2, type: "mibUploadResponse", subsequentCommands: 300 }, "subsequent commands 300"],
  [
    {
      ...header,
      classId: 2,
      type: "mibUploadNextResponse",
      managedEntities: padded(32, 1, 7, 0x80, 1, 0, 0x40, 0xfe, 12),
    },
    "ANI-G 0x8001: opticalSignalLevel -1.000 dBm",
  ],
  [
    { ...header, classId: 11, type: "alarm", alarmBitmap: padded(28, 0x90), alarmSequenceNumber: 6 },
    "alarms 0 (LAN-LOS), 3, alarm sequence number 6",
  ],
  [
    { ...header, classId: 2, type: "getAllAlarmsNextResponse", alarms: padded(32, 0, 11, 1, 1, 0x80) },
    "PPTP Ethernet UNI 0x0101: alarm 0 (LAN-LOS)",
  ],
  [
    {
      ...header,
      classId: 171,
      type: "getResponse",
      result: 0,
      attributeMask: 0x0400,
      values: padded(25, 0, 0, 0, 48),
      optionalAttributeMask: 0,
      attributeExecutionMask: 0,
    },
    "ok, receivedFrameVlanTaggingOperationTable table of 48 bytes",
  ],
  [{ ...header, classId: 999, type: "setRequest", attributeMask: 0x8000, values: padded(30, 1) }, "mask 0x8000"],
];

describe("what a message says", () => {
  it.each(SAID)("%j", (message, words) => {
    expect(contentsText(message)).toBe(words);
    const out = new Uint8Array(44);
    encodeMessage(message, out);
    expect(dissect(out)).not.toMatch(/undefined|\[object/);
  });

  it("attributes as data, of each ME that a MIB upload lists", () => {
    const values = padded(3, 1, 2, 3);
    const list = Uint8Array.from([
      0,
      1,
      0,
      2,
      0,
      0,
      0x80,
      0,
      7,
      0,
      2,
      0x01,
      0x06,
      0x80,
      1,
      0xa0,
      0,
      ...values.subarray(0, 2),
    ]);
    const message: Message = {
      ...header,
      messageSet: "extended",
      classId: 2,
      type: "mibUploadNextResponse",
      managedEntities: list,
    };
    expect(namedAttributes(message)).toMatchObject([
      { className: "ONU data", instanceId: 0, attributes: { mibDataSync: 7 } },
      { className: "T-CONT", instanceId: 0x8001, attributes: {} },
    ]);
  });

  it("a text of any bytes sends nothing to the terminal", () => {
    const values = padded(25, 27, 91, 51, 49, 109);
    const message: Message = {
      ...header,
      classId: 257,
      type: "avc",
      attributeMask: 0x8000,
      values: padded(30, ...values),
    };
    expect(contentsText(message)).not.toMatch(/[^ -~]/);
  });
});

describe("the table of classes", () => {
  it("has each once, with a clause, names that differ, and 16 attributes at the most", () => {
    expect(classIds().length).toBeGreaterThan(120);
    for (const classId of classIds()) {
      const attributes = attributesOf(classId)!;
      expect(attributes.length, className(classId)).toBeLessThanOrEqual(16);
      expect(attributes.length, className(classId)).toBeGreaterThan(0);
      expect(new Set(attributes.map(({ name }) => name)).size, className(classId)).toBe(attributes.length);
      if (classId < 65_280) expect(classClause(classId)).toMatch(/^9\./);
    }
    expect(new Set(classIds().map(className)).size).toBe(classIds().length);
  });

  it("what is set by create fits a baseline Create, and each attribute a baseline Set or Get", () => {
    for (const classId of classIds().filter((id) => id < 65_280)) {
      const created = attributesOf(classId)!.filter(({ access }) => access === "create" || access === "createAndSet");
      expect(
        created.reduce((sum, { bytes }) => sum + bytes, 0),
        className(classId),
      ).toBeLessThanOrEqual(32);
      for (const { bytes, kind, name } of attributesOf(classId)!)
        if (kind !== "table") expect(bytes, `${className(classId)} ${name}`).toBeLessThanOrEqual(25);
    }
  });

  it("values have names where the class has the attribute, and its octets hold them; alarms where there is such a class", () => {
    for (const [key, names] of namesOf(VALUES)) {
      const [classId, name] = key.includes(".") ? key.split(".") : [11, key];
      const attribute = attributesOf(Number(classId))?.find((one) => one.name === name);
      expect(attribute?.kind, key).toBe("uint");
      expect(Math.max(...names.keys()), key).toBeLessThan(256 ** attribute!.bytes);
    }
    for (const [classId, names] of namesOf(ALARMS)) {
      expect(attributesOf(Number(classId)), classId).toBeDefined();
      expect(Math.max(...names.keys()), classId).toBeLessThan(208);
    }
  });

  it("a line of names that names nothing is refused", () => {
    expect(() => namesOf("11.arc: on")).toThrow("no name");
    expect(() => namesOf("11.arc")).toThrow("no names");
  });

  it("a line that is neither a class nor attributes is refused", () => {
    expect(() => classesOf("5 Cardholder")).toThrow("no class");
    expect(() => classesOf("5 Cardholder, 9.1.5\n  type one")).toThrow("no attribute");
  });
});
