/** Frames from publications and captures, decoded and encoded again to the same bytes. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  crc32Trailer,
  type Deviation,
  decodeMessage,
  encodeMessage,
  LAYOUTS,
  type Message,
  messageTypeName,
  micTrailer,
  MT,
  type OtherMessage,
  trailerStatus,
  unpackAttributes,
  uploadedEntities,
} from "../../omci/index.ts";
import { aesCmac } from "../../base/kernel/index.ts";
import { crc32 } from "../../base/kernel/crc32.ts";

interface Vector {
  name: string;
  hex: string;
  decoded: Record<string, unknown> & {
    vectorKind: string;
    body?: Record<string, unknown>;
    trailer?: { check: string };
    warnings?: string[];
    note?: string;
  };
}

const vectors = JSON.parse(readFileSync(new URL("omci-vectors.json", import.meta.url), "utf8")) as Vector[];
const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const of = (kind: string): Vector[] => vectors.filter((vector) => vector.decoded.vectorKind === kind);
const goldenKey = fromHex("184b8ad4d1ac4af4dd4b339ecc0d3370");

/** Our attribute values as the vectors write them. */
function comparable(
  classId: number,
  mask: number,
  values: Uint8Array,
  expected: Record<string, unknown>,
): Record<string, unknown> {
  const attributes = unpackAttributes(classId, mask, values);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const wanted = expected[name];
      if (typeof value === "string")
        return [name, toHex(new TextEncoder().encode(value)).padEnd(String(wanted).length, "0")];
      return [name, value instanceof Uint8Array ? toHex(value) : value];
    }),
  );
}

function expectBody(message: Message | OtherMessage, body: Record<string, unknown>): void {
  const fields = message as Readonly<Record<string, unknown>>;
  for (const [name, wanted] of Object.entries(body)) {
    // Contents that the vectors do not go into: that they are encoded again to the same bytes says more.
    if (name === "raw") continue;
    if (message.type === "mibUploadNextResponse") return expectUploaded(message.managedEntities, body);
    if (name === "windowSizeMinus1") expect(fields.windowSections).toBe((wanted as number) + 1);
    else if (name === "imageSize") expect(fields.imageBytes).toBe(wanted);
    else if (name === "instanceCount")
      expect(((fields.instances ?? fields.instanceResults) as unknown[]).length).toBe(wanted);
    else if (name === "dataLength") expect((fields.data as Uint8Array).length).toBe(wanted);
    else if (name === "instances") expect(instancesOf(fields)).toEqual(wanted);
    else if (name === "crc32") expect((fields.crc32 as number).toString(16).padStart(8, "0")).toBe(wanted);
    else if (name.endsWith("Mask")) expect((fields[name] as number).toString(16).padStart(4, "0")).toBe(wanted);
    else if (name === "values" || name === "data") expect(toHex(fields[name] as Uint8Array)).toBe(wanted);
    else if (name === "attributes") {
      const expected = wanted as Record<string, unknown>;
      expect(
        comparable(message.classId, fields.attributeMask as number, fields.values as Uint8Array, expected),
      ).toEqual(expected);
    } else expect(fields[name], name).toEqual(wanted);
  }
}

const instancesOf = (fields: Record<string, unknown>): unknown =>
  fields.instances ??
  (fields.instanceResults as { instanceId: number; result: number }[]).map(({ instanceId, result }) => ({
    instance: instanceId,
    result,
  }));

function expectUploaded(list: Uint8Array, body: Record<string, unknown>): void {
  const entities = uploadedEntities(list, false);
  expect(entities).toHaveLength(1);
  const [{ classId, instanceId, attributeMask, values }] = entities;
  expect(classId).toBe(body.meClass);
  expect(instanceId).toBe(body.meInstance);
  expect(attributeMask.toString(16).padStart(4, "0")).toBe(body.attributeMask);
  expect(toHex(values)).toBe(body.values);
  const expected = body.attributes as Record<string, unknown>;
  expect(comparable(classId, attributeMask, values, expected)).toEqual(expected);
}

function expectHeader(message: Message | OtherMessage, decoded: Vector["decoded"]): void {
  expect(message.tci).toBe(decoded.tci);
  expect(message.classId).toBe(decoded.classId);
  expect(message.instanceId).toBe(decoded.instanceId);
  expect(message.messageSet).toBe(decoded.format);
  const { messageType, ar, ak } = headerOf(message);
  expect(messageType).toBe(decoded.mt);
  expect(ak).toBe(decoded.ak);
  expect(ar).toBe(decoded.ar);
}

