/** The Wireshark dissector, run by tshark, says of each frame what our decoder says. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  type AnyValues,
  decodeMessage,
  MT,
  pduLength,
  trailerStatus,
  unpackAttributes,
  uploadedEntities,
} from "../../../omci/index.ts";
import type { Message } from "../../../omci/messages.ts";
import { type CapturedFrame, directionOf, readCapture } from "../../../pon/capture/index.ts";
import { traceOf } from "../../../decode/index.ts";
import { runProcesses } from "../../../run/processes/runner.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import { runVirtual } from "../../../run/virtual/index.ts";
import { capture, hasTshark, plain, tshark } from "./tshark.ts";
import { removeFolder } from "../../support/folder.ts";

/** Field of the dissector → attribute of our tables. */
const ATTRIBUTES = {
  "onu_data.mib_data_sync": [2, "mibDataSync"],
  "image.version": [7, "version"],
  "image.committed": [7, "isCommitted"],
  "image.active": [7, "isActive"],
  "image.valid": [7, "isValid"],
  "image.product_code": [7, "productCode"],
  "image.hash": [7, "imageHash"],
  "onu_g.vendor_id": [256, "vendorId"],
  "onu_g.version": [256, "version"],
  "onu_g.serial": [256, "serialNumber"],
  "onu2_g.equipment_id": [257, "equipmentId"],
  "onu2_g.omcc_version": [257, "omccVersion"],
  "recovery.window": [65280, "windowSections"],
  "recovery.received_low": [65280, "receivedLow"],
  "recovery.received_high": [65280, "receivedHigh"],
  "recovery.base": [65280, "windowBase"],
  "recovery.last_accepted_tci": [65280, "lastAcceptedTci"],
  "recovery.trial_outcome": [65280, "trialOutcome"],
} as const;

const FIELDS = [
  ..."tci message_type message_set ar ak class instance result section window".split(" "),
  ..."image_size image_crc flags attribute_mask optional_mask execution_mask section_data".split(" "),
  ..."target_instance target_result missing lost parity_window trailer_status".split(" "),
  ..."direction pon onu_id broadcast request_in answer_in answer_time".split(" "),
  ...Object.keys(ATTRIBUTES),
];
type Row = Record<string, string>;

