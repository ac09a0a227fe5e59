/** The Wireshark dissector about all managed entities: their attributes by name, results, and what is cut off. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Attribute, attributesOf, classIds, encodeMessage, maskOfClass } from "../../../omci/index.ts";
import type { Message } from "../../../omci/messages.ts";
import { attributeField } from "../../../omci/wireshark/tables.ts";
import type { CapturedFrame } from "../../../pon/capture/index.ts";
import { capture, hasTshark, plain, tshark } from "./tshark.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-tshark-"));
afterAll(() => removeFolder(root));

/** Octets of an attribute that show how it is read: letters in texts, high bits in numbers. */
const octetsOf = ({ kind, bytes: length }: Attribute): Uint8Array =>
  new Uint8Array(kind === "table" ? 4 : length).map(
    (_, at) => (kind === "text" ? 0x41 : kind === "table" ? 0 : 0x91) + at,
  );

/** What tshark writes for them. */
function shown({ kind, format, bytes: length }: Attribute, octets: Uint8Array): string {
  const digits = Buffer.from(octets).toString("hex");
  if (kind === "text") return Buffer.from(octets).toString("latin1");
  if (kind === "table") return String(Number(`0x${digits}`));
  if (format === "bits") return `0x${digits}`;
  if (format === "signed" || format === "opticalLevel") return String(BigInt.asIntN(8 * length, BigInt(`0x${digits}`)));
  if (kind === "uint" || format === "unsigned") return BigInt(`0x${digits}`).toString();
  if (format === "mac") return digits.match(/../g)!.join(":");
  if (format === "ipv4") return octets.join(".");
  return format === "ipv6" ? digits.match(/.{4}/g)!.join(":") : digits;
}

describe.runIf(hasTshark)("the dissector for Wireshark", () => {
  it("knows every attribute of every class by name", () => {
    const messages = classIds().map((classId): Message => {
      const values = Buffer.concat(attributesOf(classId)!.map(octetsOf));
      const masks = { attributeMask: maskOfClass(classId), optionalAttributeMask: 0, attributeExecutionMask: 0 };
      const header = { tci: 9, classId, instanceId: 1, messageSet: "extended" } as const;
      return { ...header, type: "getResponse", result: 0, values, ...masks };
    });
    const frames = messages.map((message): CapturedFrame => {
      const out = new Uint8Array(2000);
      return { timeNs: 0, direction: "up", onuId: 5, frame: out.slice(0, encodeMessage(message, out)) };
    });
    const fields = classIds().flatMap((classId) =>
      attributesOf(classId)!.map(
        (attribute) => `omcisw.${attributeField(classId, attribute.name)}${attribute.kind === "table" ? "_size" : ""}`,
      ),
    );
    const words = fields.flatMap((field) => ["-e", field]);
    const lines = tshark(capture(root, "classes.pcapng", frames), ["-T", "fields", ...words])
      .replace(/\n$/, "")
      .split("\n");
    let column = 0;
    for (const [index, classId] of classIds().entries()) {
      const columns = lines[index].split("\t");
      for (const attribute of attributesOf(classId)!)
        expect(plain(columns[column]), fields[column++]).toBe(shown(attribute, octetsOf(attribute)));
    }
    expect(column).toBeGreaterThan(900);
  });

  it("results and attributes of Create, Set and Delete; MIB upload and alarms ME by ME", () => {
    const header = { tci: 9, instanceId: 0x101, messageSet: "baseline" } as const;
    const created = Uint8Array.from([0, 1, 2, 3, 0, 7, ...new Uint8Array(26)]);
    const uploaded = Uint8Array.from([1, 7, 0x80, 1, 0x00, 0x40, 0xfe, 0x0c, ...new Uint8Array(24)]);
    const alarmed = Uint8Array.from([0, 11, 1, 1, 0x90, ...new Uint8Array(27)]);
    const messages: Message[] = [
      { ...header, classId: 47, type: "createRequest", values: created },
      { ...header, classId: 47, type: "createResponse", result: 7, attributeExecutionMask: 0 },
      { ...header, classId: 47, type: "deleteResponse", result: 5 },
      {
        ...header,
        classId: 47,
        type: "setResponse",
        result: 9,
        optionalAttributeMask: 0,
        attributeExecutionMask: 0x8000,
      },
      { ...header, classId: 2, type: "mibUploadNextResponse", managedEntities: uploaded },
      { ...header, classId: 2, type: "getAllAlarmsNextResponse", alarms: alarmed },
      { ...header, classId: 11, type: "alarm", alarmBitmap: alarmed.subarray(4), alarmSequenceNumber: 6 },
    ];
    const frames = messages.map((message): CapturedFrame => {
      const out = new Uint8Array(44);
      return { timeNs: 0, direction: "up", onuId: 5, frame: out.slice(0, encodeMessage(message, out)) };
    });
    const fields =
      "result mac_bridge_port_configuration_data.tp_type mac_bridge_port_configuration_data.tp_pointer refused of_class of_instance ani_g.optical_signal_level alarm alarm_sequence execution_mask";
    const words = fields.split(" ").flatMap((field) => ["-e", `omcisw.${field}`]);
    const file = capture(root, "others.pcapng", frames);
    const text = tshark(file, ["-T", "fields", ...words]);
    const rows = text.replace(/\n$/, "").split("\n");
    expect(rows.map((row) => row.split("\t").map(plain).join("|"))).toEqual([
      "|3|0x0007|||||||",
      "7|||1||||||0x0000",
      "5|||1||||||",
      "9|||1||||||0x8000",
      "||||263|0x8001|-500|||",
      "||||11|0x0101||0,3||",
      "|||||||0,3|6|",
    ]);
    const tree = tshark(file, ["-V"]);
    expect(tree).toContain("Tp type: 802.1p mapper (3)");
    expect(tree).toContain("Alarm raised: 0 (LAN-LOS)");
  });

  it("a frame that is cut off, and one of three bytes, are marked", () => {
    const section = Buffer.from("0009140b0007000000050102030405", "hex");
    const frames = [section, section.subarray(0, 12), section.subarray(0, 3), new Uint8Array(20).fill(0x0a)];
    const captured = frames.map((frame): CapturedFrame => ({ timeNs: 0, direction: "down", onuId: 5, frame }));
    const words = ["-T", "fields", "-e", "omcisw.cut_off", "-e", "omcisw.short", "-e", "omcisw.section"];
    const rows = tshark(capture(root, "short.pcapng", captured), words)
      .replace(/\n$/, "")
      .split("\n");
    expect(rows.map((row) => row.split("\t").map((cell) => cell !== ""))).toEqual([
      [false, false, true],
      [true, false, true],
      [false, true, false],
      [true, false, false],
    ]);
  });
});