function headerOf(message: Message | OtherMessage): {
  messageType: number;
  ar: boolean;
  ak: boolean;
} {
  if (message.type === "other") return message;
  const { messageType, ak } = LAYOUTS[message.type];
  const ar = message.type === "downloadSectionRequest" ? message.ackRequested : LAYOUTS[message.type].ar;
  return { messageType, ar, ak };
}

describe("published and captured frames", () => {
  for (const { name, hex, decoded } of of("frame")) {
    it(name, () => {
      const frame = fromHex(hex);
      const result = decodeMessage(frame);
      if (!result.ok) throw new Error(`${result.cause}: ${result.detail}`);
      const { message } = result;
      expectHeader(message, decoded);
      expectBody(message, decoded.body!);
      expect([...result.deviations].sort()).toEqual([...((decoded.warnings ?? []) as Deviation[])].sort());
      expectTrailer(frame, decoded.trailer!.check);
      if (message.type !== "other") expectSameBytes(frame, message, decoded.warnings ?? []);
    });
  }
});

function expectTrailer(frame: Uint8Array, check: string): void {
  const status = trailerStatus(frame);
  if (check === "absent") expect(status).toBe("absent");
  if (check === "zero") expect(status).toBe("zero");
  if (check === "crc32-i363.5") expect(crc32Trailer.check(frame, 0, frame.length)).toBe(true);
  if (check === "unverified") expect(status).toBe("unknown");
  if (check === "aes-cmac-golden-key") {
    expect(micTrailer(goldenKey, "downstream").check(frame, 0, frame.length)).toBe(true);
    expect(micTrailer(goldenKey, "upstream").check(frame, 0, frame.length)).toBe(false);
  }
}

/** Encoding gives the same PDU; where padding or the SDU length deviates, strict encoding mends it. */
function expectSameBytes(frame: Uint8Array, message: Message, warnings: string[]): void {
  if (warnings.includes("nonzero-padding") || warnings.includes("no-instance-count")) return;
  const out = new Uint8Array(2000);
  const encoded = out.subarray(0, encodeMessage(message, out));
  const wanted = Uint8Array.from(frame.subarray(0, encoded.length));
  if (warnings.includes("sdu-length-not-40")) wanted[43] = 40;
  expect(toHex(encoded.subarray(0, Math.min(encoded.length, frame.length)))).toBe(toHex(wanted));
}

describe("frames of which only the beginning is fixed", () => {
  for (const { name, hex, decoded } of of("frame-prefix")) {
    it(name, () => {
      const prefix = fromHex(hex);
      const frame = new Uint8Array(44);
      frame.set(prefix);
      frame[43] = 40;
      const result = decodeMessage(frame);
      if (!result.ok) throw new Error(`${result.cause}: ${result.detail}`);
      expectHeader(result.message, decoded);
      expectBody(result.message as Message, decoded.body!);
      const out = new Uint8Array(44);
      encodeMessage(result.message as Message, out);
      expect(toHex(out.subarray(0, prefix.length))).toBe(hex);
    });
  }
});

describe("frames that must be refused", () => {
  for (const { name, hex } of of("must-reject")) {
    it(name, () => expect(decodeMessage(fromHex(hex)).ok).toBe(false));
  }
});

describe("CRC-32 of I.363.5", () => {
  for (const { name, hex, decoded } of of("crc32-i363.5")) {
    it(name, () => expect(crc32(fromHex(hex)).toString(16).padStart(8, "0")).toBe(decoded.crc32));
  }
});

describe("AES-CMAC", () => {
  for (const { name, hex, decoded } of of("aes-cmac")) {
    it(name, () => {
      const mac = aesCmac(fromHex(decoded.key as string), fromHex(hex));
      expect(toHex(mac.subarray(0, decoded.bytes as number))).toBe(decoded.mac);
    });
  }
});

it("every vector is used, by its kind", () => {
  const kinds = ["frame", "frame-prefix", "must-reject", "crc32-i363.5", "aes-cmac"];
  expect(kinds.reduce((sum, kind) => sum + of(kind).length, 0)).toBe(vectors.length);
  expect(messageTypeName(MT.startDownload)).toBe("Start software download");
});