/** What the dissector says of each frame. */
function dissected(pcap: string): Row[] {
  const fields = FIELDS.flatMap((field) => ["-e", `omcisw.${field}`]);
  const text = tshark(pcap, ["-T", "fields", "-E", "occurrence=a", ...fields]);
  const lines = text.replace(/\n$/, "").split("\n");
  return lines.map((line) => Object.fromEntries(line.split("\t").map((value, index) => [FIELDS[index], plain(value)])));
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, "0")}`;
const flag = (value: boolean): string => (value ? "1" : "0");
const TRAILERS = { absent: "0", crc32: "1", zero: "2", unknown: "3" } as const;

/** The same out of our own decoder; undefined for what it does not take. */
function expected(captured: CapturedFrame): Row | undefined {
  const { frame } = captured;
  const decoded = decodeMessage(frame.subarray(0, pduLength(frame)));
  if (!decoded.ok || decoded.message.type === "other") return undefined;
  const { message } = decoded;
  return {
    ...headerOf(captured, message),
    ...contentsOf(message),
    ...attributesOf(message),
    trailer_status: TRAILERS[trailerStatus(frame)],
  };
}

function headerOf({ frame, direction, onuId, pon = 0 }: CapturedFrame, message: Message): Row {
  return {
    tci: hex(message.tci, 4),
    message_type: String(frame[2] & 0x1f),
    message_set: message.messageSet === "baseline" ? "0x0a" : "0x0b",
    ar: flag((frame[2] & 0x40) !== 0),
    ak: flag((frame[2] & 0x20) !== 0),
    class: String(message.classId),
    instance: hex(message.instanceId, 4),
    direction: direction === "down" ? "0" : "1",
    pon: onuId === undefined ? "" : String(pon),
    onu_id: onuId === undefined || onuId === -1 ? "" : String(onuId),
    broadcast: onuId === -1 ? "1" : "",
  };
}

function contentsOf(message: Message): Row {
  const of = (name: string, text: (value: number) => string = String): string =>
    name in message ? text(Number((message as AnyValues)[name])) : "";
  const targets = "instanceResults" in message ? message.instanceResults : [];
  const instances = "instances" in message ? message.instances : targets.map(({ instanceId }) => instanceId);
  const isParity = message.type === "downloadSectionRequest" && message.classId === 65280;
  return {
    result: of("result"),
    section: of("sectionNumber"),
    window: of("windowSections"),
    image_size: of("imageBytes"),
    image_crc: of("crc32", (value) => hex(value, 8)),
    flags: of("flags"),
    attribute_mask: of("attributeMask", (value) => hex(value, 4)),
    optional_mask: of("optionalAttributeMask", (value) => hex(value, 4)),
    execution_mask: of("attributeExecutionMask", (value) => hex(value, 4)),
    section_data: "data" in message ? Buffer.from(message.data).toString("hex") : "",
    target_instance: instances.map((instance) => hex(instance, 4)).join(","),
    target_result: targets.map(({ result }) => String(result)).join(","),
    parity_window: isParity ? String((message.instanceId & 0xff) + 1) : "",
  };
}

function attributesOf(message: Message): Row {
  const uploaded =
    message.type === "mibUploadNextResponse"
      ? uploadedEntities(message.managedEntities, message.messageSet === "extended")[0]
      : undefined;
  const isValues = message.type === "getResponse" || message.type === "avc";
  const listed = uploaded ?? (isValues ? message : undefined);
  const unpacked = listed ? unpackAttributes(listed.classId, listed.attributeMask, listed.values) : {};
  const rows = Object.entries(ATTRIBUTES).map(([field, [classId, name]]) => {
    const value = listed?.classId === classId ? (unpacked[name] ?? "") : "";
    if (name === "omccVersion" && typeof value === "number") return [field, hex(value, 2)];
    return [field, value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value)];
  });
  return Object.fromEntries(rows) as Row;
}

function expectSame(frames: readonly CapturedFrame[], rows: readonly Row[]): number {
  expect(rows).toHaveLength(frames.length);
  let compared = 0;
  frames.forEach((captured, index) => {
    const wanted = expected(captured);
    if (wanted === undefined) return;
    // Spaces that fill a text up are no part of it.
    const seen = { ...rows[index] };
    for (const field of Object.keys(ATTRIBUTES)) seen[field] = seen[field].trimEnd();
    expect(seen, `frame ${index + 1}: ${Buffer.from(captured.frame).toString("hex")}`).toMatchObject(wanted);
    compared++;
  });
  return compared;
}

interface Vector {
  hex: string;
  decoded: { vectorKind: string };
}

const root = mkdtempSync(join(tmpdir(), "poncast-tshark-"));
afterAll(() => removeFolder(root));

describe.runIf(hasTshark)("the dissector for Wireshark", () => {
  it("says of every vector what our decoder says", () => {
    const vectors = JSON.parse(readFileSync("test/omci/omci-vectors.json", "utf8")) as Vector[];
    const frames = vectors
      .filter(({ decoded }) => decoded.vectorKind.startsWith("frame"))
      .map((vector): CapturedFrame => {
        const frame = Uint8Array.from(Buffer.from(vector.hex, "hex"));
        return { timeNs: 0, direction: directionOf(frame), onuId: 5, frame };
      });
    expect(frames.length).toBeGreaterThan(50);
    // All but frames of which our decoder makes nothing.
    expect(expectSame(frames, dissected(capture(root, "vectors.pcapng", frames)))).toBeGreaterThan(50);
  });

  it("any bytes are dissected to the end", () => {
    const vectors = JSON.parse(readFileSync("test/omci/omci-vectors.json", "utf8")) as Vector[];
    const cut = vectors.flatMap(({ hex: digits }) => {
      const frame = Uint8Array.from(Buffer.from(digits, "hex"));
      return [1, 7, 8, 9, 10, 11, 12, 14, 17, 23].map((length) => frame.subarray(0, length));
    });
    const frames = cut.map((frame): CapturedFrame => ({ timeNs: 0, direction: "up", onuId: 5, frame }));
    const text = tshark(capture(root, "cut.pcapng", frames), ["-V"]);
    expect(text).not.toMatch(/Lua Error|Dissector bug/);
    expect(text.match(/^OMCI software download$/gm)).toHaveLength(frames.length);
  });

  it.each([
    ["extended", runVirtual, "olt: { messageSet: extended }"],
    ["baseline, two ports", runVirtual, "pons: 2\nolt: { messageSet: baseline }"],
    ["unicast", runVirtual, "olt: { mode: unicast }"],
    ["selective repair", runVirtual, "olt: { recovery: selective, windowSections: 16 }"],
    ["processes", runProcesses, ""],
  ])("says of a whole run what our decoder says, and links answers as `decode` does: %s", async (name, run, more) => {
    const pcap = join(root, `${name.replaceAll(/\W/g, "-")}.pcapng`);
    const scenario = parseScenario(
      `onts: 3\nontsPerProcess: 3\nimage: { bytes: 40000 }\n${more}\nimpairments: [{ kind: loss, chance: 0.05 }]`,
      "run.yaml",
    );
    await run(scenario, { out: join(root, name), pcap });
    const frames = readCapture(readFileSync(pcap)).frames as CapturedFrame[];
    const rows = dissected(pcap);
    expect(expectSame(frames, rows)).toBe(frames.length);
    const links = traceOf(frames).flatMap((record) =>
      record.record === "frame" ? [String(record.answers ?? "")] : [],
    );
    expect(rows.map((row) => row.request_in)).toEqual(links);
    const commits = rows.filter((row) => row.message_type === String(MT.commitImage) && row.ak === "1");
    expect(commits.length).toBeGreaterThanOrEqual(3);
  });

  it("what all are asked is linked with every answer, and how long each took", () => {
    const request = Uint8Array.from(Buffer.from("0002540b0007ffff0002000a", "hex"));
    const answer = Uint8Array.from(Buffer.from("0002340b0007ffff00020000", "hex"));
    const rows = dissected(
      capture(root, "all.pcapng", [
        { timeNs: 1e9, direction: "down", onuId: -1, frame: request },
        { timeNs: 1.25e9, direction: "up", onuId: 1, frame: answer },
        { timeNs: 2.5e9, direction: "up", onuId: 2, frame: answer },
        { timeNs: 3e9, direction: "up", pon: 1, onuId: 3, frame: answer },
      ]),
    );
    expect(rows.map((row) => row.request_in)).toEqual(["", "1", "1", ""]);
    expect(rows[0].answer_in).toBe("2,3");
    expect(rows.map((row) => row.answer_time)).toEqual(["", "0.250000000", "1.500000000", ""]);
  });

  it("a wrong CRC-32 is marked where others are right, and refusals are", () => {
    const right = Buffer.from(
      "0002530a0007000100000003e801000000000000000000000000000000000000000000000000000000000028",
      "hex",
    );
    const frames = readCapture(readFileSync(join(root, "extended.pcapng"))).frames.slice(0, 5) as CapturedFrame[];
    const wrong = { ...frames[0], frame: Buffer.concat([right, Buffer.from("01020304", "hex")]) };
    const path = capture(root, "wrong.pcapng", [...frames, wrong]);
    const text = tshark(path, ["-T", "fields", "-e", "frame.number", "-Y", "omcisw.bad_crc"]);
    expect(text.trim()).toBe("6");
  });

  it("captures of others: the direction by AK, no ONU-ID", () => {
    const packet = (type: number): CapturedFrame => {
      const frame = new Uint8Array(40);
      frame.set([0, 9, type, 0x0a, 0, 7, 0, 1]);
      return { timeNs: 0, direction: "down", onuId: 0, frame };
    };
    const path = capture(root, "foreign.pcapng", [packet(0x49), packet(0x29), packet(0x11)]);
    // Any addresses but ours.
    writeFileSync(
      path,
      Buffer.from(readFileSync(path).toString("latin1").replaceAll("\x50\x4f", "\x00\x00"), "latin1"),
    );
    const rows = dissected(path);
    expect(rows.map((row) => row.direction)).toEqual(["0", "1", "1"]);
    expect(rows.map((row) => row.onu_id + row.pon)).toEqual(["", "", ""]);
    expect(rows[1].request_in).toBe("1");
  });
});
